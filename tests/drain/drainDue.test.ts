import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drainDue } from '../../src/drain/drainDue.ts';
import type { Obstacle } from '../../src/failures/Obstacle.ts';
import { enqueueScenes } from '../../src/queue/enqueueScenes.ts';
import { createJobStore, MAX_HAND_OUTS } from '../../src/queue/JobStore.ts';
import type { PlexRequest } from '../support/plexDouble/PlexRequest.ts';
import type { FaultAction as PlexFault } from '../support/plexDouble/startPlexDouble.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { type Bench, startBench } from '../support/startBench.ts';
import type { FaultAction as StashFault } from '../support/stashDouble/startStashDouble.ts';

/** A job as it was recorded; repeating an interrupted request takes a moment. */
const UNTOUCHED = {
  state: 'pending',
  attempts: 0,
  error: null,
  dueInMs: expect.toSatisfy((ms: number) => ms <= 1_000),
};
const WITH_IMAGE = { screenshot: tinyJpeg('cover'), tags: ['T'] };

/** The PUTs of one item's edits. */
const editOf = (bench: Bench, name: string) => {
  const { ratingKey } = bench.item(name);
  return (request: PlexRequest) => request.method === 'PUT' && request.parameter('id') === ratingKey;
};

const titles = ({ plex }: Bench) => [...plex.library.items()].map(({ title }) => title);

describe('a drain', () => {
  it('works off every due job and says how each ended (WK-2, WK-3)', async () => {
    const bench = await startBench();
    const synced = bench.scanned('one', { title: 'One' });
    const right = bench.scanned(
      'two',
      { title: 'two', details: '', date: '2020-01-01' },
      { originallyAvailableAt: '2020-01-01' },
    );
    const bare = bench.scanned('three', { details: '' });
    const missing = bench.stash.scenes.add({ files: ['/data/films/four.mkv'], details: 'D' });
    expect(await bench.sync(synced, right, bare, 4711, missing)).toEqual({
      synced: 2,
      unchanged: 1,
      skipped: 2,
      shared: 0,
      retried: 1,
      buried: 0,
    });
    expect(bench.jobs.counts()).toEqual({ due: 0, waiting: 1, running: 0, deadLetters: 0 });
    expect(bench.plex.violations).toEqual([]);
  });

  it('stores the updated_at of the data that was written as the sync version (18.9, W4, W-38, W-48)', async () => {
    const bench = await startBench({ stash: { utcOffsetMinutes: 660 } });
    const id = bench.scanned('version', { updated_at: '2025-12-31T23:59:58.123+11:00' });
    bench.clock.advance(2 * 3_600_000);
    await bench.sync(id);
    expect(bench.jobs.sceneSyncs(id)[0]?.sceneUpdatedAt).toBe('2025-12-31T23:59:58.123+11:00');
  });

  it('does not touch jobs that are not due (W18, WK-10)', async () => {
    const bench = await startBench();
    const id = bench.scanned('later');
    bench.record(id);
    bench.clock.advance(-600_000);
    expect(await bench.drain()).toMatchObject({ synced: 0 });
    expect(bench.job(id)).toMatchObject({ attempts: 0, dueInMs: 600_000 });
    expect(bench.plex.log.count() + bench.stash.log.count()).toBe(0);
  });

  it('is not held up by a job that waits for its next attempt (W18)', async () => {
    const bench = await startBench();
    const missing = bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
    await bench.sync(missing);
    expect(await bench.sync(bench.scanned('next'))).toMatchObject({ synced: 1, retried: 0 });
  });

  it('goes through more jobs than one batch, in order, and reports each end', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 250 }, (_, index) =>
      bench.scanned(`film ${index}`, { title: `T${index}` }),
    );
    bench.record(...ids);
    let ends = 0;
    const result = await drainDue(bench.context, () => {
      ends += 1;
    });
    expect(result).toMatchObject({ synced: 250 });
    expect(ends).toBe(250);
    const edited = bench.plex.log.where({ method: 'PUT' }).map((request) => request.parameter('title.value'));
    expect(edited).toEqual(ids.map((_, index) => `T${index}`));
    expect(bench.plex.log.peakWrites).toBe(1);
    expect(bench.plex.connections).toBe(1);
    // Scenes are read together.
    expect(bench.stash.log.count({ operation: 'Stash2PlexScenes' })).toBe(3);
  });

  it('reports the end of a job only for jobs that it ran', async () => {
    const bench = await startBench();
    const [first, second] = [bench.scanned('one', { title: 'One' }), bench.scanned('two', { title: 'Two' })];
    bench.record(first, second);
    let ends = 0;
    let changed = false;
    bench.plex.faults.add({
      match: (request) => {
        // The second scene changes while the first is written: it is read anew.
        if (request.method === 'PUT' && !changed) {
          changed = true;
          bench.record(second);
        }
        return false;
      },
      action: { kind: 'resetBefore' },
    });
    const result = await drainDue(bench.context, () => {
      ends += 1;
    });
    expect(result).toMatchObject({ synced: 2 });
    expect(ends).toBe(2);
  });

  it('pauses after each synced scene for as long as the user asked', async () => {
    const bench = await startBench();
    bench.context.jobDelayMs = 150;
    await bench.sync(bench.scanned('one'), bench.scanned('two'), 4711);
    expect(bench.clock.sleeps.filter((ms) => ms === 150)).toHaveLength(2);
  });
});

describe('the number of requests (W-24)', () => {
  it('is one read and one PUT for a scene that changed, warm', async () => {
    const bench = await startBench();
    const id = bench.scanned('warm', { ...WITH_IMAGE, title: 'A' });
    await bench.sync(id);
    bench.stash.scenes.update(id, { title: 'B', studio: 'S', performers: ['P'], tags: ['U'], details: '' });
    bench.plex.log.clear();
    await bench.sync(id);
    expect(bench.plexRequests()).toEqual([
      `GET /library/metadata/${bench.item('warm').ratingKey}`,
      `PUT /library/sections/${bench.sectionKey}/all`,
    ]);
  });

  it('is one comma-joined read for a batch of scenes that did not change', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 25 }, (_, index) => bench.scanned(`film ${index}`, WITH_IMAGE));
    await bench.sync(...ids);
    bench.plex.log.clear();
    expect(await bench.sync(...ids)).toMatchObject({ synced: 25, unchanged: 25 });
    const requests = bench.plexRequests();
    expect(requests).toHaveLength(1);
    expect(requests[0]?.split(',')).toHaveLength(25);
    expect(bench.plex.violations).toEqual([]);
  });

  it('is none at all for scenes that are not to be synced, however many', async () => {
    const bench = await startBench();
    await bench.sync(bench.scanned('first'));
    bench.plex.log.clear();
    await bench.sync(...Array.from({ length: 30 }, (_, index) => 5_000 + index));
    expect(bench.plex.log.count()).toBe(0);
  });
});

/** Where in a sync of a scene that is new to the plugin each request comes. */
const ENDPOINTS = {
  identity: /^GET \/identity$/,
  sections: /^GET \/library\/sections$/,
  'listing by file': /^GET \/library\/sections\/\d+\/all$/,
  item: /^GET \/library\/metadata\/\d+$/,
  edit: /^PUT \/library\/sections\/\d+\/all$/,
  image: /^POST \/library\/metadata\/\d+\/posters$/,
  background: /^POST \/library\/metadata\/\d+\/arts$/,
  selection: /^PUT \/library\/metadata\/\d+\/poster$/,
} as const;
type Endpoint = keyof typeof ENDPOINTS;

/** Every fault of the double. */
const FAULTS: readonly (readonly [name: string, PlexFault])[] = [
  ...[400, 401, 403, 404, 408, 500, 502, 504].map((status): [string, PlexFault] => [
    `status ${status}`,
    { kind: 'status', status },
  ]),
  ['status 429 with Retry-After', { kind: 'retryAfter', status: 429, retryAfter: 17 }],
  ['status 503 with Retry-After', { kind: 'retryAfter', status: 503, retryAfter: 17 }],
  ['status 500 after the effect', { kind: 'status', status: 500, applied: true }],
  ['maintenance', { kind: 'maintenance' }],
  ['an answer after the time-out', { kind: 'delay', ms: 60_000 }],
  ['an effect with an answer after the time-out', { kind: 'delay', ms: 60_000, applied: true }],
  ['a reset', { kind: 'resetBefore' }],
  ['a reset after the effect', { kind: 'resetAfter' }],
  ['an empty reply', { kind: 'emptyReply' }],
  ['half an answer', { kind: 'truncatedBody' }],
  ['a login page', { kind: 'loginPage' }],
];
const isStatus = (action: PlexFault, ...statuses: number[]) =>
  action.kind === 'status' && statuses.includes(action.status);

