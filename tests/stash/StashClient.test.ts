import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedactor } from '../../src/log/redactor.ts';
import { parseConnection } from '../../src/stash/connection.ts';
import { createStashClient } from '../../src/stash/StashClient.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tinyJpeg, tinyPng } from '../support/plexDouble/tinyImage.ts';
import {
  type FaultAction,
  type StashDoubleOptions,
  startStashDouble,
} from '../support/stashDouble/startStashDouble.ts';

const MINUTE_MS = 60_000;

/** A double, and a client with the session that Stash gave this process. */
async function signedIn(options: StashDoubleOptions = {}) {
  const clock = new FakeClock();
  const stash = await startStashDouble({ now: () => clock.now(), ...options });
  const redactor = createRedactor();
  const connection = parseConnection({ ...stash.serverConnection() });
  const client = createStashClient(connection, redactor);
  onTestFinished(async () => {
    await client.close();
    await stash.close();
  });
  return { clock, stash, client, redactor, cookie: connection.sessionCookie ?? '' };
}

/** What was thrown. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
}

/** Makes Stash fail at one member of a scene. */
function breakMember(record: object, member: string): void {
  Object.defineProperty(record, member, {
    get: () => {
      throw new Error('Internal system error. sql: database is locked');
    },
  });
}

describe('scenes', () => {
  it('reads a batch in one request and leaves out the ids that do not exist (W-46)', async () => {
    const { stash, client } = await signedIn();
    const ids = ['One', 'Two', 'Three'].map((title) => stash.scenes.add({ title }));
    stash.scenes.destroy(ids[1] ?? 0);
    const scenes = await client.scenes([...ids, 4711]);
    expect([...scenes.keys()]).toEqual([ids[0], ids[2]]);
    expect(scenes.get(ids[2] ?? 0)).toMatchObject({ id: ids[2], title: 'Three' });
    expect(stash.log.count()).toBe(1);
  });

  it('asks nothing for no ids: Stash would take that for all scenes', async () => {
    const { stash, client } = await signedIn();
    expect(await client.scenes([])).toEqual(new Map());
    expect(stash.log.count()).toBe(0);
  });

  it('reads as many scenes at once as it promises', async () => {
    const { stash, client } = await signedIn();
    const ids = Array.from({ length: 100 }, (_, index) => stash.scenes.add({ title: `No. ${index}` }));
    expect((await client.scenes(ids)).size).toBe(100);
    expect(stash.log.count()).toBe(1);
  });

  it.each(['title', 'files', 'studio'])(
    'gives a scene an error of its own when Stash fails at its %s (W8)',
    async (member) => {
      const { stash, client } = await signedIn();
      const [good, bad] = [stash.scenes.add({ title: 'Good' }), stash.scenes.add({ title: 'Bad' })];
      breakMember(stash.scenes.requireRecord(bad), member);
      const scenes = await client.scenes([bad, good]);
      expect(scenes.get(good)).toMatchObject({ title: 'Good' });
      expect(scenes.get(bad)).toMatchObject({ name: 'StashError', kind: 'rejected' });
    },
  );

  it.each<[string, (id: number) => object]>([
    [
      'an error that names no scene',
      (id) => ({ data: { [`s${id}`]: null }, errors: [{ message: 'canceled' }] }),
    ],
    ['an answer that leaves it out', () => ({ data: {} })],
  ])('does not take a scene for destroyed because of %s (W-46)', async (_, answer) => {
    const { stash, client } = await signedIn();
    const id = stash.scenes.add({ title: 'There' });
    stash.faults.add({ action: { json: answer(id) } });
    expect(await failure(client.scenes([id]))).toMatchObject({ name: 'StashError', kind: 'unavailable' });
  });

  it('reads null, "" and empty lists as nothing (W-39)', async () => {
    const { stash, client } = await signedIn();
    const id = stash.scenes.add();
    expect((await client.scenes([id])).get(id)).toEqual({
      id,
      title: null,
      details: null,
      date: null,
      rating100: null,
      studio: null,
      performers: [],
      tags: [],
      files: [],
      screenshotUrl: expect.stringContaining(`/scene/${id}/screenshot?t=`),
      updatedAt: stash.scenes.get(id)?.updated_at,
    });
  });

  it('reads a full scene, its primary file first, and the time stamp as text', async () => {
    const { stash, client } = await signedIn({ utcOffsetMinutes: 660 });
    const id = stash.scenes.add({
      title: 'T',
      details: 'D',
      date: '2024-05',
      rating100: 80,
      studio: 'S',
      performers: ['A', 'B'],
      tags: ['X', 'Y'],
      files: [
        { path: '/data/a.mkv', size: 5_000_000_000 },
        { path: 'D:\\b.mkv', size: 7 },
      ],
    });
    const scene = (await client.scenes([id])).get(id);
    expect(scene).toMatchObject({
      title: 'T',
      details: 'D',
      date: '2024-05',
      rating100: 80,
      studio: 'S',
      performers: ['A', 'B'],
      tags: ['X', 'Y'],
      files: [
        { path: '/data/a.mkv', sizeBytes: 5_000_000_000 },
        { path: 'D:\\b.mkv', sizeBytes: 7 },
      ],
      updatedAt: '2026-01-11T23:00:00+11:00',
    });
  });
});

