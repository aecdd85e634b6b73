import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldChange } from '../../src/edit/editChanges.ts';
import { enqueueScenes } from '../../src/queue/enqueueScenes.ts';
import { waitingScenes } from '../../src/queue/waitingScenes.ts';
import { type PreviewRequest, previewScenes } from '../../src/scene/previewScenes.ts';
import type { NewPlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { type Bench, startBench } from '../support/startBench.ts';
import type { NewScene } from '../support/stashDouble/startStashDouble.ts';

/** Everything that is in the database, hints about where Plex has which file aside: those are only a cache. */
function dump({ db }: Bench): unknown[] {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'plex%' AND name NOT LIKE 'sqlite%'",
    )
    .pluck()
    .all() as string[];
  expect(tables).toContain('jobs');
  return tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).all()]);
}

const waitingIn =
  ({ db, clock }: Bench) =>
  (limit: number) =>
    waitingScenes(db, limit, clock.now());

/** Previews, and checks that Plex was only read and that nothing was written to the queue's database. */
async function preview(bench: Bench, request: PreviewRequest) {
  const before = dump(bench);
  bench.plexRequests();
  const shares: number[] = [];
  const result = await previewScenes(request, bench.context, waitingIn(bench), (share) => shares.push(share));
  expect(bench.plexRequests().filter((each) => !each.startsWith('GET'))).toEqual([]);
  expect(dump(bench)).toEqual(before);
  expect(shares).toEqual([...shares].sort((left, right) => left - right));
  return result;
}

const one = (sceneId: number): PreviewRequest => ({ scope: 'scene', sceneId });

