import { dirname } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createPluginHost, type PluginRun } from '../pluginHost/createPluginHost.ts';
import { writePlugin } from '../pluginHost/temporaryPlugin.ts';
import { createStash } from './actAsStash.ts';
import { ask, testDouble } from './testClient.ts';

const YML = `
exec: [node, "{pluginDir}/main.mjs"]
tasks:
  - name: Sync
    defaultArgs: {mode: full}
hooks:
  - name: Scenes
    triggeredBy: [Scene.Create.Post, Scene.Update.Post, Scene.Destroy.Post]
`;

/** Answers with its arguments and with what Stash says of the scene while the hook runs. */
const CALLER = `
import { readFileSync } from 'node:fs';
const { server_connection: server, args } = JSON.parse(readFileSync(0, 'utf8'));
const id = args.hookContext?.id ?? 0;
const reply = await fetch('http://127.0.0.1:' + server.Port + '/graphql', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Cookie: 'session=' + server.SessionCookie.Value },
  body: JSON.stringify({ query: '{ findScene(id: ' + id + ') { title updated_at tags { name } } }' }),
});
const { data } = await reply.json();
console.log(JSON.stringify({ output: { args, scene: data.findScene } }));
`;

interface Answer {
  readonly args: {
    readonly hookContext: { readonly id: number; readonly type: string; readonly input: unknown };
  };
  readonly scene: unknown;
}

async function stashWith(script: string, yml = YML) {
  const clock = { ms: Date.UTC(2026, 0, 11, 12) };
  const double = await testDouble({ now: () => clock.ms, auth: { mode: 'login' } });
  const host = createPluginHost({
    ymlPath: writePlugin({ 'example.yml': yml, 'main.mjs': script }),
    connection: () => double.serverConnection(),
    nodePath: dirname(process.execPath),
  });
  return { double, clock, host, stash: createStash(double, host) };
}

function answers(runs: readonly PluginRun[]): Answer[] {
  return runs.map(({ result }) => result.output as Answer);
}

describe('edits', () => {
  test('are committed before the hook runs (SD-7)', async () => {
    const { double, clock, stash } = await stashWith(CALLER);
    const id = double.scenes.add({ title: 'a' });
    clock.ms += 2_000;
    const [answer] = answers(
      await stash.editScene(id, { title: 'b', tags: ['sea'], studio: 'S', performers: [] }),
    );
    expect(answer).toMatchObject({
      args: {
        hookContext: {
          id,
          type: 'Scene.Update.Post',
          input: { id: '1', title: 'b', tag_ids: ['1'], studio_id: '1', performer_ids: [], details: null },
          inputFields: expect.arrayContaining(['id', 'title', 'tag_ids', 'studio_id', 'performer_ids']),
        },
      },
      scene: { title: 'b', updated_at: '2026-01-11T12:00:02Z', tags: [{ name: 'sea' }] },
    });
  });

  test('of several scenes run one hook for each, in order (SD-7)', async () => {
    const { double, stash } = await stashWith(CALLER);
    for (const title of ['a', 'b', 'c']) double.scenes.add({ title });
    const listed = answers(
      await stash.editScenes([
        { id: 2, title: 'B' },
        { id: 3, title: 'C' },
      ]),
    );
    expect(listed.map(({ args }) => args.hookContext.id)).toEqual([2, 3]);
    expect(listed[0]?.args.hookContext.input).toMatchObject([{ id: '2' }, { id: '3' }]);
    const bulk = answers(await stash.bulkEdit([1, 2], { rating100: 20 }));
    expect(bulk.map(({ args }) => args.hookContext)).toMatchObject([
      { id: 1, input: { ids: ['1', '2'], rating100: 20 } },
      { id: 2, input: { ids: ['1', '2'], rating100: 20 } },
    ]);
    expect(double.scenes.get(2)).toMatchObject({ title: 'B', rating100: 20 });
  });

  test('by identify store the cover and pass it bare (SD-8)', async () => {
    const { double, stash } = await stashWith(CALLER);
    const id = double.scenes.add({ title: 'a' });
    const cover = Buffer.from('jpeg');
    const [answer] = answers(await stash.identify(id, { title: 'found' }, cover.toString('base64')));
    expect(answer?.args.hookContext).toMatchObject({
      input: { title: 'found', cover_image: cover.toString('base64') },
      inputFields: ['cover_image', 'title'],
    });
    expect(double.scenes.get(id)?.screenshot).toEqual(cover);
  });

  test('by identify fire nothing where nothing changes (SD-8)', async () => {
    const { double, clock, stash } = await stashWith(CALLER);
    const stash_ids = [{ endpoint: 'e', stash_id: 's' }];
    const id = double.scenes.add({ title: 'a', tags: ['sea'], studio: 'S', stash_ids });
    const before = double.scenes.get(id);
    clock.ms += 5_000;
    expect(await stash.identify(id, { title: 'a', tags: ['sea'], studio: 'S', stash_ids })).toEqual([]);
    expect(double.scenes.get(id)).toEqual(before);
    expect(await stash.identify(id, { title: 'a', tags: ['sea', 'sun'] })).toHaveLength(1);
    expect(double.scenes.get(id)?.updated_at).toBe('2026-01-11T12:00:05Z');
  });

  test('of unknown scenes are refused, and no hook runs (SD-10)', async () => {
    const { double, stash } = await stashWith(CALLER);
    await expect(stash.editScene(9, {})).rejects.toThrow('scene with id 9 not found');
    await expect(stash.destroy(9)).rejects.toThrow('scene with id 9 not found');
    expect(double.log.count()).toBe(0);
  });
});