describe('plugin settings', () => {
  it('are empty when nothing is stored for the plugin, or for any plugin', async () => {
    const { stash, client } = await signedIn();
    expect(await client.pluginSettings('Stash2Plex')).toEqual({});
    stash.settings.set('Another', { plex_url: 'http://another' });
    expect(await client.pluginSettings('Stash2Plex')).toEqual({});
  });

  it('are the stored map as it is', async () => {
    const { stash, client } = await signedIn();
    const stored = { plex_url: 'http://plex:32400', max_tags: 50, nested: { deep: true }, off: false };
    stash.settings.set('Stash2Plex', stored);
    expect(await client.pluginSettings('Stash2Plex')).toEqual(stored);
  });
});

describe('signing in', () => {
  const LOGIN: StashDoubleOptions = { auth: { mode: 'login' } };

  it('stays signed in as long as it asks within an hour, by the cookie of each answer', async () => {
    const { clock, stash, client, cookie } = await signedIn(LOGIN);
    const id = stash.scenes.add({ title: 'T' });
    for (let round = 0; round < 5; round += 1) {
      clock.advance(50 * MINUTE_MS);
      expect((await client.scenes([id])).size).toBe(1);
    }
    const cookies = stash.log.all().map(({ headers }) => headers.cookie);
    expect(cookies[0]).toBe(`session=${cookie}`);
    expect(new Set(cookies).size).toBe(5);
  });

  it('hides its first cookie and the one in use, and keeps no list of those between: there is one a second', async () => {
    const { clock, stash, client, redactor } = await signedIn(LOGIN);
    const id = stash.scenes.add();
    for (const pauseMs of [1_000, 1_000, 1_000, 0]) {
      clock.advance(pauseMs);
      await client.scenes([id]);
    }
    const sent = stash.log.all().map(({ headers }) => String(headers.cookie).slice('session='.length));
    expect(new Set(sent).size).toBe(4);
    expect(sent.map((cookie) => redactor.redact(cookie) === '****')).toEqual([true, false, false, true]);
  });

  it('adopts the cookie of an image as well', async () => {
    const { clock, stash, client } = await signedIn(LOGIN);
    const id = stash.scenes.add({ screenshot: tinyJpeg() });
    for (let round = 0; round < 3; round += 1) {
      clock.advance(50 * MINUTE_MS);
      expect(await client.image(`${stash.url}/scene/${id}/screenshot`)).toBeDefined();
    }
  });

  it('says that it is no longer let in after more than the session age of silence', async () => {
    const { clock, stash, client } = await signedIn({ auth: { mode: 'login', maxSessionAgeSecs: 600 } });
    const id = stash.scenes.add({ screenshot: tinyJpeg() });
    clock.advance(11 * MINUTE_MS);
    const unauthorized = { name: 'StashError', kind: 'unauthorized' };
    expect(await failure(client.scenes([id]))).toMatchObject(unauthorized);
    expect(await failure(client.pluginSettings('Stash2Plex'))).toMatchObject(unauthorized);
    expect(await failure(client.image(`${stash.url}/scene/${id}/screenshot`))).toMatchObject(unauthorized);
  });

  it('learns the API key with the settings and outlives the session by it', async () => {
    const { clock, stash, client, redactor } = await signedIn({
      auth: { mode: 'login', apiKey: 'the-api-key' },
    });
    const id = stash.scenes.add({ screenshot: tinyJpeg() });
    await client.pluginSettings('Stash2Plex');
    clock.advance(48 * 60 * MINUTE_MS);
    expect((await client.scenes([id])).size).toBe(1);
    expect(await client.image(`${stash.url}/scene/${id}/screenshot`)).toBeDefined();
    expect(stash.log.all().map(({ headers }) => headers['apikey'])).toEqual([
      undefined,
      'the-api-key',
      'the-api-key',
    ]);
    // A key in an address would end up in logs.
    expect(stash.log.all().every(({ search }) => !search.includes('the-api-key'))).toBe(true);
    expect(redactor.redact('key the-api-key')).not.toContain('the-api-key');
  });

  it.each([
    ['changed', 'another-key'],
    ['removed', ''],
  ])(
    'falls back to the session when the key was %s meanwhile, and learns the present one',
    async (_, key) => {
      const { stash, client } = await signedIn({ auth: { mode: 'login', apiKey: 'first-key' } });
      const id = stash.scenes.add();
      await client.pluginSettings('Stash2Plex');
      stash.auth.apiKey = key;
      expect((await client.scenes([id])).size).toBe(1);
      stash.log.clear();
      await client.pluginSettings('Stash2Plex');
      await client.scenes([id]);
      expect(stash.log.all().map(({ status }) => status)).toEqual([200, 200]);
      expect(stash.log.all()[1]?.headers['apikey']).toBe(key || undefined);
    },
  );

  it('is not let in when the key changed and the session has ended', async () => {
    const { clock, stash, client } = await signedIn({ auth: { mode: 'login', apiKey: 'first-key' } });
    await client.pluginSettings('Stash2Plex');
    clock.advance(120 * MINUTE_MS);
    stash.auth.apiKey = 'another-key';
    expect(await failure(client.scenes([1]))).toMatchObject({ kind: 'unauthorized' });
  });

  it('never shows the session in an error', async () => {
    const { clock, client, cookie } = await signedIn(LOGIN);
    clock.advance(120 * MINUTE_MS);
    const error = await failure(client.scenes([1]));
    expect(error).toMatchObject({ message: expect.not.stringContaining(cookie) });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(cookie);
  });
});

