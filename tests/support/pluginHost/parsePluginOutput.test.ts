import { describe, expect, test } from 'vitest';
import { parsePluginOutput } from './parsePluginOutput.ts';
import { temporaryPlugin } from './temporaryPlugin.ts';

const OK = { exitCode: 0, signal: null };

describe('parsePluginOutput', () => {
  test.each([
    ['an output', '{"output":{"a":[1,null]}}', { output: { a: [1, null] } }],
    ['an output with white space around', ' \n{"output":1}\n', { output: 1 }],
    ['an error', '{"error":"text"}', { error: 'text' }],
    ['an error and an output', '{"error":"text","output":5}', { error: 'text', output: 5 }],
    ['a null error', '{"error":null,"output":5}', { output: 5 }],
    ['an empty object', '{}', { output: null }],
    ['null', 'null', { output: null }],
    ['unknown keys', '{"other":1}', { output: null }],
    ['keys in another case', '{"OUTPUT":1,"Other":2}', { output: 1 }],
    ['an error key in another case', '{"Error":"text"}', { error: 'text' }],
    ['an empty error', '{"error":""}', { error: '' }],
    ['an object as error', '{"error":{"a":1}}', { error: '', output: '{"error":{"a":1}}' }],
    ['a list as error', '{"error":[]}', { error: '', output: '{"error":[]}' }],
    ['a number as error', '{"error":5,"output":1}', { error: '', output: '{"error":5,"output":1}' }],
    ['a boolean as error', '{"error":false}', { error: '', output: '{"error":false}' }],
    ['nothing', '', { output: '' }],
    ['plain text', 'hello\n', { output: 'hello\n' }],
    ['a list', '[1]', { output: '[1]' }],
    ['a string', '"x"', { output: '"x"' }],
    ['a number', '5', { output: '5' }],
    ['text before an error', 'hi\n{"error":"lost"}', { output: 'hi\n{"error":"lost"}' }],
    ['text after an error', '{"error":"lost"}\nbye', { output: '{"error":"lost"}\nbye' }],
    ['two documents', '{}{}', { output: '{}{}' }],
    ['a byte order mark', '\uFEFF{"error":"lost"}', { output: '\uFEFF{"error":"lost"}' }],
  ])('understands %s (PH-4)', (_, stdout, result) => {
    expect(parsePluginOutput(stdout, OK)).toEqual(result);
  });

  test('makes an error of an exit status, also when an output was given (PH-4)', () => {
    const end = { exitCode: 3, signal: null };
    expect(parsePluginOutput('{"output":1}', end)).toEqual({ output: 1, error: 'exit status 3' });
    expect(parsePluginOutput('', end)).toEqual({ output: '', error: 'exit status 3' });
  });

  test('lets a parsed error stand against the exit status (PH-4)', () => {
    expect(parsePluginOutput('{"error":"mine"}', { exitCode: 1, signal: null })).toEqual({ error: 'mine' });
  });

  test('names signals as Go does (PH-4)', () => {
    expect(parsePluginOutput('', { exitCode: null, signal: 'SIGKILL' }).error).toBe('signal: killed');
    expect(parsePluginOutput('', { exitCode: null, signal: 'SIGSEGV' }).error).toBe(
      'signal: segmentation fault',
    );
  });
});

describe('stdout of a process', () => {
  test('is read whole, however long it is (PH-4)', async () => {
    const script = `process.stdout.write(JSON.stringify({ output: 'é'.repeat(3_000_000) }))`;
    const run = await temporaryPlugin(script).runTask('Run');
    expect(run.result).toEqual({ output: 'é'.repeat(3_000_000) });
    expect(run.durationMs).toBeGreaterThan(0);
  });

  test('with a stray line hides an error (PH-15)', async () => {
    const script = `console.log('stray'); console.log(JSON.stringify({ error: 'lost' }));`;
    const run = await temporaryPlugin(script).runTask('Run');
    expect(run.result).toEqual({ output: 'stray\n{"error":"lost"}\n' });
    expect(run.stdout).toBe('stray\n{"error":"lost"}\n');
  });

  test('of a crash is an exit status, its stack trace in the log (PH-4)', async () => {
    const run = await temporaryPlugin(`throw new Error('boom')`).runTask('Run');
    expect(run.result).toEqual({ output: '', error: 'exit status 1' });
    expect(run.exitCode).toBe(1);
    expect(run.logs).toContainEqual({ level: 'error', text: 'Error: boom' });
  });

  test('decides the result of an unusual exit status (PH-4)', async () => {
    const script = `process.stdout.write('{"error":"mine"}', () => process.exit(7))`;
    expect(await temporaryPlugin(script).runTask('Run')).toMatchObject({
      result: { error: 'mine' },
      exitCode: 7,
    });
  });
});