describe('a preview', () => {
  it('names no item in clear when paths are obfuscated (W-68)', async () => {
    const bench = await startBench({
      settings: { obfuscate_paths: true, sort_title_template: '{title}, sorted' },
    });
    const id = bench.scanned('secret', { title: 'Hidden', details: 'D' }, { title: 'secret' });
    const result = await preview(bench, one(id));
    expect(result.previews).toMatchObject([
      { outcome: 'found', changes: [{ field: 'title' }, {}, { field: 'sort title' }] },
    ]);
    expect(JSON.stringify(result)).not.toMatch(/secret|Hidden/);
  });

  it('shows the scenes of events before those of a bulk, as they get their turn', async () => {
    const bench = await startBench();
    const [bulk, edited, later] = ['a', 'b', 'c'].map((name) => bench.scanned(name));
    enqueueScenes(bench.db, [Number(bulk)], bench.clock.now());
    bench.clock.advance(1_000);
    bench.record(Number(edited), Number(later));
    bench.db
      .prepare('UPDATE jobs SET due_at_ms = ? WHERE scene_id = ?')
      .run(bench.clock.now() + 60_000, later);
    const { previews } = await preview(bench, { scope: 'queue', limit: 3 });
    expect(previews.map(({ sceneId }) => sceneId)).toEqual([edited, bulk, later]);
    const first = await preview(bench, { scope: 'queue', limit: 1 });
    expect(first.previews.map(({ sceneId }) => sceneId)).toEqual([edited]);
  });

  it('says field by field what the next sync changes, and writes nothing (W-70)', async () => {
    const bench = await startBench();
    const scene = {
      title: 'New',
      details: 'About it.',
      date: '2024-05',
      tags: ['A'],
      screenshot: tinyJpeg(),
    };
    const id = bench.scanned('film', scene, { title: 'film', genres: ['B'] });
    const side = (field: string, stash: string, now: string) => ({ field, stash, now, next: stash });
    expect(await preview(bench, one(id))).toEqual({
      total: 1,
      previews: [
        {
          sceneId: id,
          outcome: 'found',
          item: 'film',
          ratingKey: bench.item('film').ratingKey,
          confidence: 'high',
          changes: [
            { field: 'title', from: 'film', to: 'New' },
            { field: 'summary', from: '', to: 'About it.' },
            { field: 'date', from: '', to: '2024-05-01' },
            { field: 'tags', from: 'B', to: 'A' },
            { field: 'poster', from: 'another picture', to: "the scene's cover" },
            { field: 'background', from: 'another picture', to: "the scene's cover" },
          ],
          fields: [
            side('title', 'New', 'film'),
            side('studio', '', ''),
            side('date', '2024-05-01', ''),
            side('summary', 'About it.', ''),
            side('performers', '', ''),
            side('tags', 'A', 'B'),
            side('collection', '', ''),
            side('poster', "the scene's cover", 'another picture'),
            side('background', "the scene's cover", 'another picture'),
          ],
        },
      ],
    });
    await bench.sync(id);
    expect((await preview(bench, one(id))).previews).toMatchObject([{ outcome: 'found', changes: [] }]);
  });

  it('names a picture that is to be selected again as one that is to be uploaded, and none that is right (W-70)', async () => {
    const bench = await startBench({ settings: { sync_background: false } });
    const id = bench.scanned('film', { title: 'film', screenshot: tinyJpeg('A') });
    await bench.sync(id);
    const { ratingKey } = bench.item('film');
    const pictures = async () => {
      const { previews } = await preview(bench, one(id));
      return previews.map((each) => each.outcome === 'found' && each.changes);
    };
    const poster = { field: 'poster', from: 'another picture', to: "the scene's cover" };
    expect(await pictures()).toEqual([[]]);
    // Memory lost: looked at, and found right.
    bench.db.exec('DELETE FROM scene_syncs');
    expect(await pictures()).toEqual([[]]);
    await bench.sync(id);
    await bench.context.plex.edit(bench.sectionKey, ratingKey, [['thumb.locked', '0']]);
    bench.plex.log.clear();
    expect(await pictures()).toEqual([[poster]]);
    bench.clock.advance(60_000);
    bench.stash.scenes.update(id, { screenshot: tinyJpeg('B') });
    expect(await pictures()).toEqual([[poster]]);
  });

  it('is what the sync then does, whatever scene, item and settings are (W-29)', async () => {
    const name = fc.constantFrom('Ann', 'Bob', 'Cy', 'Dee');
    const names = fc.uniqueArray(name, { maxLength: 4 });
    const text = fc.constantFrom('', 'One', 'Two');
    const scenes = fc.record({ title: text, details: text, studio: text, performers: names, tags: names });
    const items = fc.record({ summary: text, studio: text, genres: names, collections: names, roles: names });
    const bench = await startBench();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(scenes, scenes, items, fc.boolean(), async (scene, later, item, preserves) => {
        bench.restart({ preserve_plex_edits: preserves });
        count += 1;
        const film = `film ${count}`;
        const { roles, ...rest } = item;
        const details: Partial<NewPlexItem> = { ...rest, roles: roles.map((tag) => ({ tag })) };
        const id = bench.scanned(film, sceneOf(scene), details);
        for (const next of [scene, later]) {
          bench.stash.scenes.update(id, sceneOf(next));
          const { previews } = await preview(bench, one(id));
          const before = bench.item(film);
          await bench.sync(id);
          const [told] = previews;
          if (told?.outcome !== 'found') expect(bench.item(film)).toEqual(before);
          else expect(differences(before, bench.item(film))).toEqual(folded(told.changes));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('keeps a scene that cannot be synced from hiding the others', async () => {
    const bench = await startBench();
    const good = bench.scanned('good', { title: 'Good' });
    const missing = bench.stash.scenes.add({ details: 'D', files: ['/data/films/missing.mkv'] });
    const empty = bench.stash.scenes.add();
    bench.record(good, missing, empty, 4711);
    const { previews, total } = await preview(bench, { scope: 'queue', limit: 10 });
    expect(total).toBe(4);
    expect(previews).toMatchObject([
      { sceneId: good, outcome: 'found' },
      { sceneId: missing, outcome: 'failed', reason: expect.stringContaining('no item') },
      { sceneId: empty, outcome: 'skipped', reason: 'it has no file' },
      { sceneId: 4711, outcome: 'skipped', reason: 'Stash has no such scene any more' },
    ]);
  });

  it('looks at the first of those that wait, or of all, as many as are asked for (W-60)', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 60 }, (_, index) => bench.scanned(`film ${index}`, { title: 'New' }));
    const waiting = ids.slice(30);
    bench.record(...waiting);
    const queue = await preview(bench, { scope: 'queue', limit: 27 });
    expect(queue.previews.map(({ sceneId }) => sceneId)).toEqual(waiting.slice(0, 27));
    expect(queue.total).toBe(30);
    bench.stash.log.clear();
    const all = await preview(bench, { scope: 'all', limit: 27 });
    expect(all.previews.map(({ sceneId }) => sceneId)).toEqual(ids.slice(0, 27));
    expect(all.total).toBe(60);
    // A page of ids, and two portions of scenes.
    expect(bench.stash.log.count({ path: '/graphql' })).toBe(3);
  });

  it('reads known items together, and each on its own when Plex fails at one (W-60)', async () => {
    const bench = await startBench();
    const ids = [1, 2, 3].map((index) => bench.scanned(`film ${index}`, { title: 'New' }));
    await bench.sync(...ids);
    bench.record(...ids);
    bench.plexRequests();
    await previewScenes({ scope: 'queue', limit: 10 }, bench.context, waitingIn(bench), () => {});
    const key = (index: number) => bench.item(`film ${index}`).ratingKey;
    expect(bench.plexRequests().filter((each) => each.includes('metadata'))).toHaveLength(1);
    const isOfSecond = ({ url }: { url: string }) => new RegExp(`metadata/.*\\b${key(2)}\\b`).test(url);
    bench.plex.faults.add({ match: isOfSecond, action: { kind: 'status', status: 500 } });
    const { previews } = await preview(bench, { scope: 'queue', limit: 10 });
    expect(previews.map(({ outcome }) => outcome)).toEqual(['found', 'failed', 'found']);
  });

  it('tells of the item that is chosen among several, and asks for no scan (W-11)', async () => {
    const bench = await startBench();
    bench.plex.library.addItem(bench.sectionKey, { title: 'double', file: '/media/films/other/film.mkv' });
    const id = bench.scanned('film', { title: 'New', files: ['/elsewhere/film.mkv'] });
    const strict = await preview(bench, one(id));
    expect(strict.previews).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('several') },
    ]);
    bench.restart({ strict_matching: false, trigger_plex_scan: true });
    expect((await preview(bench, one(id))).previews).toMatchObject([{ outcome: 'found', confidence: 'low' }]);
    const missing = bench.stash.scenes.add({ details: 'D', files: ['/data/films/missing.mkv'] });
    expect((await preview(bench, one(missing))).previews).toMatchObject([{ outcome: 'failed' }]);
    expect(bench.plex.log.count({ path: /refresh/ })).toBe(0);
  });

  it.each(['plex', 'stash'] as const)('ends with a sentence when %s is away', async (which) => {
    const bench = await startBench();
    bench.record(bench.scanned('film', { title: 'New' }));
    await bench[which].stop();
    const result = await preview(bench, { scope: 'queue', limit: 10 });
    expect(result).toMatchObject({ previews: [], problem: expect.stringMatching(/answer|reach/) });
    expect(await bench.reliability.breaker.state()).toBe('closed');
  });
});