/** What a fault means that two scenes meet and that nobody knows anything about. */
type FirstMeaning =
  /** No scene can even be looked for. */
  | Obstacle['kind']
  /** It may be the scene or the server: each waits a moment. */
  | 'deferred'
  /** Plex has said what it thinks of one picture, and has the rest. */
  | 'partial';

function firstMeaning(endpoint: Endpoint, action: PlexFault): FirstMeaning {
  if (endpoint === 'identity' || endpoint === 'sections')
    return isStatus(action, 401, 403) ? 'setup' : 'plexDown';
  const isPicture = endpoint === 'image' || endpoint === 'background' || endpoint === 'selection';
  return isPicture && isStatus(action, 400) ? 'partial' : 'deferred';
}

/** What Plex refuses is named otherwise than what it fails at; both are kept with the job. */
const classOf = (action: PlexFault) =>
  isStatus(action, 400, 401, 403) ? 'PlexPermanentError' : 'PlexTemporaryError';

const PLEX_TABLE = FAULTS.flatMap(([name, action]) =>
  (Object.keys(ENDPOINTS) as Endpoint[]).flatMap((endpoint) => {
    // An upload has two minutes, which no test waits for.
    const isTooLong = action.kind === 'delay' && (endpoint === 'image' || endpoint === 'background');
    return isTooLong ? [] : [{ name, endpoint, meaning: firstMeaning(endpoint, action), action }];
  }),
);

