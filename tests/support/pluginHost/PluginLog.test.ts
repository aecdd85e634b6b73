import { describe, expect, test } from 'vitest';
import { LineScanner } from './LineScanner.ts';
import { PluginLog } from './PluginLog.ts';
import { temporaryPlugin } from './temporaryPlugin.ts';

function logOf(errLog: string, ...lines: readonly string[]): PluginLog {
  const log = new PluginLog(errLog, true);
  for (const line of lines) log.addLine(Buffer.from(line));
  return log;
}

function prefixed(letter: string, text: string): string {
  return `\x01${letter}\x02${text}`;
}

describe('a line', () => {
  test.each([
    ['t', 'trace'],
    ['d', 'debug'],
    ['i', 'info'],
    ['w', 'warning'],
    ['e', 'error'],
  ])('with prefix %s has level %s and is trimmed (PH-5)', (letter, level) => {
    expect(logOf('info', prefixed(letter, '  text \r')).messages).toEqual([{ level, text: 'text' }]);
  });

  test('without prefix has the level of errLog, unchanged (PH-5)', () => {
    expect(logOf('warning', '  plain ').messages).toEqual([{ level: 'warning', text: '  plain ' }]);
  });

  test.each(['', 'warn', 'Error'])('without prefix is an error when errLog is "%s" (PH-5)', (errLog) => {
    expect(logOf(errLog, 'plain').messages).toEqual([{ level: 'error', text: 'plain' }]);
  });

  test('without prefix is dropped when errLog is none, and progress when it is progress (PH-5)', () => {
    expect(logOf('none', 'plain').messages).toEqual([]);
    expect(logOf('progress', '0.25').progress).toEqual([0.25]);
  });

  test('with NUL as level is dropped, as are empty lines (PH-5)', () => {
    expect(logOf('info', prefixed('\0', 'text'), '').messages).toEqual([]);
  });

  test('needs its prefix at the very start, a known letter and four bytes (PH-5)', () => {
    const lines = [` ${prefixed('i', 'text')}`, prefixed('x', 'text'), prefixed('i', '')];
    expect(logOf('error', ...lines).messages).toEqual(lines.map((text) => ({ level: 'error', text })));
  });
});

describe('progress', () => {
  test('is clamped to 0..1, so that percent show as full (PH-5)', () => {
    const log = logOf(
      'info',
      ...['0', '0.5', '50', '-1', ' 1e-1 ', '+Inf'].map((text) => prefixed('p', text)),
    );
    expect(log.progress).toEqual([0, 0.5, 1, 0, 0.1, 1]);
  });

  test('that is NaN passes the clamp (PH-5)', () => {
    expect(logOf('info', prefixed('p', 'NaN')).progress).toEqual([Number.NaN]);
  });

  test('that is no number is an error line (PH-5)', () => {
    const log = logOf('info', prefixed('p', '50%'), prefixed('p', '1e999'), prefixed('p', '0x'));
    expect(log.messages.map(({ level }) => level)).toEqual(['error', 'error', 'error']);
    expect(log.progress).toEqual([]);
  });

  test('is ignored in hooks and operations (PH-5)', async () => {
    const yml = 'exec: [node, "{pluginDir}/main.mjs"]\nhooks: [{name: h, triggeredBy: [Scene.Update.Post]}]';
    const host = temporaryPlugin(`process.stderr.write('\\x01p\\x020.5\\n')`, { yml });
    const run = await host.runHook('Scene.Update.Post', { id: 1, input: null });
    expect(run.progress).toEqual([]);
    expect(run.stderrRaw).toBe('\x01p\x020.5\n');
  });
});

describe('the scanner', () => {
  function linesOf(...chunks: readonly Buffer[]): { lines: string[]; tooLong: boolean } {
    const lines: string[] = [];
    const scanner = new LineScanner((line) => lines.push(line.toString()));
    for (const chunk of chunks) scanner.push(chunk);
    scanner.end();
    return { lines, tooLong: scanner.tooLong };
  }

  test('joins chunks, takes a last line without newline and a carriage return off (PH-5)', () => {
    const chunks = ['a', 'b\r\nc\n\nd'].map((text) => Buffer.from(text));
    expect(linesOf(...chunks)).toEqual({ lines: ['ab', 'c', '', 'd'], tooLong: false });
  });

  test('takes a line of 65535 bytes but not of 65536, and nothing after it (PH-5)', () => {
    const longest = Buffer.from(`${'x'.repeat(65_535)}\n`);
    expect(linesOf(longest, longest)).toMatchObject({ tooLong: false, lines: { length: 2 } });
    const tooLong = Buffer.from(`ok\n${'x'.repeat(65_536)}\nlost\n`);
    expect(linesOf(tooLong, Buffer.from('lost\n'))).toEqual({ tooLong: true, lines: ['ok'] });
  });

  test('counts a long line over several chunks (PH-5)', () => {
    const half = Buffer.alloc(40_000, 'x');
    expect(linesOf(half, half)).toEqual({ tooLong: true, lines: [] });
  });
});

describe('stderr of a process', () => {
  test('is logged and counted as it comes (PH-5)', async () => {
    const script = `
      process.stderr.write('\\x01i\\x02first\\n\\x01p\\x020.5\\nplain\\n');
      process.stderr.write('\\x01p\\x021\\n\\x01w\\x02last');`;
    const run = await temporaryPlugin(script).runTask('Run');
    expect(run.logs).toEqual([
      { level: 'info', text: 'first' },
      { level: 'error', text: 'plain' },
      { level: 'warning', text: 'last' },
    ]);
    expect(run.progress).toEqual([0.5, 1]);
    expect(run.stderrBroken).toBe(false);
  });

  test('loses nothing when Node exits normally after many lines (PH-5)', async () => {
    const script = `for (let i = 0; i < 20_000; i += 1) process.stderr.write('\\x01i\\x02line ' + i + '\\n');`;
    const run = await temporaryPlugin(script).runTask('Run');
    expect(run.logs).toHaveLength(20_000);
  });

  test('is closed by a line over 64 KiB, which crashes Node by EPIPE (PH-15)', async () => {
    const script = `
      process.stderr.write('\\x01i\\x02before\\n' + 'x'.repeat(70_000) + '\\n');
      setInterval(() => process.stderr.write('after\\n'), 1);`;
    const run = await temporaryPlugin(script).runTask('Run');
    expect(run).toMatchObject({ stderrBroken: true, exitCode: 1, result: { error: 'exit status 1' } });
    expect(run.logs).toEqual([{ level: 'info', text: 'before' }]);
  });
});
