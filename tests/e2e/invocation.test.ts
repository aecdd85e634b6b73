import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

/** One clear sentence for the user: an error, no stack, nothing else on stdout. */
function sentence(run: PluginRun): string {
  expect(JSON.parse(run.stdout)).toEqual({ error: expect.any(String) });
  expect(run.result.error).toMatch(/^[A-Z"].+\.$/s);
  expect(run.result.error).not.toMatch(/\n|\bat .*:\d+:\d+/);
  expect(run.exitCode).toBe(1);
  expect(run.stderrBroken).toBe(false);
  return run.result.error ?? '';
}

const hookDocument = (padding = '') =>
  JSON.stringify({
    server_connection: world.stash.serverConnection(),
    args: {
      hookContext: {
        id: 7,
        type: 'Scene.Update.Post',
        input: { id: '7', cover_image: padding },
        inputFields: ['cover_image'],
      },
    },
  });

describe('bad input', () => {
  it.each([
    ['garbage', 'hello', 'not valid JSON'],
    ['half a document', '{"server_connection": {', 'not valid JSON'],
    ['another JSON value', '[1, 2]', 'one JSON object'],
    ['nothing', '', 'got no input'],
    ['no connection', '{"args": {}}', 'server_connection'],
    ['a foreign hook', '{"server_connection": {}, "args": {"hookContext": {"id": "x"}}}', 'hookContext'],
  ])('gets one sentence for %s on stdin', async (_name, stdin, told) => {
    expect(sentence(await world.host.runRaw(stdin))).toContain(told);
  });

  it('gets one sentence for no stdin at all', async () => {
    expect(sentence(await world.host.runRaw(null))).toContain('got no input');
  });

  it('never quotes the input, which holds the session cookie', async () => {
    const run = await world.host.runRaw('{"server_connection": {"SessionCookie": {"Value": "c00kie-secret"}');
    expect(run.stdout + run.stderrRaw).not.toContain('c00kie-secret');
  });

  it.each([
    ['', 'No mode'],
    ['nonsense', 'Unknown mode "nonsense"'],
    ['__proto__', 'Unknown mode "__proto__"'],
  ])('names the tasks there are for the mode "%s"', async (mode, told) => {
    const said = sentence(await world.host.runOperation({ mode }));
    expect(said).toContain(told);
    expect(said).toContain('process_queue');
  });

  it('takes 8 MB on stdin', async () => {
    const run = await world.host.runRaw(hookDocument('A'.repeat(8_000_000)));
    expect(run.result).toEqual({ output: 'ok' });
    expect(world.waitingScenes()).toEqual([7]);
  });
});

describe('settings', () => {
  const set = (settings: Record<string, unknown>) => world.stash.settings.set('Stash2Plex', settings);

  it('says what is missing when nothing is set', async () => {
    world.stash.settings.delete('Stash2Plex');
    const said = sentence(await world.host.runTask('Process Queue'));
    expect(said).toContain('plex_url');
    expect(said).toContain('plex_token');
  });

  it('says what is wrong with an address', async () => {
    set({ plex_url: 'plex.local', plex_token: 'a-long-enough-token' });
    expect(sentence(await world.host.runTask('Process Queue'))).toContain('http://');
  });

  it('uses the default for a bad optional value and warns once (W-67)', async () => {
    set({
      plex_url: world.plex.url,
      plex_token: world.plex.token,
      max_tags: 7,
      reconcile_interval: '',
      enabled: 1,
    });
    const run = await world.host.runTask('Process Queue');
    expect(run.result.error).toBeUndefined();
    const warnings = run.logs.filter(({ level }) => level === 'warning');
    expect(warnings.map(({ text }) => text)).toEqual([
      '[Stash2Plex Config] Setting max_tags must be a whole number from 10 to 500; the default 100 is used instead.',
    ]);
  });

  it('answers "disabled" and leaves everything in place when switched off', async () => {
    set({ plex_url: world.plex.url, plex_token: world.plex.token, enabled: false });
    await world.host.runRaw(hookDocument());
    const run = await world.host.runTask('Process Queue');
    expect(run.result).toEqual({ output: 'disabled' });
    expect(world.waitingScenes()).toEqual([7]);
    expect(world.plex.log.count()).toBe(0);
  });

  it('falls back to PLEX_URL and PLEX_TOKEN', async () => {
    await world.close();
    world = await startWorld({ env: {} });
    const { url, token } = world.plex;
    world.stash.settings.delete('Stash2Plex');
    const run = await world.hostWith({ PLEX_URL: url, PLEX_TOKEN: token }).runTask('Process Queue');
    expect(run.result.error).toBeUndefined();
  });
});

describe('what leaves the process', () => {
  it('keeps the token and the cookie out of every log, answer and file', async () => {
    const id = world.stash.scenes.add({ title: 'T', details: 'D', files: ['/data/films/x.mkv'] });
    const runs = [
      ...(await world.act.editScene(id, { title: 'U' })),
      await world.host.runTask('Process Queue'),
      await world.host.runTask('View Queue Status'),
    ];
    world.plex.faults.add({ match: {}, action: { kind: 'status', status: 401 } });
    await world.act.editScene(id, { title: 'V' });
    runs.push(await world.host.runTask('Process Queue'));
    await world.until('a drainer', () => world.drainerLog() !== '');
    const cookies = world.stash.log
      .where({})
      .flatMap(({ headers }) => String(headers.cookie ?? '').replace('session=', '') || []);
    const everything =
      runs.map(({ stdout, stderrRaw }) => stdout + stderrRaw).join('') + world.filesContent();
    for (const secret of [world.plex.token, ...cookies]) expect(everything).not.toContain(secret);
    expect(cookies.length).toBeGreaterThan(0);
  });

  it('marks every log line with its component, and reports progress from 0 to 1', async () => {
    const run = await world.host.runTask('Process Queue');
    expect(run.logs.length).toBeGreaterThan(0);
    for (const { text } of run.logs) expect(text).toMatch(/^\[Stash2Plex( \w+)?\] /);
    expect(run.progress.at(-1)).toBe(1);
  });
});