describe('the first faults of Plex (ERR-5, W9, W10, W11, W14, W59, A7)', () => {
  it.each(PLEX_TABLE)(
    'cost nothing and lose nothing: $name at $endpoint is $meaning',
    async ({ endpoint, meaning, action }) => {
      const bench = await startBench({ readTimeoutMs: 250, settings: { skip_not_found: false } });
      const ids = [
        bench.scanned('one', { ...WITH_IMAGE, title: 'One' }),
        bench.scanned('two', { ...WITH_IMAGE, title: 'Two' }),
      ];
      bench.plex.faults.add({ match: ENDPOINTS[endpoint], action });
      const result = await bench.sync(...ids);
      const rows = ids.map((id) => bench.job(id));

      expect(result).toMatchObject({ skipped: 0, buried: 0 });
      if (meaning === 'partial') {
        const error = 'PlexPartialError';
        expect(result).toMatchObject({ synced: 0, retried: 2 });
        expect(rows).toEqual([1, 2].map(() => ({ state: 'pending', attempts: 1, error, dueInMs: 300_000 })));
      } else if (meaning === 'deferred') {
        expect(result.retried).toBeGreaterThan(0);
        // What took effect is seen to be right at the next look, after the moment that Plex is left in peace.
        const left = rows.filter((row) => row !== undefined);
        expect(result.synced).toBe(2 - left.length);
        for (const row of left) expect(row).toMatchObject({ state: 'pending', attempts: 0 });
        const errors = new Set(left.flatMap(({ error }) => error ?? []));
        expect([...errors]).toEqual(left.length > 0 ? [classOf(action)] : []);
        if (action.kind === 'status') expect(left.map(({ dueInMs }) => dueInMs)).toEqual([5_000, 5_000]);
      } else {
        expect(result).toMatchObject({ synced: 0, retried: 0, obstacle: { kind: meaning } });
        expect(rows).toEqual([UNTOUCHED, UNTOUCHED]);
      }
      if (action.kind === 'retryAfter')
        expect(result.obstacle).toMatchObject({ kind: 'plexDown', retryAfterMs: 17_000 });
      expect(bench.givenUp()).toEqual([]);
      // An edit that timed out goes on in Plex, for longer than this fake clock can wait.
      if (action.kind !== 'delay') expect(bench.plex.log.peakWrites).toBeLessThanOrEqual(1);

      // Nothing was lost: when the trouble is over, everything is synced.
      bench.plex.faults.clear();
      bench.plex.advance(120_000);
      bench.clock.advance(60_000);
      await bench.drainAll();
      expect(titles(bench)).toEqual(['One', 'Two']);
      expect(bench.jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
      expect(bench.plex.violations).toEqual([]);
    },
  );

  it.each(FAULTS)('cost nothing where a rating is taken away: %s (W-35, W-37)', async (_, action) => {
    const bench = await startBench({ readTimeoutMs: 250, settings: { sync_rating: true } });
    const id = bench.scanned('rated', { rating100: 80 });
    await bench.sync(id);
    bench.stash.scenes.update(id, { rating100: null });
    bench.plex.faults.add({ match: /^PUT \/:\/rate$/, action });
    const result = await bench.sync(id);
    expect(result).toMatchObject({ skipped: 0, buried: 0 });
    expect(result.retried).toBeGreaterThan(0);
    const row = bench.job(id);
    if (row) expect(row).toMatchObject({ state: 'pending', attempts: 0, error: classOf(action) });
    else expect(result).toMatchObject({ synced: 1 });
    if (action.kind === 'retryAfter') expect(result.obstacle).toMatchObject({ retryAfterMs: 17_000 });
    bench.plex.faults.clear();
    bench.plex.advance(120_000);
    bench.clock.advance(60_000);
    await bench.drainAll();
    expect(bench.item('rated').userRating).toBeUndefined();
    expect(bench.jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
  });

  it.each<[string, PlexFault]>([
    ['a reset', { kind: 'resetBefore' }],
    ['a reset after the effect', { kind: 'resetAfter' }],
    ['an empty reply', { kind: 'emptyReply' }],
    ['half an answer', { kind: 'truncatedBody' }],
  ])('%s that happens once at any endpoint is not even noticed', async (_, action) => {
    for (const match of Object.values(ENDPOINTS)) {
      const bench = await startBench();
      const id = bench.scanned('once', { ...WITH_IMAGE, title: 'Once' });
      const fault = bench.plex.faults.add({ match, times: 1, action });
      expect(await bench.sync(id)).toEqual({
        synced: 1,
        unchanged: 0,
        skipped: 0,
        shared: 0,
        retried: 0,
        buried: 0,
      });
      expect(fault.hits).toBe(1);
    }
  });

  /** A listing that fails is done without; one that says that Plex is away, or that something is to be settled, is believed. */
  const LISTED = FAULTS.map(([name, action]) => {
    const isDoneWithout =
      isStatus(action, 400, 500) ||
      ['delay', 'resetBefore', 'resetAfter', 'emptyReply', 'truncatedBody'].includes(action.kind);
    const outcome = isDoneWithout ? 'synced' : isStatus(action, 401, 403) ? 'setup' : 'plexDown';
    return [name, outcome, action] as const;
  });
  it.each(LISTED)(
    '%s at the listing of the library: %s, and nobody pays (W-10)',
    async (_, outcome, action) => {
      const bench = await startBench({ readTimeoutMs: 250 });
      const ids = Array.from({ length: 12 }, (_, index) =>
        bench.scanned(`new ${index}`, { title: `T${index}` }),
      );
      bench.plex.faults.add({ match: (request) => request.parameter('sort') !== undefined, action });
      const result = await bench.sync(...ids);
      if (outcome === 'synced') expect(result).toMatchObject({ synced: 12, retried: 0 });
      else {
        expect(result).toMatchObject({ synced: 0, buried: 0, skipped: 0, obstacle: { kind: outcome } });
        // Three scenes in a row, and it is no scene's fault; who asks to wait is believed at once.
        expect(result.retried).toBe(action.kind === 'retryAfter' ? 1 : 2);
        expect(ids.map((id) => bench.job(id)?.attempts)).toEqual(ids.map(() => 0));
      }
      expect(bench.givenUp()).toEqual([]);
      bench.plex.faults.clear();
      bench.plex.advance(120_000);
      await bench.drainAll();
      expect(titles(bench)).toEqual(ids.map((_, index) => `T${index}`));
    },
  );

  it.each(FAULTS)('%s at the request for a scan changes nothing for the scene (W-66)', async (_, action) => {
    const bench = await startBench({ readTimeoutMs: 250, settings: { trigger_plex_scan: true } });
    const id = bench.stash.scenes.add({ details: 'D', files: ['/data/films/absent.mkv'] });
    const fault = bench.plex.faults.add({ match: /^GET \/library\/sections\/\d+\/refresh$/, action });
    expect(await bench.sync(id)).toMatchObject({ retried: 1, buried: 0 });
    expect(bench.job(id)).toMatchObject({ attempts: 1, error: 'PlexNotFound' });
    expect(fault.hits).toBeGreaterThan(0);
    expect(await bench.reliability.breaker.state()).toBe('closed');
  });

  it('an outage that begins in the middle of a drain stops it there (W59)', async () => {
    const bench = await startBench({ settings: { skip_not_found: true } });
    const ids = Array.from({ length: 30 }, (_, index) =>
      bench.scanned(`film ${index}`, { title: `T${index}` }),
    );
    bench.plex.faults.add({ nth: 20, action: { kind: 'resetBefore' } });
    const result = await bench.sync(...ids);
    expect(result).toMatchObject({ retried: 0, buried: 0, skipped: 0, obstacle: { kind: 'plexDown' } });
    const { due, waiting } = bench.jobs.counts();
    expect(result.synced + due + waiting).toBe(30);
    bench.plex.faults.clear();
    bench.clock.advance(60_000);
    await bench.drain();
    expect(titles(bench)).toEqual(ids.map((_, index) => `T${index}`));
  });

  it('a refused connection from the start leaves every job where it is (18.9, W10, ERR-7)', async () => {
    const bench = await startBench({ settings: { plex_library: 'Films', skip_not_found: true } });
    const ids = Array.from({ length: 8 }, (_, index) => bench.scanned(`film ${index}`));
    await bench.plex.stop();
    for (let pass = 0; pass < 20; pass += 1) {
      expect(await bench.sync(...ids)).toMatchObject({ obstacle: { kind: 'plexDown' } });
    }
    expect(ids.map((id) => bench.job(id))).toEqual(ids.map(() => UNTOUCHED));
    await bench.plex.start();
    bench.clock.advance(60_000);
    expect(await bench.drain()).toMatchObject({ synced: 8 });
  });

  it('a library name that Plex does not know is for the user to settle (ERR-9, W-09)', async () => {
    const bench = await startBench({ settings: { plex_library: 'Filme' } });
    const id = bench.scanned('one');
    expect(await bench.sync(id)).toMatchObject({
      obstacle: { kind: 'setup', message: expect.stringContaining('Filme') },
    });
    expect(bench.job(id)).toEqual(UNTOUCHED);
  });
});

describe('the data of an attempt', () => {
  it('is what Stash has now, also at the second attempt and without another event (W-42, W-47)', async () => {
    const bench = await startBench();
    const id = bench.scanned('now', { title: 'Then', tags: ['Then'] });
    bench.plex.faults.add({ match: ENDPOINTS.edit, times: 1, action: { kind: 'status', status: 500 } });
    expect(await bench.sync(id)).toMatchObject({ retried: 1 });
    bench.stash.scenes.update(id, { title: 'Now', tags: ['Now'], studio: 'S' });
    await bench.drainAll();
    expect(bench.item('now')).toMatchObject({ title: 'Now', genres: ['Now'], studio: 'S' });
    expect(bench.jobs.sceneSyncs(id)[0]?.sceneUpdatedAt).toBe(bench.stash.scenes.get(id)?.updated_at);
  });

  it('is complete, the picture included, whoever queued the scene (W-39, W-45)', async () => {
    const bench = await startBench();
    const id = bench.scanned('full', { ...WITH_IMAGE, studio: 'S', performers: ['P'], date: '2021' });
    await bench.sync(id);
    expect(bench.item('full')).toMatchObject({
      studio: 'S',
      summary: 'About full.',
      originallyAvailableAt: '2021-01-01',
      genres: ['T'],
      roles: [{ tag: 'P' }],
    });
    expect(bench.plex.log.count({ method: 'POST' })).toBe(2);
  });

  it.each(['Generating…', 'Scanning…', 'Cleaning generated files…', 'Running plugin task: scan'])(
    'is read and written while Stash is busy with "%s" (W-44)',
    async (description) => {
      const bench = await startBench();
      bench.stash.jobs.add(description);
      expect(await bench.sync(bench.scanned('busy', { title: 'Busy' }))).toMatchObject({ synced: 1 });
      expect(bench.item('busy').title).toBe('Busy');
    },
  );
});

describe('trouble with one item', () => {
  it.each([500, 400])(
    'status %d at the read of one known item does not keep the others from being synced for ever (W14, W18)',
    async (status) => {
      const bench = await startBench();
      const [sick, well] = [bench.scanned('sick', { title: 'A' }), bench.scanned('well', { title: 'A' })];
      await bench.sync(sick, well);
      for (const id of [sick, well]) bench.stash.scenes.update(id, { title: 'B' });
      const { ratingKey } = bench.item('sick');
      // Plex fails whenever this item is among those asked for.
      bench.plex.faults.add({
        match: ({ method, path }) =>
          method === 'GET' && (path.split('/').at(-1)?.split(',') ?? []).includes(ratingKey),
        action: { kind: 'status', status },
      });
      bench.record(sick, well);
      for (let pass = 0; pass < 10; pass += 1) {
        await bench.drainAll(10);
        bench.clock.advance(60_000);
      }
      expect(bench.item('well').title).toBe('B');
      expect(bench.givenUp()).toMatchObject([{ sceneId: sick }]);
    },
  );

  it.each([502, 503, 504])(
    'status %d for one item, from a proxy for example, holds up no other scene (W14)',
    async (status) => {
      const bench = await startBench();
      const names = ['sick', 'a', 'b', 'c'];
      const ids = names.map((name) => bench.scanned(name, { title: 'A' }));
      await bench.sync(...ids);
      for (const id of ids) bench.stash.scenes.update(id, { title: 'B' });
      const { ratingKey } = bench.item('sick');
      bench.plex.faults.add({
        match: ({ path }) => (path.split('/').at(-1)?.split(',') ?? []).includes(ratingKey),
        action: { kind: 'status', status },
      });
      bench.record(...ids);
      for (let pass = 0; pass < 5; pass += 1) {
        await bench.drain();
        bench.clock.advance(1_000);
      }
      expect(names.map((name) => bench.item(name).title)).toEqual(['A', 'B', 'B', 'B']);
      expect(bench.job(ids[0] ?? 0)).toMatchObject({ state: 'pending', attempts: 0 });
      expect(bench.givenUp()).toEqual([]);
    },
  );

  it('an item whose answer nobody can read holds up no other scene, listed or read among others (W14)', async () => {
    const bench = await startBench();
    const bad = bench.scanned('bad', { title: 'Bad' });
    const others = Array.from({ length: 12 }, (_, index) =>
      bench.scanned(`film ${index}`, { title: `T${index}` }),
    );
    const { ratingKey } = bench.item('bad');
    bench.plex.faults.add({
      match: (request) =>
        new RegExp(`metadata/.*\\b${ratingKey}\\b`).test(request.path) ||
        request.parameter('sort') !== undefined,
      action: { kind: 'halfDocument' },
    });
    bench.record(bad, ...others);
    await bench.drainAll();
    expect(others.map((_, index) => bench.item(`film ${index}`).title)).toEqual(
      others.map((_, index) => `T${index}`),
    );
    expect(bench.givenUp()).toEqual([{ sceneId: bad, type: 'PlexTemporaryError', attempts: 5 }]);
    // Known by now, they are read together. Five failures of one scene have opened the circuit meanwhile.
    await bench.reliability.breaker.reset();
    expect(await bench.sync(bad, ...others)).toMatchObject({ synced: 12, unchanged: 12, retried: 1 });
  });

  it('a scene that Stash fails to read is tried a few times and then shown, the others go on (W8)', async () => {
    const bench = await startBench();
    const [bad, good] = [bench.scanned('bad'), bench.scanned('good', { title: 'Good' })];
    Object.defineProperty(bench.stash.scenes.requireRecord(bad), 'title', {
      get: () => {
        throw new Error('Internal system error.');
      },
    });
    expect(await bench.sync(bad, good)).toMatchObject({ synced: 1, retried: 1 });
    await bench.drainAll();
    expect(bench.givenUp()).toEqual([{ sceneId: bad, type: 'StashError', attempts: 5 }]);
  });

  it('an item that vanishes between look-up and edit is looked up anew', async () => {
    const bench = await startBench();
    const id = bench.scanned('vanish', { title: 'New' });
    let isDone = false;
    bench.plex.faults.add({
      match: ({ method }) => {
        if (method === 'PUT' && !isDone) {
          isDone = true;
          bench.plex.library.reissue(bench.item('vanish').ratingKey);
        }
        return false;
      },
      action: { kind: 'resetBefore' },
    });
    expect(await bench.sync(id)).toMatchObject({ retried: 1 });
    await bench.drainAll();
    expect(bench.item('vanish').title).toBe('New');
  });

  it('gives up after max_retries attempts that it is to blame for, 80 s at most, and says why (WK-4)', async () => {
    const bench = await startBench();
    await bench.sync(bench.scanned('other'));
    const id = bench.scanned('five', { title: 'Five' });
    bench.plex.faults.add({ match: editOf(bench, 'five'), action: { kind: 'status', status: 500 } });
    const start = bench.clock.now();
    bench.record(id);
    const results = await bench.drainAll();
    // The first time says nothing yet; at the second an edit of the other scene works.
    expect(results).toHaveLength(1 + 5);
    expect(bench.clock.now() - start).toBe(5_000 + 75_000);
    expect(bench.givenUp()).toEqual([{ sceneId: id, type: 'PlexTemporaryError', attempts: 5 }]);
    expect(bench.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});

describe('a scene of which Plex refuses a part (W-37)', () => {
  const REFUSED = /genre/;

  it('is synced but for that part, tried again in a long rhythm, and then shown (18.11)', async () => {
    const bench = await startBench();
    const id = bench.scanned('part', { title: 'Part', tags: ['T'] });
    bench.plex.faults.add({ match: REFUSED, action: { kind: 'status', status: 400 } });
    const isPart = editOf(bench, 'part');
    // Refused as a whole, while the other scene's edit is taken: then it is about this one's data.
    expect(await bench.sync(id, bench.scanned('other'))).toMatchObject({ synced: 1, retried: 1 });
    expect(bench.job(id)).toEqual({
      state: 'pending',
      attempts: 0,
      error: 'PlexPermanentError',
      dueInMs: 5_000,
    });
    bench.clock.advance(5_000);
    const gapsSecs: number[] = [];
    for (;;) {
      expect(await bench.drain()).toMatchObject({ synced: 0 });
      expect(bench.item('part')).toMatchObject({ title: 'Part', summary: 'About part.', genres: [] });
      const row = bench.job(id);
      if (!row) break;
      expect(row).toMatchObject({ state: 'pending', error: 'PlexPartialError' });
      gapsSecs.push(row.dueInMs / 1000);
      bench.clock.advance(row.dueInMs);
    }
    expect(gapsSecs).toEqual([300, 600, 1_200]);
    expect(bench.givenUp()).toEqual([{ sceneId: id, type: 'PlexPartialError', attempts: 4 }]);
    // Together, then once more and one by one, and after that only what is outstanding.
    expect(bench.plex.log.where(isPart)).toHaveLength(1 + (1 + 3) + 3);
    // It never counts as synced, so that whoever compares versions finds it.
    expect(bench.jobs.sceneSyncs(id)[0]).toMatchObject({
      sceneUpdatedAt: null,
      written: { outstanding: ['genre'] },
    });
  });

  it('is complete as soon as Plex takes that part, and then as synced as any other', async () => {
    const bench = await startBench();
    const id = bench.scanned('part', { ...WITH_IMAGE, title: 'Part' });
    bench.plex.faults.add({ match: REFUSED, times: 3, action: { kind: 'status', status: 400 } });
    bench.record(id, bench.scanned('other'));
    expect((await bench.drainAll()).map(({ synced, retried }) => [synced, retried])).toEqual([
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
    expect(bench.item('part').genres).toEqual(['T']);
    expect(bench.plex.log.count({ method: 'POST' })).toBe(2);
    expect(bench.jobs.sceneSyncs(id)[0]?.sceneUpdatedAt).toBe(bench.stash.scenes.get(id)?.updated_at);
    expect(await bench.sync(id)).toMatchObject({ unchanged: 1 });
  });

  it('is not written to death: nothing is taken apart while Plex takes no edit of anybody (A7)', async () => {
    const bench = await startBench();
    const ids = ['one', 'two', 'three'].map((name) => bench.scanned(name, { title: name, tags: ['T'] }));
    bench.plex.faults.add({ match: ENDPOINTS.edit, action: { kind: 'status', status: 400 } });
    expect(await bench.sync(...ids)).toMatchObject({ retried: 2, buried: 0, obstacle: { kind: 'plexDown' } });
    expect(bench.plex.log.count({ method: 'PUT' })).toBe(3);
    expect(ids.map((id) => bench.job(id)?.attempts)).toEqual([0, 0, 0]);
  });

  it('says nothing about Plex: six such scenes among others open no circuit and stop nobody', async () => {
    const bench = await startBench();
    const good = (name: string) => bench.scanned(name, { title: `Good ${name}` });
    const ids = Array.from({ length: 6 }, (_, index) => [
      bench.scanned(`film ${index}`, { tags: ['T'] }),
      good(`other ${index}`),
    ]).flat();
    bench.plex.faults.add({ match: REFUSED, action: { kind: 'status', status: 400 } });
    expect(await bench.sync(...ids)).toMatchObject({ synced: 6, retried: 6 });
    bench.clock.advance(5_000);
    // The two who were charged before the third one showed that it is nobody's fault come once more.
    expect(await bench.drain()).toMatchObject({ synced: 0, retried: 6 + 2, buried: 0 });
    const waiting = ids.flatMap((id) => bench.job(id) ?? []);
    expect(waiting.map(({ attempts, error }) => [attempts, error])).toEqual(Array(6).fill([0, 'PartsWait']));
    expect(Array.from({ length: 6 }, (_, index) => bench.item(`film ${index}`).summary)).toEqual(
      Array.from({ length: 6 }, (_, index) => `About film ${index}.`),
    );
    expect(await bench.reliability.breaker.canExecute()).toBe(true);
  });

  it('comes back with the next event, given up or not', async () => {
    const bench = await startBench();
    const id = bench.scanned('part', { title: 'Part', tags: ['T'] });
    bench.plex.faults.add({ match: REFUSED, action: { kind: 'status', status: 400 } });
    bench.record(id, bench.scanned('other'));
    await bench.drainAll();
    expect(bench.givenUp()).toHaveLength(1);
    bench.plex.faults.clear();
    expect(await bench.sync(id)).toMatchObject({ synced: 1 });
    expect(bench.item('part').genres).toEqual(['T']);
    expect(bench.givenUp()).toEqual([]);
  });
});

describe('both pictures of a scene', () => {
  it('are tried, also when Plex fails at the first one (W-37)', async () => {
    const bench = await startBench();
    const id = bench.scanned('pictures', WITH_IMAGE);
    bench.plex.faults.add({ match: ENDPOINTS.image, action: { kind: 'status', status: 500 } });
    expect(await bench.sync(id)).toMatchObject({ retried: 1 });
    expect(bench.plex.log.count({ method: 'POST', path: /arts$/, status: 200 })).toBe(1);
    bench.plex.faults.clear();
    await bench.drainAll();
    expect(bench.plex.log.count({ method: 'POST', path: /posters$/, status: 200 })).toBe(1);
    expect(bench.plex.log.count({ method: 'POST', path: /arts$/ })).toBe(1);
  });
});

describe('what was written before an attempt failed', () => {
  it('is not forgotten: the collection of a studio goes with the studio (W-26)', async () => {
    const bench = await startBench();
    const id = bench.scanned('memory', { ...WITH_IMAGE, studio: 'First' });
    // The edit comes through, the picture does not.
    bench.plex.faults.add({ match: ENDPOINTS.image, times: 1, action: { kind: 'maintenance' } });
    expect(await bench.sync(id)).toMatchObject({ synced: 0, retried: 1 });
    expect(bench.item('memory').collections).toEqual(['First']);
    bench.stash.scenes.update(id, { studio: 'Second' });
    await bench.sync(id);
    expect(bench.item('memory').collections).toEqual(['Second']);
  });

  it('is not forgotten after an earlier sync either, when the picture fails after the edit (W-26)', async () => {
    const bench = await startBench();
    const id = bench.scanned('memory', { ...WITH_IMAGE, studio: 'First' });
    await bench.sync(id);
    bench.stash.scenes.update(id, { studio: 'Second', screenshot: tinyJpeg('another cover') });
    bench.plex.faults.add({ match: ENDPOINTS.image, times: 1, action: { kind: 'maintenance' } });
    expect(await bench.sync(id)).toMatchObject({ synced: 0, retried: 1 });
    expect(bench.item('memory').collections).toEqual(['Second']);
    bench.stash.scenes.update(id, { studio: 'Third' });
    await bench.sync(id);
    expect(bench.item('memory').collections).toEqual(['Third']);
  });

  it('is not forgotten, however often the studio changes before Plex takes one (W-26)', async () => {
    const bench = await startBench();
    const id = bench.scanned('memory', { studio: 'First' });
    await bench.sync(id);
    const fault = bench.plex.faults.add({ match: ENDPOINTS.edit, action: { kind: 'maintenance' } });
    for (const studio of ['Second', 'Third', 'Fourth']) {
      bench.stash.scenes.update(id, { studio });
      expect(await bench.sync(id)).toMatchObject({ synced: 0, retried: 1 });
    }
    fault.remove();
    await bench.sync(id);
    expect(bench.item('memory').collections).toEqual(['Fourth']);
  });

  it('is not forgotten while collections are switched off (W-26)', async () => {
    const bench = await startBench();
    const id = bench.scanned('memory', { studio: 'First' });
    await bench.sync(id);
    bench.stash.scenes.update(id, { studio: 'Second' });
    bench.plex.faults.add({ match: ENDPOINTS.edit, times: 1, action: { kind: 'maintenance' } });
    await bench.sync(id);
    bench.restart({ sync_collection: false });
    bench.clock.advance(5_000);
    expect(await bench.drain()).toMatchObject({ synced: 1 });
    expect(bench.item('memory').collections).toEqual(['First']);
    bench.restart();
    await bench.sync(id);
    expect(bench.item('memory').collections).toEqual(['Second']);
  });

  it('is not taken for the data of an item that has got nothing yet (W-38)', async () => {
    const bench = await startBench();
    const id = bench.scanned('first', { title: 'T' });
    await bench.sync(id);
    bench.plex.library.removeItem(bench.item('first').ratingKey);
    bench.plex.library.addItem(bench.sectionKey, { title: 'new', file: '/media/films/first.mkv' });
    bench.plex.faults.add({ match: ENDPOINTS.edit, action: { kind: 'status', status: 400 } });
    expect(await bench.sync(id)).toMatchObject({ synced: 0, retried: 1 });
    const { ratingKey } = bench.item('first');
    expect(bench.jobs.sceneSyncs(id).find((sync) => sync.ratingKey === ratingKey)).toMatchObject({
      sceneUpdatedAt: null,
    });
  });

  it('is not done again: no picture is uploaded anew because a field was refused and Stash went away (W-50)', async () => {
    const bench = await startBench();
    const id = bench.scanned('memory', { ...WITH_IMAGE, tags: [] });
    await bench.sync(id);
    expect(bench.plex.log.count({ method: 'POST' })).toBe(2);
    bench.stash.scenes.update(id, { title: 'New', tags: ['T'] });
    bench.plex.faults.add({
      match: ({ method, url }) => method === 'PUT' && url.includes('genre'),
      times: 2,
      action: { kind: 'status', status: 400 },
    });
    bench.stash.faults.add({ match: { path: /screenshot/ }, times: 1, action: { status: 503 } });
    expect(await bench.sync(id)).toMatchObject({ retried: 1 });
    await bench.drainAll();
    expect(bench.item('memory')).toMatchObject({ title: 'New', genres: ['T'] });
    expect(bench.plex.log.count({ method: 'POST' })).toBe(2);
  });

  it('is not forgotten: names that the plugin added go again in preserve mode (W-26, W-29)', async () => {
    const bench = await startBench({ settings: { preserve_plex_edits: true } });
    const id = bench.scanned(
      'memory',
      { ...WITH_IMAGE, tags: ['Ours', 'Kept'] },
      { thumb: '', genres: ['Typed'] },
    );
    bench.plex.faults.add({ match: ENDPOINTS.image, times: 1, action: { kind: 'maintenance' } });
    await bench.sync(id);
    await bench.drain();
    bench.stash.scenes.update(id, { tags: ['Kept'] });
    await bench.sync(id);
    expect(bench.item('memory').genres).toEqual(['Typed', 'Kept']);
  });

  it('is not done again: the poster is not uploaded anew because the background failed (W-50)', async () => {
    const bench = await startBench();
    const id = bench.scanned('poster', WITH_IMAGE);
    bench.plex.faults.add({ match: /^POST .*\/arts$/, times: 1, action: { kind: 'status', status: 500 } });
    bench.record(id);
    await bench.drainAll();
    expect(bench.plex.log.count({ method: 'POST', path: /\/posters$/ })).toBe(1);
    expect(bench.plex.log.count({ method: 'POST', path: /\/arts$/ })).toBe(2);
  });
});

describe('a scene that is not in Plex', () => {
  it('gets twelve attempts over 75.5 min at most, then is shown (18.9, WK-6)', async () => {
    const bench = await startBench();
    const id = bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
    bench.record(id);
    const gapsSecs: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await bench.drain();
      const row = bench.job(id);
      if (!row) break;
      expect(row).toMatchObject({ attempts: attempt, error: 'PlexNotFound' });
      gapsSecs.push(row.dueInMs / 1000);
      bench.clock.advance(row.dueInMs);
    }
    expect(gapsSecs).toEqual([30, 60, 120, 240, 480, 600, 600, 600, 600, 600, 600]);
    expect(bench.givenUp()).toEqual([{ sceneId: id, type: 'PlexNotFound', attempts: 12 }]);
  });

  it('is synced as soon as Plex has it: nothing is answered from memory (W-19)', async () => {
    const bench = await startBench();
    const id = bench.stash.scenes.add({ files: ['/data/films/late.mkv'], title: 'Late', details: 'D' });
    await bench.sync(id);
    bench.plex.library.addItem(bench.sectionKey, { title: 'late', file: '/media/films/late.mkv' });
    await bench.drainAll();
    expect(bench.item('late').title).toBe('Late');
    expect(bench.jobs.counts()).toMatchObject({ due: 0, waiting: 0, deadLetters: 0 });
  });

  it('pays for nothing while Plex has lost everything (A7)', async () => {
    const bench = await startBench();
    const names = ['one', 'two', 'three'];
    const ids = names.map((name) => bench.scanned(name, { title: `Title ${name}` }));
    await bench.sync(...ids);
    for (const name of names) bench.plex.library.removeItem(bench.item(name).ratingKey);
    for (let attempt = 0; attempt < 30; attempt += 1) {
      bench.record(...ids);
      const { obstacle } = await bench.drain();
      expect(obstacle).toEqual({
        kind: 'setup',
        message: expect.stringContaining('nothing at all in "Films"'),
      });
      bench.clock.advance(600_000);
    }
    expect(bench.givenUp()).toEqual([]);
    for (const id of ids) expect(bench.job(id)).toMatchObject({ state: 'pending', error: null });
    for (const name of names)
      bench.plex.library.addItem(bench.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
    expect(await bench.drain()).toMatchObject({ synced: 3 });
    for (const name of names) expect(bench.item(name).title).toBe(`Title ${name}`);
  });

  it('pays as always when only its own item is gone', async () => {
    const bench = await startBench();
    const [id, other] = [bench.scanned('one', { title: 'One' }), bench.scanned('two', { title: 'Two' })];
    await bench.sync(id, other);
    bench.plex.library.removeItem(bench.item('one').ratingKey);
    expect(await bench.sync(id, other)).toMatchObject({ retried: 1, synced: 1 });
    expect(bench.job(id)).toMatchObject({ error: 'PlexNotFound' });
  });

  it('ends at once with skip_not_found (18.9, WK-6)', async () => {
    const bench = await startBench({ settings: { skip_not_found: true } });
    const id = bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
    expect(await bench.sync(id)).toMatchObject({ skipped: 1, retried: 0, buried: 0 });
    expect(bench.jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
  });

  it.each<[string, PlexFault]>([
    ['503', { kind: 'maintenance' }],
    ['500', { kind: 'status', status: 500 }],
    ['404', { kind: 'status', status: 404 }],
    ['a reset', { kind: 'resetBefore' }],
    ['half an answer', { kind: 'truncatedBody' }],
    ['a login page', { kind: 'loginPage' }],
  ])(
    'is not concluded from %s in the second of two sections, skip_not_found or not (W59, W-10)',
    async (_, action) => {
      const bench = await startBench({ settings: { skip_not_found: true } });
      const { key } = bench.plex.library.addSection({ title: 'Clips', locations: ['/media/clips'] });
      const id = bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
      bench.plex.faults.add({ match: `/library/sections/${key}/all`, action });
      expect(await bench.sync(id)).toMatchObject({ skipped: 0 });
      expect(bench.job(id)).toMatchObject({ state: 'pending' });
    },
  );

  it('is not concluded from an item that was found and gone again a moment later (W59, W-10)', async () => {
    const bench = await startBench({ settings: { skip_not_found: true } });
    const id = bench.scanned('replaced', { title: 'Replaced' });
    let isDone = false;
    bench.plex.faults.add({
      match: ({ path }) => {
        // The file was replaced: Plex takes the item away and adds it anew.
        if (path.startsWith('/library/metadata/') && !isDone) {
          isDone = true;
          bench.plex.library.reissue(bench.item('replaced').ratingKey);
        }
        return false;
      },
      action: { kind: 'resetBefore' },
    });
    bench.record(id);
    await bench.drainAll();
    expect(bench.item('replaced').title).toBe('Replaced');
  });

  it('is not concluded from a walk that broke off (W59, W-10)', async () => {
    const bench = await startBench({
      settings: { skip_not_found: true },
      plex: { switches: { ignoreFileFilter: true } },
    });
    for (let index = 0; index < 300; index += 1) bench.scanned(`film ${index}`);
    const id = bench.stash.scenes.add({ files: ['/data/films/none.mkv'], details: 'D' });
    bench.plex.faults.add({
      match: ({ headers }) => headers['x-plex-container-start'] === '199',
      action: { kind: 'status', status: 500 },
    });
    expect(await bench.sync(id)).toMatchObject({ skipped: 0, retried: 1 });
    bench.plex.faults.clear();
    expect((await bench.drainAll()).at(-1)).toMatchObject({ skipped: 1 });
  });

  it('does not lose its other attempts to a single trouble of another kind (W34)', async () => {
    const bench = await startBench();
    const id = bench.stash.scenes.add({ files: ['/data/films/late.mkv'], title: 'Late', details: 'D' });
    bench.record(id);
    await bench.drainAll(6);
    expect(bench.job(id)).toMatchObject({ attempts: 6 });
    // Plex has scanned the file; its database is busy for a moment.
    bench.plex.library.addItem(bench.sectionKey, { title: 'late', file: '/media/films/late.mkv' });
    bench.plex.faults.add({ match: ENDPOINTS.edit, times: 1, action: { kind: 'status', status: 500 } });
    await bench.drainAll();
    expect(bench.givenUp()).toEqual([]);
    expect(bench.item('late').title).toBe('Late');
  });
});

describe('an ambiguous scene', () => {
  it('is shown once under strict matching, and the others go on (W-11, W12)', async () => {
    const bench = await startBench();
    for (const folder of ['a', 'b']) {
      bench.plex.library.addItem(bench.sectionKey, {
        title: folder,
        file: `/media/films/${folder}/video.mkv`,
      });
    }
    const twice = Array.from({ length: 6 }, () =>
      bench.stash.scenes.add({ files: ['/data/video.mkv'], details: 'D', title: 'Guess' }),
    );
    const good = bench.scanned('good', { title: 'Good' });
    expect(await bench.sync(...twice, good)).toEqual({
      synced: 1,
      unchanged: 0,
      skipped: 0,
      shared: 0,
      retried: 0,
      buried: 6,
    });
    expect(bench.givenUp()).toEqual(
      twice.map((sceneId) => ({ sceneId, type: 'AmbiguousMatch', attempts: 1 })),
    );
    expect(titles(bench)).toEqual(['a', 'b', 'Good']);
  });

  it('is synced with low confidence without strict matching, a sure one with high (18.9, WK-16)', async () => {
    const bench = await startBench({ settings: { strict_matching: false } });
    for (const folder of ['a', 'b']) {
      const file = `/media/films/${folder}/video.mkv`;
      bench.plex.library.addItem(bench.sectionKey, { title: folder, file });
    }
    const twice = bench.stash.scenes.add({ files: ['/data/video.mkv'], details: 'D' });
    await bench.sync(twice, bench.scanned('sure'));
    const totals = await bench.reliability.stats.load();
    expect(totals).toMatchObject({ highConfidenceMatches: 1, lowConfidenceMatches: 1 });
  });

  it('is taken off the list of those given up when it is synced after all', async () => {
    const bench = await startBench();
    for (const folder of ['a', 'b']) {
      bench.plex.library.addItem(bench.sectionKey, {
        title: folder,
        file: `/media/films/${folder}/video.mkv`,
      });
    }
    const id = bench.stash.scenes.add({ files: ['/data/video.mkv'], details: 'D' });
    await bench.sync(id);
    bench.plex.library.removeItem(bench.plex.library.itemByFile('/media/films/b/video.mkv')?.ratingKey ?? '');
    expect(await bench.sync(id)).toMatchObject({ synced: 1 });
    expect(bench.givenUp()).toEqual([]);
  });
});

describe('the fault table of Stash (W8, W-46)', () => {
  it.each<[string, 'stashDown' | 'setup', StashFault]>([
    ['401', 'setup', { status: 401 }],
    ['403', 'setup', { status: 403 }],
    ['422', 'setup', { status: 422 }],
    ['429', 'stashDown', { status: 429 }],
    ['500', 'stashDown', { status: 500 }],
    ['503', 'stashDown', { status: 503 }],
    ['an error without data', 'stashDown', { graphqlError: 'database is locked' }],
    ['a reset', 'stashDown', 'reset'],
    ['an empty answer', 'stashDown', 'emptyReply'],
    ['half an answer', 'stashDown', 'truncated'],
    ['a login page', 'stashDown', 'loginPage'],
  ])('%s for the scenes: %s, every job stays as it is', async (fault, kind, action) => {
    const bench = await startBench({ settings: { skip_not_found: true } });
    const needsSession = ['401', '403'].includes(fault);
    const ids = [bench.scanned('one', { title: 'One' }), bench.scanned('two', { title: 'Two' })];
    bench.stash.faults.add({ match: { path: '/graphql' }, action });
    for (let pass = 0; pass < 8; pass += 1) {
      expect(await bench.sync(...ids)).toEqual({
        synced: 0,
        unchanged: 0,
        skipped: 0,
        shared: 0,
        retried: 0,
        buried: 0,
        obstacle: {
          kind,
          message: expect.stringMatching(/Stash/),
          // A process that Stash starts now may be let in.
          ...(needsSession ? { needsNewSession: true } : {}),
        },
      });
    }
    expect(ids.map((id) => bench.job(id))).toEqual([UNTOUCHED, UNTOUCHED]);
    expect(bench.plex.log.count()).toBe(0);
    bench.stash.faults.clear();
    await bench.drain();
    expect(titles(bench)).toEqual(['One', 'Two']);
  });

  it.each([403, 500, 503])(
    '%s for one image concerns that scene alone, the others go on (W8)',
    async (status) => {
      const bench = await startBench();
      const bad = bench.scanned('bad', { ...WITH_IMAGE, title: 'Bad' });
      const good = bench.scanned('good', { ...WITH_IMAGE, title: 'Good' });
      bench.stash.faults.add({ match: { path: new RegExp(`/scene/${bad}/screenshot`) }, action: { status } });
      expect(await bench.sync(bad, good)).toMatchObject({ synced: 1, retried: 1 });
      expect(bench.job(bad)).toMatchObject({ attempts: 0, error: 'StashError' });
      expect([bench.item('bad').title, bench.item('good').title]).toEqual(['Bad', 'Good']);
      // The other one's image came: it is about this one's.
      bench.clock.advance(5_000);
      expect(await bench.drain()).toMatchObject({ synced: 0, retried: 1 });
      expect(bench.job(bad)).toMatchObject({ attempts: 1, error: 'StashError' });
    },
  );

  it.each<[string, StashFault]>([
    ['a reset', 'reset'],
    ['half an image', 'truncated'],
  ])('%s for one image for ever gives that scene up in the end, the others go on (W8)', async (_, action) => {
    const bench = await startBench();
    const bad = bench.scanned('bad', { ...WITH_IMAGE, title: 'Bad' });
    const good = bench.scanned('good', WITH_IMAGE);
    bench.stash.faults.add({ match: { path: new RegExp(`/scene/${bad}/screenshot`) }, action });
    expect(await bench.sync(bad, good)).toMatchObject({ synced: 1, retried: 1 });
    for (let pass = 0; pass < 100 && bench.job(bad); pass += 1) {
      bench.clock.advance(60_000);
      await bench.drain();
    }
    expect(bench.givenUp()).toEqual([{ sceneId: bad, type: 'StashError', attempts: 5 }]);
    expect(bench.item('bad').title).toBe('Bad');
  });

  it.each([401, 302])('%d for every image holds up nothing else, and the pictures follow', async (status) => {
    const bench = await startBench();
    const ids = ['one', 'two'].map((name) => bench.scanned(name, { ...WITH_IMAGE, title: `T ${name}` }));
    bench.stash.faults.add({ match: { path: /screenshot/ }, action: { status } });
    for (let pass = 0; pass < 8; pass += 1) {
      expect(await bench.sync(...ids)).toEqual({
        synced: 0,
        unchanged: 0,
        skipped: 0,
        shared: 0,
        retried: 2,
        buried: 0,
      });
    }
    expect(titles(bench)).toEqual(['T one', 'T two']);
    expect(ids.map((id) => bench.job(id)?.attempts)).toEqual([0, 0]);
    bench.stash.faults.clear();
    await bench.drainAll();
    expect(bench.plex.log.count({ method: 'POST' })).toBe(4);
    expect(bench.jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
  });

  it.each<[string, StashFault]>([
    ['a login page', 'loginPage'],
    ['an empty answer', 'emptyReply'],
    ['status 404', { status: 404 }],
    ['status 429', { status: 429 }],
  ])('%s in place of an image stops nothing, and the next sync brings the picture', async (_, action) => {
    const bench = await startBench();
    const id = bench.scanned('image', WITH_IMAGE);
    bench.stash.faults.add({ match: { path: /screenshot/ }, times: 1, action });
    bench.record(id);
    await bench.drainAll();
    await bench.sync(id);
    expect(bench.plex.log.count({ method: 'POST' })).toBe(2);
  });

  it('an answer that does not tell whether the scene exists ends no job (W-46)', async () => {
    const bench = await startBench();
    const id = bench.scanned('one', { title: 'One' });
    const json = { data: { [`s${id}`]: null }, errors: [{ message: 'context canceled' }] };
    bench.stash.faults.add({ match: { path: '/graphql' }, times: 1, action: { json } });
    expect(await bench.sync(id)).toMatchObject({ skipped: 0, obstacle: { kind: 'stashDown' } });
    expect(bench.job(id)).toEqual(UNTOUCHED);
    await bench.drain();
    expect(titles(bench)).toEqual(['One']);
  });

  it('an outage of Stash that begins in the middle of a batch costs no job anything', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 4 }, (_, index) => bench.scanned(`film ${index}`, WITH_IMAGE));
    // One request for the scenes, then the images.
    bench.stash.faults.add({ nth: 4, times: 1_000, action: 'reset' });
    expect(await bench.sync(...ids)).toMatchObject({ synced: 2, obstacle: { kind: 'stashDown' } });
    expect(ids.slice(2).map((id) => bench.job(id))).toEqual([UNTOUCHED, UNTOUCHED]);
  });
});

describe('an event that comes in while its scene is being synced (W2, W3)', () => {
  /** Calls `act` when Plex gets the first PUT, before it answers; `action` befalls the first `times` of them. */
  function duringWrite(bench: Bench, act: () => void, action?: PlexFault, times = 1): void {
    let puts = 0;
    bench.plex.faults.add({
      match: ({ method }) => {
        if (method !== 'PUT') return false;
        puts += 1;
        if (puts === 1) act();
        return action !== undefined && puts <= times;
      },
      action: action ?? { kind: 'resetBefore' },
    });
  }

  it('has the scene synced once more, with the newer data', async () => {
    const bench = await startBench();
    const id = bench.scanned('newer', { title: 'Old' });
    duringWrite(bench, () => {
      bench.clock.advance(5_000);
      bench.stash.scenes.update(id, { title: 'New' });
      bench.record(id);
    });
    expect(await bench.sync(id)).toMatchObject({ synced: 2 });
    expect(bench.item('newer').title).toBe('New');
    expect(bench.jobs.sceneSyncs(id)[0]?.sceneUpdatedAt).toBe(bench.stash.scenes.get(id)?.updated_at);
    expect(bench.job(id)).toBeUndefined();
  });

  it('is not lost when that sync fails for good', async () => {
    const bench = await startBench();
    await bench.sync(bench.scanned('other'));
    const id = bench.scanned('newer', { title: 'Old' });
    const isItsEdit = editOf(bench, 'newer');
    let isChanged = false;
    bench.plex.faults.add({
      match: (request) => {
        if (!isItsEdit(request)) return false;
        // The attempt with which it is given up: two were charged.
        if (bench.job(id)?.attempts === 3 && !isChanged) {
          isChanged = true;
          bench.stash.scenes.update(id, { title: 'New' });
          bench.record(id);
        }
        return request.parameter('title.value') !== 'New';
      },
      action: { kind: 'status', status: 400 },
    });
    bench.record(id);
    const results = await bench.drainAll();
    expect(results.at(-1)).toMatchObject({ buried: 1, synced: 1 });
    expect(isChanged).toBe(true);
    expect(bench.item('newer').title).toBe('New');
    expect(bench.givenUp()).toEqual([]);
  });

  it('starts its count of attempts anew, also when that sync comes to nothing', async () => {
    const bench = await startBench();
    await bench.sync(bench.scanned('other'));
    const id = bench.scanned('count', { title: 'Old' });
    const fault = bench.plex.faults.add({
      match: editOf(bench, 'count'),
      action: { kind: 'status', status: 500 },
    });
    bench.record(id);
    await bench.drainAll(4);
    expect(bench.job(id)).toMatchObject({ attempts: 3 });
    fault.remove();
    const counts: (number | undefined)[] = [];
    bench.plex.faults.add({
      match: (request) => {
        if (editOf(bench, 'count')(request)) counts.push(bench.job(id)?.attempts);
        return false;
      },
      action: { kind: 'resetBefore' },
    });
    duringWrite(bench, () => bench.record(id), { kind: 'maintenance' });
    expect(await bench.drain()).toMatchObject({ retried: 1, synced: 1 });
    expect(counts.at(0)).toBe(4);
    expect(counts.at(-1)).toBe(1);
    expect(bench.job(id)).toBeUndefined();
  });

  it('is not lost when the scene is destroyed and its job is under way', async () => {
    const bench = await startBench();
    const id = bench.scanned('gone', { title: 'Old' });
    duringWrite(bench, () => {
      bench.stash.scenes.destroy(id);
      bench.record(id);
    });
    expect(await bench.sync(id)).toMatchObject({ synced: 1, skipped: 1 });
    expect(bench.job(id)).toBeUndefined();
  });
});

describe('an event in the middle of a bulk', () => {
  const recordAtFifthPut = (bench: Bench, sceneId: number) => {
    let puts = 0;
    bench.plex.faults.add({
      match: ({ method }) => {
        if (method === 'PUT') puts += 1;
        if (puts === 5 && method === 'PUT') bench.record(sceneId);
        return false;
      },
      action: { kind: 'status', status: 500 },
    });
  };

  it('is next, not after the rest of it, where one scene follows the other', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 40 }, (_, index) =>
      bench.scanned(`bulk ${index}`, { title: `B${index}` }),
    );
    const edited = bench.scanned('edited', { title: 'Edited' });
    enqueueScenes(bench.db, ids, bench.clock.now());
    recordAtFifthPut(bench, edited);
    expect(await drainDue({ ...bench.context, jobDelayMs: 1 })).toMatchObject({ synced: 41 });
    const order = bench.plex.log.where({ method: 'PUT' }).map((put) => put.parameter('title.value'));
    expect(order.indexOf('Edited')).toBe(5);
    expect(order).toHaveLength(41);
  });

  it.each([
    { name: 'synced before', isSynced: true },
    { name: 'never synced', isSynced: false },
  ])(
    'waits for no more than the two that are in hand where the next one is prepared meanwhile, $name',
    async ({ isSynced }) => {
      const bench = await startBench();
      const ids = Array.from({ length: 40 }, (_, index) => bench.scanned(`bulk ${index}`, { title: 'Old' }));
      const edited = bench.scanned('edited', { title: 'Old' });
      if (isSynced) await bench.sync(...ids, edited);
      bench.plex.log.clear();
      for (const [index, id] of ids.entries()) bench.stash.scenes.update(id, { title: `B${index}` });
      bench.stash.scenes.update(edited, { title: 'Edited' });
      enqueueScenes(bench.db, ids, bench.clock.now());
      recordAtFifthPut(bench, edited);
      expect(await bench.drain()).toMatchObject({ synced: 41 });
      const order = bench.plex.log.where({ method: 'PUT' }).map((put) => put.parameter('title.value'));
      expect([5, 6]).toContain(order.indexOf('Edited'));
      expect(new Set(order).size).toBe(41);
      expect(order).toHaveLength(41);
      expect(bench.plex.log.peakWrites).toBe(1);
    },
  );
});

describe('what an item held before its first change', () => {
  it('is on the disk before Plex is asked to change it, and later changes flush nothing', async () => {
    const bench = await startBench();
    const id = bench.scanned('film', { title: 'First' });
    bench.record(id);
    const log = `${bench.db.name}-wal`;
    const withoutLog = async () => {
      renameSync(log, `${log}-gone`);
      try {
        return await bench.drain();
      } finally {
        renameSync(`${log}-gone`, log);
      }
    };
    for (const _attempt of [1, 2]) {
      expect(await withoutLog()).toMatchObject({ synced: 0, obstacle: { kind: 'localTrouble' } });
      expect(bench.plex.log.count({ method: 'PUT' })).toBe(0);
      expect(bench.item('film').title).toBe('film');
    }
    expect(await bench.sync(id)).toMatchObject({ synced: 1 });
    bench.stash.scenes.update(id, { title: 'Second' });
    bench.record(id);
    expect(await withoutLog()).toMatchObject({ synced: 1 });
    expect(bench.item('film').title).toBe('Second');
  });
});

describe('while a scene is under way', () => {
  /** Two scenes that were never synced, in a listed library; the cover of the first one takes its time. */
  const withSlowCover = async () => {
    const bench = await startBench();
    const [slow, quick] = [
      bench.scanned('slow', { title: 'Slow', ...WITH_IMAGE }),
      bench.scanned('quick', { title: 'Quick' }),
    ];
    await bench.sync(...Array.from({ length: 12 }, (_, index) => bench.scanned(`other ${index}`)));
    bench.plex.log.clear();
    bench.stash.faults.add({
      match: { path: new RegExp(`/scene/${slow}/screenshot`) },
      action: { delayMs: 1_000 },
    });
    const titles = () =>
      bench.plex.log
        .where({ method: 'PUT', path: /all$/ })
        .flatMap((put) => put.parameter('title.value') ?? []);
    return { bench, slow, quick, titles };
  };

  it('the next one is prepared, also when neither was ever synced', async () => {
    const { bench, slow, quick, titles } = await withSlowCover();
    expect(await bench.sync(slow, quick)).toMatchObject({ synced: 2 });
    expect(titles()).toEqual(['Quick', 'Slow']);
  });

  it('one whose item turns out to be another than was foreseen waits until it is alone (A2)', async () => {
    const { bench, slow, quick, titles } = await withSlowCover();
    bench.plex.library.removeItem(bench.item('quick').ratingKey);
    bench.plex.library.addItem(bench.sectionKey, { title: 'quick', file: '/media/films/quick.mkv' });
    expect(await bench.sync(slow, quick)).toMatchObject({ synced: 2, retried: 0 });
    expect(titles()).toEqual(['Slow', 'Quick']);
    expect(bench.item('quick').title).toBe('Quick');
  });
});

describe('a process that dies', () => {
  it('in the middle of a job leaves it to the next one (W14)', async () => {
    const bench = await startBench();
    const id = bench.scanned('kill', { title: 'Synced' });
    bench.record(id);
    const [waiting] = bench.jobs.peekDue(1);
    expect(waiting && bench.jobs.take(waiting)).toBeDefined();
    expect(await bench.drain()).toMatchObject({ synced: 1 });
    expect(bench.item('kill').title).toBe('Synced');
  });

  it('because of one job, again and again, gives that job up some day and no other (W14)', async () => {
    const bench = await startBench();
    const [killer, good] = [bench.scanned('killer'), bench.scanned('good', { title: 'Good' })];
    bench.record(killer, good);
    let kills = 0;
    for (; kills < 100; kills += 1) {
      const process = createJobStore(bench.db, bench.clock);
      process.releaseOrphans();
      const [next] = process.peekDue(1);
      // The process takes the first job and is gone.
      if (!next || next.sceneId !== killer || !process.take(next)) break;
    }
    expect(kills).toBe(MAX_HAND_OUTS);
    expect(bench.givenUp()).toMatchObject([{ sceneId: killer, type: 'ProcessKilled' }]);
    expect(await bench.drain()).toMatchObject({ synced: 1 });
    expect(bench.item('good').title).toBe('Good');
  });

  it('and its late finish, after another one took over, changes nothing (W15)', async () => {
    const bench = await startBench();
    const id = bench.scanned('late', { title: 'Old' });
    const other = createJobStore(bench.db, bench.clock);
    let isDone = false;
    bench.plex.faults.add({
      match: ({ method }) => {
        if (method === 'PUT' && !isDone) {
          isDone = true;
          other.releaseOrphans();
          const [waiting] = other.peekDue(1);
          expect(waiting && other.take(waiting)).toBeDefined();
        }
        return false;
      },
      action: { kind: 'resetBefore' },
    });
    await bench.sync(id);
    expect(bench.job(id)).toMatchObject({ state: 'running', attempts: 2 });
    // What was about to be written is remembered; that it is synced is not.
    expect(bench.jobs.sceneSyncs(id)[0]).toMatchObject({ sceneUpdatedAt: null });
  });
});

describe('trouble with the queue itself (W7)', () => {
  /** From now on a sync cannot be recorded; the rest of the database works. */
  const breakRecords = ({ db }: Bench) =>
    db.exec("CREATE TRIGGER broken BEFORE INSERT ON scene_syncs BEGIN SELECT RAISE(ABORT, 'no room'); END");

  it('is told as such, and blames neither the job nor Plex', async () => {
    const bench = await startBench();
    const id = bench.scanned('disk');
    breakRecords(bench);
    expect(await bench.sync(id)).toMatchObject({ retried: 0, buried: 0, obstacle: { kind: 'localTrouble' } });
    expect(bench.givenUp()).toEqual([]);
    bench.db.exec('DROP TRIGGER broken');
    expect(await bench.drain()).toMatchObject({ synced: 1 });
  });

  it('never makes a job be given up, however long it lasts', async () => {
    const bench = await startBench();
    const id = bench.scanned('disk');
    breakRecords(bench);
    bench.record(id);
    for (let pass = 0; pass < 2 * MAX_HAND_OUTS; pass += 1) await bench.drain();
    expect(bench.givenUp()).toEqual([]);
    expect(bench.job(id)).toBeDefined();
  });
});

describe('another Plex server at the same address (W-05)', () => {
  it('has its items looked up by file, whatever their keys are', async () => {
    const bench = await startBench();
    const [one, two] = [bench.scanned('one', { title: 'One' }), bench.scanned('two', { title: 'Two' })];
    await bench.sync(one, two);
    const keys = [bench.item('one').ratingKey, bench.item('two').ratingKey];
    for (const key of keys) bench.plex.library.removeItem(key);
    // The same keys, the other way round.
    for (const [index, name] of ['two', 'one'].entries()) {
      bench.plex.library.addItem(bench.sectionKey, {
        title: name,
        file: `/media/films/${name}.mkv`,
        ratingKey: keys[index] ?? '',
      });
    }
    bench.plex.library.machineIdentifier = 'e'.repeat(40);
    bench.restart();
    expect(await bench.sync(one, two)).toMatchObject({ synced: 2, unchanged: 0 });
    expect([bench.item('one').title, bench.item('two').title]).toEqual(['One', 'Two']);
    expect(bench.jobs.sceneSyncs(one)[0]).toMatchObject({ serverId: 'e'.repeat(40), ratingKey: keys[1] });
  });
});

describe('what was refused as a whole', () => {
  it('is not remembered as written: a name that the user gives the item himself stays his (W-26, W-29)', async () => {
    const bench = await startBench({ settings: { preserve_plex_edits: true } });
    const id = bench.scanned('refused', { tags: ['Ours', 'Theirs'] }, { genres: ['Old'] });
    await bench.sync(bench.scanned('other'));
    bench.plex.faults.add({ match: editOf(bench, 'refused'), action: { kind: 'status', status: 400 } });
    bench.record(id);
    await bench.drainAll();
    expect(bench.givenUp()).toEqual([{ sceneId: id, type: 'PlexPermanentError', attempts: 3 }]);
    bench.plex.faults.clear();
    const { ratingKey } = bench.item('refused');
    await bench.context.plex.edit(bench.sectionKey, ratingKey, [['genre[0].tag.tag', 'Theirs']]);
    bench.stash.scenes.update(id, { tags: ['Ours'] });
    await bench.sync(id);
    expect(bench.item('refused').genres).toEqual(['Old', 'Theirs', 'Ours']);
  });
});

describe('two scenes of one item', () => {
  it('leave it as the one of them wants it that owns it, not as a mixture of both (A2)', async () => {
    const bench = await startBench();
    const item = { file: '/media/films/one.mkv', files: ['/media/films/two.mkv'] };
    bench.plex.library.addItem(bench.sectionKey, { title: 'both', ...item });
    const add = (name: string) =>
      bench.stash.scenes.add({ files: [`/data/films/${name}.mkv`], title: name, details: `Of ${name}.` });
    const [one, two] = [add('one'), add('two')];
    await bench.sync(one, two);
    expect(bench.item('one')).toMatchObject({ title: 'one', summary: 'Of one.' });
    bench.stash.scenes.update(two, { details: 'Of two, anew.' });
    await bench.sync(one, two);
    expect(bench.item('one')).toMatchObject({ title: 'one', summary: 'Of one.' });
  });
});
