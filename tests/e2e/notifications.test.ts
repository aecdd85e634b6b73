import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { APPRISE_KEY, DISCORD_PATH, GOTIFY_TOKEN, NTFY_TOKEN } from '../support/notifyDouble/credentials.ts';
import { type NotifyDouble, startNotifyDouble } from '../support/notifyDouble/startNotifyDouble.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
let receiver: NotifyDouble;
beforeEach(async () => {
  [world, receiver] = await Promise.all([startWorld(), startNotifyDouble()]);
  configure({ notify_url: `${receiver.url}/hook-0123456789abcdef` });
});
afterEach(async () => {
  expectNoSecret();
  await Promise.all([world.close(), receiver.stop()]);
});

function configure(settings: Record<string, unknown>): void {
  const { url, token } = world.plex;
  world.stash.settings.set('Stash2Plex', { plex_url: url, plex_token: token, ...settings });
}

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

const told = () => receiver.requests.map(({ body }) => body);
const events = () => told().map(({ event }) => event);

/** Neither in what was sent nor in any file of the plugin: the token, the session, the receiver's path; nor a title in what was sent. */
function expectNoSecret(): void {
  const sent = receiver.requests.map(({ raw, headers }) => raw + JSON.stringify(headers)).join('\n');
  const { SessionCookie: cookie } = world.stash.serverConnection();
  for (const secret of [world.plex.token, cookie?.Value ?? '', world.plex.url, 'Title of']) {
    expect(secret.length).toBeGreaterThan(4);
    expect(sent).not.toContain(secret);
  }
  expect(world.filesContent()).not.toContain('hook-0123456789abcdef');
}

describe('the background process', () => {
  it('tells when an outage has lasted a minute, and when it is over', async () => {
    const nowSecs = Date.now() / 1000;
    world.writeState('circuit_breaker.json', {
      state: 'open',
      failure_count: 5,
      success_count: 0,
      opened_at: nowSecs - 57,
      first_failure_at: nowSecs - 300,
    });
    const id = scanned('waiting');
    await world.act.editScene(id, { title: 'Title of the scene' });
    await world.until('both messages', () => events().length === 2);
    expect(told()).toMatchObject([
      {
        event: 'outage',
        scenes_waiting: 1,
        message: expect.stringContaining('1 scene waits; nothing is lost'),
      },
      {
        event: 'recovery',
        scenes_waited: 1,
        message: expect.stringMatching(/^After an outage of 5m \d+s\. 1 scene waited;/),
      },
    ]);
    const [outage] = world.readState('outage_history.json') as { duration: number; jobs_affected: number }[];
    expect(told()[1]).toMatchObject({ duration_secs: Math.round(outage?.duration ?? 0) });
    await world.until('the end of the job', () => world.rows('jobs') === 0);
  });

  it('tells of scenes that were given up, and of nothing by hooks', async () => {
    const id = scanned('double');
    world.plex.library.addItem(world.sectionKey, { title: 'again', file: '/media/films/double.mkv' });
    const run = await world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' }).runHook('Scene.Update.Post', {
      id,
      input: { id: String(id), title: 'Title of it' },
      inputFields: ['title'],
    });
    expect(run.result).toEqual({ output: 'ok' });
    expect(receiver.requests).toEqual([]);
    await world.act.editScene(id, { title: 'Title of the double' });
    await world.until('the message', () => receiver.requests.length === 1);
    expect(told()).toMatchObject([{ event: 'dead_letters', error_type: 'AmbiguousMatch', scenes: 1 }]);
    expect(told()[0]?.['message']).toContain('remove the double in Plex');
  });

  it('goes on with its work when the receiver is gone, and warns of it in Stash with the next task', async () => {
    await receiver.stop();
    const id = scanned('double');
    world.plex.library.addItem(world.sectionKey, { title: 'again', file: '/media/films/double.mkv' });
    await world.act.editScene(id, { title: 'Title of the double' });
    await world.act.editScene(scanned('good'), { title: 'Title of the good' });
    const title = () => world.plex.library.itemByFile('/media/films/good.mkv')?.title;
    await world.until('the sync', () => title() === 'Title of the good');
    await world.until('the complaint', () => world.drainerLog().includes('could not be sent'));
    const { logs } = await world.host.runTask('View Queue Status');
    const warning = logs.find(({ level, text }) => level === 'warning' && text.includes('could not be sent'));
    expect(warning?.text).toContain(
      `The receiver at 127.0.0.1:${receiver.port} does not answer (ECONNREFUSED)`,
    );
  });
});