describe('trouble with Stash', () => {
  it.each<[string, string, FaultAction]>([
    ['401', 'unauthorized', { status: 401 }],
    ['403 (exposed to the internet)', 'unauthorized', { status: 403 }],
    ['400', 'rejected', { status: 400 }],
    ['404', 'rejected', { status: 404 }],
    ['422', 'rejected', { status: 422 }],
    ['429', 'unavailable', { status: 429 }],
    ['500', 'unavailable', { status: 500 }],
    ['502', 'unavailable', { status: 502 }],
    ['503', 'unavailable', { status: 503 }],
    ['an error without data', 'unavailable', { graphqlError: 'Internal system error. panic' }],
    ['a reset', 'unavailable', 'reset'],
    ['an empty answer', 'unavailable', 'emptyReply'],
    ['half an answer', 'unavailable', 'truncated'],
    ['a login page', 'unavailable', 'loginPage'],
  ])('takes %s for %s, for scenes and for settings (W8)', async (_, kind, action) => {
    const { stash, client } = await signedIn();
    const id = stash.scenes.add();
    stash.faults.add({ action });
    expect(await failure(client.scenes([id]))).toMatchObject({ name: 'StashError', kind });
    expect(await failure(client.pluginSettings('Stash2Plex'))).toMatchObject({ name: 'StashError', kind });
    stash.faults.clear();
    expect((await client.scenes([id])).size).toBe(1);
  });

  it.each<[string, string, FaultAction]>([
    ['401', 'unauthorized', { status: 401 }],
    ['302', 'unauthorized', { status: 302 }],
    ['403', 'rejected', { status: 403 }],
    ['500', 'rejected', { status: 500 }],
    ['503', 'rejected', { status: 503 }],
    ['a reset', 'unavailable', 'reset'],
    ['half an image', 'unavailable', 'truncated'],
  ])('takes %s for %s, not for a scene without image (W-37)', async (_, kind, action) => {
    const { stash, client } = await signedIn();
    const id = stash.scenes.add({ screenshot: tinyJpeg() });
    stash.faults.add({ action });
    const url = `${stash.url}/scene/${id}/screenshot`;
    expect(await failure(client.image(url))).toMatchObject({ name: 'StashError', kind });
  });

  it('is unavailable while Stash is away, and answers again afterwards', async () => {
    const { stash, client } = await signedIn();
    const id = stash.scenes.add();
    await client.scenes([id]);
    await stash.stop();
    expect(await failure(client.scenes([id]))).toMatchObject({ name: 'StashError', kind: 'unavailable' });
    expect(await failure(client.pluginSettings('x'))).toMatchObject({ kind: 'unavailable' });
    expect(await failure(client.image(`/scene/${id}/screenshot`))).toMatchObject({ kind: 'unavailable' });
    await stash.start();
    expect((await client.scenes([id])).size).toBe(1);
  });
});