describe('scans, destroys and cleans', () => {
  test('announce a new scene with null as input, its cover not there yet (SD-8)', async () => {
    const { double, stash } = await stashWith(CALLER);
    const [answer] = answers(await stash.scanNewFile({ files: ['/data/new.mp4'] }));
    expect(answer).toMatchObject({
      args: { hookContext: { id: 1, type: 'Scene.Create.Post', input: null } },
      scene: { title: '' },
    });
    expect(double.scenes.get(1)?.screenshot).toBe('placeholder');
  });

  test('announce a changed file without bumping the scene (SD-8)', async () => {
    const { double, clock, stash } = await stashWith(CALLER);
    double.scenes.add({ files: ['/a.mp4'] });
    clock.ms += 5_000;
    const [answer] = answers(await stash.scanChangedFile(1, { files: ['/b.mp4'] }));
    expect(answer).toMatchObject({
      args: { hookContext: { type: 'Scene.Update.Post', input: null } },
      scene: { updated_at: '2026-01-11T12:00:00Z' },
    });
  });

  test('announce every scene of a rescan, though nothing changed (SD-8)', async () => {
    const { double, clock, stash } = await stashWith(CALLER);
    for (let index = 0; index < 3; index += 1) double.scenes.add({ files: [`/${index}.mp4`] });
    clock.ms += 5_000;
    const seen = answers(await stash.rescan(1, 3));
    const scene = { updated_at: '2026-01-11T12:00:00Z' };
    const hookContext = { type: 'Scene.Update.Post', input: null };
    expect(seen).toMatchObject([
      { args: { hookContext: { id: 1, ...hookContext } }, scene },
      { args: { hookContext: { id: 3, ...hookContext } }, scene },
    ]);
    await expect(stash.rescan(9)).rejects.toThrow('scene with id 9 not found');
  });

  test('announce a file that was added, or deleted from a scene that has others (SD-8)', async () => {
    const { double, clock, stash } = await stashWith(CALLER);
    double.scenes.add({ files: [{ path: '/a.mp4', oshash: 'cafe' }] });
    clock.ms += 5_000;
    const [added] = answers(await stash.scanAddedFile(1, '/b.mp4'));
    expect(added).toMatchObject({
      args: { hookContext: { id: 1, type: 'Scene.Update.Post', input: null } },
      scene: { updated_at: '2026-01-11T12:00:05Z' },
    });
    expect(double.scenes.get(1)?.files).toMatchObject([
      { id: 1, path: '/a.mp4', oshash: 'cafe' },
      { id: 2, path: '/b.mp4' },
    ]);
    expect(await stash.deleteFile(1, '/a.mp4')).toHaveLength(1);
    expect(double.scenes.get(1)?.files.map(({ path }) => path)).toEqual(['/b.mp4']);
  });

  test('pass the flags of sceneDestroy as given (SD-8)', async () => {
    const { double, stash } = await stashWith(CALLER);
    for (let index = 0; index < 2; index += 1) double.scenes.add({ files: [`/${index}.mp4`] });
    const [plain] = answers(await stash.destroyOne(1));
    const [told] = answers(await stash.destroyOne(2, { delete_file: true }));
    expect([plain, told].map((answer) => answer?.args.hookContext.input)).toMatchObject([
      { id: '1', delete_file: null, delete_generated: null },
      { id: '2', delete_file: true, delete_generated: null },
    ]);
  });

  test('have removed the scenes when the hooks run (SD-8)', async () => {
    const { double, stash } = await stashWith(CALLER);
    for (let index = 0; index < 3; index += 1) double.scenes.add({ files: [`/${index}.mp4`] });
    const destroyed = answers(await stash.destroy(1, 2));
    expect(destroyed).toMatchObject([
      { args: { hookContext: { id: 1, input: { ids: ['1', '2'], path: '/0.mp4' } } }, scene: null },
      { args: { hookContext: { id: 2, input: { ids: ['1', '2'], path: '/1.mp4' } } }, scene: null },
    ]);
    const [cleaned] = answers(await stash.clean(3));
    expect(cleaned).toMatchObject({
      args: { hookContext: { id: 3, type: 'Scene.Destroy.Post', input: { id: '', path: '/2.mp4' } } },
    });
    expect(double.scenes.size).toBe(0);
  });
});

