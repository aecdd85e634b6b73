import { chmodSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPluginHost } from './createPluginHost.ts';
import { DEAD_CONNECTION, temporaryPlugin, writePlugin } from './temporaryPlugin.ts';

/** Answers with everything that the process was given. */
const REPORTER = `
import { readFileSync } from 'node:fs';
const stdin = readFileSync(0, 'utf8');
console.log(JSON.stringify({ output: {
  stdin, argv: process.argv.slice(1), argv0: process.argv0, cwd: process.cwd(), env: process.env,
} }));
`;

const YML = `
exec: [node, "{pluginDir}/main.mjs", "x{pluginDir}", "a b;c"]
tasks:
  - name: Full sync
    execArgs: ["--dir={pluginDir}"]
    defaultArgs: {mode: full, zeta: 1, limit: 5}
hooks:
  - name: First
    triggeredBy: [Scene.Update.Post]
    execArgs: [first]
    defaultArgs: {alpha: 1, zulu: 2}
  - name: Second
    triggeredBy: [Scene.Create.Post, Scene.Update.Post]
    execArgs: [second]
`;

interface Report {
  readonly stdin: string;
  readonly argv: readonly string[];
  readonly argv0: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

function reportOf(run: { result: { output?: unknown } }): Report {
  return run.result.output as Report;
}

describe('the process', () => {
  test('gets exec and execArgs without a shell, the plugin directory filled in (PH-2)', async () => {
    const ymlPath = writePlugin({ 'example.yml': YML, 'main.mjs': REPORTER });
    const host = temporaryPlugin('', { ymlPath });
    const { argv, argv0 } = reportOf(await host.runTask('Full sync'));
    const pluginDir = dirname(ymlPath);
    expect(argv).toEqual([
      realpathSync(join(pluginDir, 'main.mjs')),
      `x${pluginDir}`,
      'a b;c',
      `--dir=${pluginDir}`,
    ]);
    expect(argv0).toBe('node');
  });

  test('gets no execArgs in an operation (PH-6)', async () => {
    const { argv } = reportOf(await temporaryPlugin(REPORTER, { yml: YML }).runOperation({}));
    expect(argv.at(-1)).toBe('a b;c');
  });

  test('runs elsewhere than in the plugin folder (PH-2)', async () => {
    const { cwd } = reportOf(await temporaryPlugin(REPORTER).runTask('Run'));
    expect(cwd).toBe(realpathSync(tmpdir()));
  });

  test('inherits the environment, with what the test lays over it (PH-2)', async () => {
    const env = { STASH_TEST: 'yes', HOME: undefined };
    const report = reportOf(await temporaryPlugin(REPORTER, { env }).runTask('Run'));
    expect(report.env).toMatchObject({ STASH_TEST: 'yes' });
    expect(report.env).not.toHaveProperty('HOME');
    expect(report.env['PATH']?.startsWith(dirname(process.execPath))).toBe(true);
  });

  test('keeps a relative plugin directory relative (PH-2)', async () => {
    const ymlPath = writePlugin({ 'example.yml': YML, 'main.mjs': REPORTER });
    const pluginDir = basename(dirname(ymlPath));
    const host = createPluginHost({
      ymlPath: join(pluginDir, 'example.yml'),
      cwd: dirname(dirname(ymlPath)),
      connection: () => DEAD_CONNECTION,
      nodePath: dirname(process.execPath),
    });
    const { argv, stdin } = reportOf(await host.runTask('Full sync'));
    expect(argv[1]).toBe(`x${pluginDir}`);
    expect(JSON.parse(stdin).server_connection.PluginDir).toBe(pluginDir);
  });

  test('is taken from the plugin folder if it is not on PATH (PH-2)', async () => {
    const yml = 'exec: [only-here.sh]\ntasks: [{name: Run}]';
    const own = '#!/bin/sh\necho \'{"output":"own"}\'\n';
    const host = temporaryPlugin('', { ymlPath: writePlugin({ 'example.yml': yml, 'only-here.sh': own }) });
    expect((await host.runTask('Run')).result).toEqual({ output: 'own' });
  });

  test('is preferred on PATH to one in the plugin folder (PH-2)', async () => {
    const bin = dirname(writePlugin({ tool: '#!/bin/sh\necho \'{"output":"path"}\'\n' }));
    const files = {
      'example.yml': 'exec: [tool]\ntasks: [{name: Run}]',
      tool: '#!/bin/sh\necho \'{"output":"own"}\'\n',
    };
    const host = temporaryPlugin('', { ymlPath: writePlugin(files), nodePath: bin });
    expect((await host.runTask('Run')).result).toEqual({ output: 'path' });
    chmodSync(join(bin, 'tool'), 0o644);
    expect((await host.runTask('Run')).result).toEqual({ output: 'own' });
  });

  test('that does not exist is an error that names the plugin folder (PH-2)', async () => {
    const ymlPath = writePlugin({ 'example.yml': 'exec: [no-such-program]\ntasks: [{name: Run}]' });
    const host = temporaryPlugin('', { ymlPath });
    const run = await host.runTask('Run');
    const program = join(dirname(ymlPath), 'no-such-program');
    expect(run.result.error).toBe(`error running plugin: fork/exec ${program}: no such file or directory`);
    expect(run).toMatchObject({ startFailed: true, exitCode: null, signal: null });
  });

  test('must be of the raw interface (PH-1)', () => {
    expect(() => temporaryPlugin('', { yml: 'interface: js' })).toThrow('interface js');
  });
});

describe('stdin', () => {
  test('is one compact document in the stated order, then EOF (PH-3)', async () => {
    const ymlPath = writePlugin({ 'example.yml': YML, 'main.mjs': REPORTER });
    const host = temporaryPlugin('', { ymlPath });
    const { stdin } = reportOf(
      await host.runTask('Full sync', { mode: 'fast', big: 12, nested: { b: 1, a: 2 } }),
    );
    const cookie =
      '{"Name":"session","Value":"MTc2ODExMjIzM3w=","Quoted":false,"Path":"","Domain":"",' +
      '"Expires":"0001-01-01T00:00:00Z","RawExpires":"","MaxAge":0,"Secure":false,"HttpOnly":false,' +
      '"SameSite":0,"Partitioned":false,"Raw":"","Unparsed":null}';
    expect(stdin).toBe(
      `{"server_connection":{"Scheme":"http","Host":"0.0.0.0","Port":9999,"SessionCookie":${cookie},` +
        `"Dir":"/root/.stash","PluginDir":"${dirname(ymlPath)}"},` +
        '"args":{"big":12,"limit":"5","mode":"fast","nested":{"a":2,"b":1},"zeta":"1"}}',
    );
  });

  test('escapes what Go escapes (PH-3)', async () => {
    const host = temporaryPlugin(REPORTER, { yml: YML });
    const { stdin } = reportOf(await host.runOperation({ text: '<a> & é \u2028' }));
    expect(stdin).toContain('{"text":"\\u003ca\\u003e \\u0026 é \\u2028"}');
  });

  test('leaves the default arguments out of an operation (PH-6)', async () => {
    const { stdin } = reportOf(await temporaryPlugin(REPORTER, { yml: YML }).runOperation());
    expect(JSON.parse(stdin).args).toEqual({});
  });

  test('of a hook has the context among the sorted default arguments (PH-3)', async () => {
    const host = temporaryPlugin(REPORTER, { yml: YML });
    const context = { id: 5, input: { title: 'x', id: '5' }, inputFields: ['title', 'id'] };
    const { stdin, argv } = reportOf(await host.runHook('Scene.Update.Post', context));
    expect(argv.at(-1)).toBe('first');
    expect(stdin.slice(stdin.indexOf('"args"'))).toBe(
      '"args":{"alpha":"1","hookContext":{"id":5,"type":"Scene.Update.Post",' +
        '"input":{"title":"x","id":"5"},"inputFields":["title","id"]},"zulu":"2"}}',
    );
  });

  test('of a hook has no inputFields when there are none (PH-3)', async () => {
    const host = temporaryPlugin(REPORTER, { yml: YML });
    const { stdin } = reportOf(
      await host.runHook('Scene.Create.Post', { id: 5, input: null, inputFields: [] }),
    );
    expect(JSON.parse(stdin).args).toEqual({
      hookContext: { id: 5, type: 'Scene.Create.Post', input: null },
    });
  });

  test('carries megabytes (PH-7)', async () => {
    const host = temporaryPlugin(REPORTER, { yml: YML });
    const cover = 'A'.repeat(5_000_000);
    const run = await host.runHook('Scene.Update.Post', { id: 5, input: { cover_image: cover } });
    expect(reportOf(run).stdin.length).toBeGreaterThan(5_000_000);
    expect(run.stdinBroken).toBe(false);
  });

  test('may be hung up on by the plugin (PH-15)', async () => {
    const host = temporaryPlugin('process.stdin.destroy();');
    const run = await host.runRaw('x'.repeat(5_000_000));
    expect(run).toMatchObject({ stdinBroken: true, exitCode: 0 });
  });

  test('may be any bytes, or nothing at all (PH-3)', async () => {
    const host = temporaryPlugin(REPORTER);
    expect(reportOf(await host.runRaw('not json')).stdin).toBe('not json');
    expect(reportOf(await host.runRaw(Buffer.from([0x68, 0x69]))).stdin).toBe('hi');
    expect(reportOf(await host.runRaw(null)).stdin).toBe('');
  });

  test('has a connection of its own for every run (PH-6)', async () => {
    let port = 0;
    const connection = () => {
      port += 1;
      return { ...DEAD_CONNECTION, Port: port, PluginDir: '/given' };
    };
    const host = temporaryPlugin(REPORTER, { connection });
    await host.runTask('Run');
    const { stdin } = reportOf(await host.runTask('Run'));
    expect(JSON.parse(stdin).server_connection).toMatchObject({ Port: 2, PluginDir: '/given' });
  });
});

describe('hooks and tasks', () => {
  test('of one trigger run in yml order, one after another (PH-7)', async () => {
    const host = temporaryPlugin(REPORTER, { yml: YML });
    const runs = await host.runHooks('Scene.Update.Post', { id: 5, input: null });
    expect(runs.map((run) => reportOf(run).argv.at(-1))).toEqual(['first', 'second']);
  });

  test('run on after one that failed (PH-7)', async () => {
    const host = temporaryPlugin('process.exitCode = 1', { yml: YML });
    expect(await host.runHooks('Scene.Update.Post', { id: 5, input: null })).toHaveLength(2);
  });

  test('end with a program that does not start (PH-7)', async () => {
    const host = temporaryPlugin('', { yml: YML.replace('[node,', '[no-such-program,') });
    expect(await host.runHooks('Scene.Update.Post', { id: 5, input: null })).toHaveLength(1);
  });

  test('that nobody declared are an error of the test (PH-6)', async () => {
    const host = temporaryPlugin('', { yml: YML });
    expect(() => host.startTask('No such task')).toThrow('No such task');
    expect(() => host.startHook('Tag.Update.Post', { id: 1, input: null })).toThrow('Tag.Update.Post');
    expect(await host.runHooks('Tag.Update.Post', { id: 1, input: null })).toEqual([]);
  });
});