type Told = { title: string; details: string; studio: string; performers: string[]; tags: string[] };

function sceneOf({ studio, ...rest }: Told): NewScene {
  return { ...rest, studio: studio === '' ? null : studio };
}

type Item = ReturnType<Bench['item']>;

/** Lists without order and letter case, which Plex changes as it likes. */
const list = (names: readonly string[]) =>
  names
    .map((each) => each.toLowerCase())
    .sort()
    .join(', ');

function differences(before: Item, after: Item): FieldChange[] {
  const fields: [string, (item: Item) => string][] = [
    ['collection', ({ collections }) => list(collections)],
    ['performers', ({ roles }) => list(roles.map(({ tag }) => tag))],
    ['studio', ({ studio }) => studio ?? ''],
    ['summary', ({ summary }) => summary ?? ''],
    ['tags', ({ genres }) => list(genres)],
    ['title', ({ title }) => title],
  ];
  return fields
    .map(([field, of]) => ({ field, from: of(before), to: of(after) }))
    .filter(({ from, to }) => from !== to);
}

function folded(changes: readonly FieldChange[]): FieldChange[] {
  const isList = (field: string) => ['collection', 'performers', 'tags'].includes(field);
  const names = (text: string) => list(text === '' ? [] : text.split(', '));
  return changes
    .map(({ field, from, to }) =>
      isList(field) ? { field, from: names(from), to: names(to) } : { field, from, to },
    )
    .sort((left, right) => left.field.localeCompare(right.field));
}