describe("Stash's own log", () => {
  test('is all that tells of a task or hook that failed (SD-4)', async () => {
    const failing = "console.log(JSON.stringify({ error: 'no luck' }))";
    const { double, stash } = await stashWith(failing);
    double.scenes.add();
    await stash.rescan(1);
    await stash.runTask('Sync');
    await vi.waitFor(() => expect(double.jobs.find(1)?.status).toBe('FINISHED'));
    expect(double.serverLog.errors()).toEqual([
      'Scene.Update.Post [Scenes]: returned error: no luck',
      'Plugin returned error: no luck',
    ]);
  });

  test('has a killed task as such (SD-6)', async () => {
    const { double, stash } = await stashWith('setInterval(() => {}, 1e6)');
    const running = stash.runTask('Sync');
    double.jobs.stop(1);
    expect((await running).signal).toBe('SIGKILL');
    await vi.waitFor(() =>
      expect(double.serverLog.errors()).toEqual(['Plugin returned error: signal: killed']),
    );
    expect(double.jobs.find(1)).toMatchObject({ status: 'CANCELLED', error: null });
  });

  test('has the output of a task at debug (SD-4)', async () => {
    const { double, stash } = await stashWith("console.log(JSON.stringify({ output: 'done' }))");
    await stash.runTask('Sync');
    await vi.waitFor(() => expect(double.serverLog.all()).toHaveLength(1));
    expect(double.serverLog.all()).toEqual([{ level: 'debug', message: 'Plugin returned: "done"' }]);
    expect(double.serverLog.errors()).toEqual([]);
  });
});

describe('several plugins', () => {
  test('run in walk order; one that cannot start ends the chain of the event (SD-7)', async () => {
    const { double, host } = await stashWith(CALLER);
    const { host: broken } = await stashWith('', YML.replace('[node,', '[no-such-program,'));
    double.scenes.add();
    double.scenes.add();
    const started = async (...hosts: (typeof host)[]) =>
      (await createStash(double, hosts).bulkEdit([1, 2], { rating100: 1 })).map((run) => !run.startFailed);
    expect(await started(host, broken, host)).toEqual([true, false, true, false]);
  });
});