describe('a task', () => {
  it('tells of a reconciliation that queued more scenes than the setting says', async () => {
    configure({ notify_url: `${receiver.url}/hook-0123456789abcdef`, notify_gaps_over: 1 });
    scanned('one');
    scanned('two');
    const run = await world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' }).runTask('Reconcile Library (All)');
    expect(run.result.error).toBeUndefined();
    expect(told()).toMatchObject([
      { event: 'reconciliation', scenes_queued: 2, gaps: { empty_metadata: 2, stale_sync: 0, missing: 0 } },
    ]);
  });

  it('tells of a refused token when it is still refused a minute later, once', async () => {
    const wrongToken = 'a-wrong-token-of-length';
    configure({ notify_url: `${receiver.url}/hook-0123456789abcdef`, plex_token: wrongToken });
    const paused = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
    const id = scanned('one');
    await paused.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
    const processQueue = async () => {
      const { result } = await paused.runTask('Process Queue');
      expect(result.error).toContain('plex_token');
    };
    await processQueue();
    expect(receiver.requests).toEqual([]);
    const db = openDatabase(join(world.dataFolder, 'stash2plex.db'), { durability: 'normal' });
    db.prepare("UPDATE notices SET seen_at_ms = seen_at_ms - 60000 WHERE topic GLOB 'attention:*'").run();
    db.close();
    await processQueue();
    await processQueue();
    expect(told()).toMatchObject([{ event: 'attention', title: 'Stash2Plex needs you' }]);
    expect(told()[0]?.['message']).toContain('plex_token');
    expect(JSON.stringify(told())).not.toContain(wrongToken);
    expect(world.rows('jobs')).toBe(1);
  });

  it('sends a test to every address, while the plugin is off and Plex unknown, and says what came of it', async () => {
    const { url, port } = receiver;
    const addresses = [
      `${url}${DISCORD_PATH}`,
      `ntfy://${NTFY_TOKEN}@127.0.0.1:${port}/private_topic`,
      `${url}/message?token=${GOTIFY_TOKEN}`,
      `${url}/notify/${APPRISE_KEY}`,
      `${url}/message?token=another-token`,
      'ftp://somewhere/secret-place',
    ];
    world.stash.settings.set('Stash2Plex', { enabled: false, notify_url: addresses.join('\n') });
    const run = await world.host.runTask('Send Test Notification');
    const { output } = run.result as { output: { summary: string; targets: unknown[]; unusable: string[] } };
    const host = `127.0.0.1:${port}`;
    expect(output.summary).toBe(
      `4 of 5 receivers accepted the test. Gotify at ${host} refuses the login (status 401): correct the user, password or token in notify_url. Of notify_url address 6, which does not begin with https://, http://, ntfys://, ntfy://, cannot be used.`,
    );
    expect(output.targets).toEqual([
      { service: 'Discord', host, accepted: true, status: 204, problem: null },
      { service: 'ntfy', host, accepted: true, status: 200, problem: null },
      { service: 'Gotify', host, accepted: true, status: 200, problem: null },
      { service: 'Apprise', host, accepted: true, status: 200, problem: null },
      {
        service: 'Gotify',
        host,
        accepted: false,
        status: 401,
        problem: expect.stringContaining('refuses the login'),
      },
    ]);
    expect(run.logs.map(({ text }) => text).join('\n')).toContain(
      `${host}, recognised as ntfy: accepted (status 200).`,
    );
    for (const secret of [
      NTFY_TOKEN,
      GOTIFY_TOKEN,
      APPRISE_KEY,
      'private_topic',
      'secret-place',
      DISCORD_PATH,
    ]) {
      expect(run.stdout + run.stderrRaw).not.toContain(secret);
    }
    expect(world.plex.log.count()).toBe(0);
  });
});