describe('images', () => {
  it.each([
    ['image/jpeg', tinyJpeg('cover')],
    ['image/png', tinyPng(1, 2, 3)],
  ])('are read as %s, bytes and hash (W-50)', async (contentType, screenshot) => {
    const { stash, client } = await signedIn();
    const id = stash.scenes.add({ screenshot });
    const scene = (await client.scenes([id])).get(id);
    const image = await client.image(scene && 'screenshotUrl' in scene ? (scene.screenshotUrl ?? '') : '');
    expect(image).toMatchObject({ contentType, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(image).toMatchObject({ bytes: screenshot });
  });

  it('are undefined for the placeholder, a scene without one and a scene that is gone (W-50)', async () => {
    const { stash, client } = await signedIn();
    const id = stash.scenes.add();
    expect(await client.image(`${stash.url}/scene/${id}/screenshot?t=1`)).toBeUndefined();
    expect(await client.image(`${stash.url}/scene/4711/screenshot`)).toBeUndefined();
  });

  it('are taken up to 10 MB, which is what Plex takes (W-50)', async () => {
    const { stash, client } = await signedIn();
    const largest = Buffer.concat([tinyJpeg(), Buffer.alloc(10_000_000)]).subarray(0, 9_999_999);
    const fits = stash.scenes.add({ screenshot: largest });
    const exceeds = stash.scenes.add({ screenshot: Buffer.concat([largest, Buffer.alloc(1)]) });
    expect(await client.image(`/scene/${fits}/screenshot`)).toMatchObject({ bytes: { length: 9_999_999 } });
    expect(await client.image(`/scene/${exceeds}/screenshot`)).toMatchObject({
      unusable: 'has 10.0 MB, and Plex takes less than 10 MB',
    });
  });

  it.each([
    'https://stash.example:8443',
    'https://example.org/behind/a/prefix',
    'http://[2001:db8::1]:9999/p',
  ])(
    'are asked of the Stash this process belongs to, whatever host the address names: %s (W-50)',
    async (base) => {
      const { stash, client } = await signedIn({ auth: { mode: 'login' } });
      const id = stash.scenes.add({ screenshot: tinyJpeg() });
      expect(await client.image(`${base}/scene/${id}/screenshot?t=17`)).toBeDefined();
      expect(stash.log.all()).toMatchObject([
        { method: 'GET', path: `/scene/${id}/screenshot`, search: '?t=17' },
      ]);
    },
  );

  it('never lead the credentials to another server (W-50)', async () => {
    const { stash, client } = await signedIn({ auth: { mode: 'login', apiKey: 'the-api-key' } });
    const elsewhere = await startStashDouble();
    onTestFinished(() => elsewhere.close());
    elsewhere.scenes.add({ id: 1, screenshot: tinyJpeg() });
    await client.pluginSettings('Stash2Plex');
    for (const path of ['/scene/1/screenshot', '/image.jpg', '/scene/1', '@/scene/1/screenshot']) {
      await client.image(elsewhere.url + path);
    }
    expect(elsewhere.log.count()).toBe(0);
    expect(stash.log.where({ path: /^\/scene\// }).length).toBeGreaterThan(0);
  });
});

describe('what Stash says of itself', () => {
  it('is its version, its database, how one may sign in, and its time', async () => {
    const { stash, client, clock } = await signedIn();
    const dateMs = Math.floor(clock.now() / 1000) * 1000;
    expect(await client.server()).toEqual({
      version: 'v0.30.1',
      database: 'ready',
      schema: 75,
      hasApiKey: false,
      sessionSecs: 3600,
      dateMs,
    });
    stash.auth.apiKey = 'a-key-of-stash';
    stash.database.condition = 'needsMigration';
    expect(await client.server()).toMatchObject({ database: 'needsMigration', schema: 74, hasApiKey: true });
    stash.database.condition = 'needsSetup';
    expect(await client.server()).toMatchObject({ database: 'needsSetup', schema: null });
    stash.faults.add({ action: { json: { data: { version: {} } } } });
    expect(await failure(client.server())).toMatchObject({ kind: 'unavailable' });
  });
});

describe('random scenes', () => {
  it('are some of those with files, the same ones for the same seed (W-46)', async () => {
    const { stash, client } = await signedIn();
    for (let index = 0; index < 30; index += 1) {
      stash.scenes.add({ title: `T ${index}`, files: index % 3 === 0 ? [] : [`/data/${index}.mkv`] });
    }
    const ids = async (seed: number) => (await client.randomScenes(seed, 8)).map(({ id }) => id);
    const first = await ids(7);
    expect(new Set(first).size).toBe(8);
    expect(await ids(7)).toEqual(first);
    expect(await ids(8)).not.toEqual(first);
    const all = await client.randomScenes(1, 100);
    expect(all).toHaveLength(20);
    expect(all.every(({ files }) => files.length === 1)).toBe(true);
  });

  it('fail as a whole where Stash fails', async () => {
    const { stash, client } = await signedIn();
    stash.faults.add({ action: { graphqlError: 'database is locked' } });
    expect(await failure(client.randomScenes(1, 5))).toMatchObject({ kind: 'unavailable' });
  });
});