describe('tasks and operations', () => {
  const TASK = `
    import { readFileSync } from 'node:fs';
    const { args } = JSON.parse(readFileSync(0, 'utf8'));
    process.stderr.write('\\x01p\\x020.25\\n');
    if (args.wait) setInterval(() => {}, 1e6);
    else console.log(JSON.stringify(args.fail ? { error: 'failed' } : { output: args }));`;

  test('run through the queue, behind what waits there (SD-6)', async () => {
    const { double, stash } = await stashWith(TASK);
    const scan = double.jobs.add('Scanning...');
    const running = stash.runTask('Sync', { depth: 2 });
    expect(double.jobs.queued().map(({ status }) => status)).toEqual(['RUNNING', 'READY']);
    double.jobs.finish(scan);
    expect((await running).result).toEqual({ output: { depth: 2, mode: 'full' } });
    await expect(stash.runTask('Other')).rejects.toThrow('Other');
  });

  test('started by runPluginTask report progress and can be stopped (SD-6)', async () => {
    const { double } = await stashWith(TASK);
    const run =
      'mutation($args: Map) { runPluginTask(plugin_id: "example", task_name: "Sync", args_map: $args) }';
    const job = '{ findJob(input: { id: 1 }) { status progress } }';
    const key = { Cookie: `session=${double.cookieValue()}` };
    await ask(double, run, { args: { wait: true } }, key);
    await vi.waitFor(async () =>
      expect((await ask(double, job, {}, key)).data).toEqual({
        findJob: { status: 'RUNNING', progress: 0.25 },
      }),
    );
    await ask(double, 'mutation { stopJob(job_id: 1) }', {}, key);
    expect((await ask(double, job, {}, key)).data).toMatchObject({ findJob: { status: 'CANCELLED' } });
  });

  test('end FINISHED whatever the plugin answers, FAILED if unknown (SD-6)', async () => {
    const { double } = await stashWith(TASK);
    const { runner } = double.jobs;
    if (runner === null) throw new Error('no runner attached');
    const start = (pluginId: string, args: object, taskName: string | null = 'Sync') =>
      double.jobs.add('task', () => runner.startTask({ pluginId, taskName, args: { ...args } }));
    const failing = start('example', { fail: true });
    await vi.waitFor(() => expect(double.jobs.find(failing)?.status).toBe('FINISHED'));
    const nameless = start('example', {}, null);
    await vi.waitFor(() => expect(double.jobs.find(nameless)?.status).toBe('FINISHED'));
    const unknown = start('other', {});
    expect(double.jobs.find(unknown)).toMatchObject({ status: 'FAILED', error: 'no plugin with ID other' });
  });

  test('that do not start are FAILED jobs (SD-6)', async () => {
    const { double, stash } = await stashWith('', YML.replace('[node,', '[no-such-program,'));
    expect((await stash.runTask('Sync')).startFailed).toBe(true);
    await vi.waitFor(() => expect(double.jobs.find(1)?.status).toBe('FAILED'));
    expect(double.jobs.find(1)?.error).toContain('no such file or directory');
  });

  test('as operations answer at once, or with a GraphQL error (SD-6)', async () => {
    const { double } = await stashWith(TASK);
    double.jobs.add('Scanning...');
    const key = { Cookie: `session=${double.cookieValue()}` };
    const run = 'mutation($args: Map) { runPluginOperation(plugin_id: "example", args: $args) }';
    expect((await ask(double, run, { args: { a: [1] } }, key)).data).toEqual({
      runPluginOperation: { a: [1] },
    });
    const failed = await ask(double, run, { args: { fail: true } }, key);
    expect(failed).toMatchObject({ data: { runPluginOperation: null }, errors: [{ message: 'failed' }] });
  });
});
