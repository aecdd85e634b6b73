import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

function moduleUrl(path: string): string {
  return JSON.stringify(fileURLToPath(new URL(`../../src/${path}`, import.meta.url)));
}

/** Runs `code` in a process of its own whose console was redirected, and gives what it wrote where. */
function run(code: string) {
  const program = `import { redirectConsole } from ${moduleUrl('log/redirectConsole.ts')};
    import { createLogger } from ${moduleUrl('log/logger.ts')};
    import { createRedactor } from ${moduleUrl('log/redactor.ts')};
    import { createStderrSink } from ${moduleUrl('log/stderrSink.ts')};
    const redactor = createRedactor();
    redactor.add('s3cr3t');
    redirectConsole(createLogger({ sink: createStderrSink(), redactor }));
    ${code}`;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
}

/** Every line carries a mark of Stash's log protocol. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the mark.
const MARKED = /^(\u0001[tdiwe]\u0002[^\n]*\n)*$/;

describe('redirectConsole', () => {
  it("turns a library's output into log lines", async () => {
    const { stdout, stderr } = await run(`console.log('%s is %d', 'it', 1, 's3cr3t');
      console.error(new Error('broken')); console.warn('careful'); console.debug('detail'); console.trace('way');`);
    expect(stdout).toBe('');
    expect(stderr).toMatch(MARKED);
    expect(stderr).toContain('\u0001i\u0002[Stash2Plex] it is 1 ****\n');
    expect(stderr).toContain('\u0001e\u0002[Stash2Plex] Error: broken');
  });

  it.each([
    'dir({ a: 1 })',
    'dirxml({ a: 1 })',
    'table([{ a: 1 }])',
    'group("g")',
    'count("c")',
    'assert(false, "x")',
    'time("t"); console.timeEnd("t")',
  ])('lets nothing through to stdout or unmarked to stderr: console.%s', async (call) => {
    const { stdout, stderr } = await run(`console.${call};`);
    expect(stdout).toBe('');
    expect(stderr).toMatch(MARKED);
    expect(stderr).not.toBe('');
  });

  it("logs Node's own warnings at debug level", async () => {
    const { stdout, stderr } = await run(`process.emitWarning('old habit', 'DeprecationWarning');`);
    expect(stdout).toBe('');
    expect(stderr).toBe('\u0001d\u0002[Stash2Plex] Node warns: old habit\n');
  });
});
