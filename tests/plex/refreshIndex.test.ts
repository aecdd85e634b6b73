import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearMatchIndex } from '../../src/plex/PathIndex.ts';
import type { PlexSection } from '../../src/plex/PlexSection.ts';
import { type PlexDouble, startPlexDouble } from '../support/plexDouble/startPlexDouble.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';
import { type IndexBench, openIndex, told } from './openIndex.ts';

const double = useDouble();
const SECTION = '4';
const SECTIONS = 'GET /library/sections';
const FIRST_ADDED = 1_600_000_000;

/** Items 1 to `count`, each added a second after the one before. */
function addItems(count: number, first = 1): void {
  for (let index = first; index < first + count; index += 1) {
    const file = `/data/clips/${index}.mkv`;
    double().library.addItem(SECTION, {
      title: `No. ${index}`,
      ratingKey: String(index),
      file,
      addedAt: FIRST_ADDED + index,
    });
  }
}

async function open() {
  const bench = openIndex(double());
  const { serverId, sections } = await bench.places();
  const section = sections[0] as PlexSection;
  double().log.clear();
  const { refresher } = bench;
  return {
    ...bench,
    refresh: () => refresher.refresh(serverId, section),
    confirm: (since = refresher.moment()) => refresher.confirm(serverId, section, since),
    distrust: () => refresher.distrust(serverId, section.key),
    holds: (index: number) => bench.index.find(serverId, [SECTION], [`/x/${index}.mkv`]).length === 1,
  };
}

/** A scan of Plex that changed something, by the time it tells of. */
function scanned(): void {
  const [section] = double().library.sections();
  if (section) section.scannedAt += 1;
}

describe('a refresh for hints', () => {
  it('lists everything once, then asks for news only, page by page until the known ones begin (W-22)', async () => {
    addItems(450);
    const bench = await open();
    await bench.refresh();
    expect(bench.requests()).toEqual(['all', 'all', 'all']);
    expect([1, 200, 450].every(bench.holds)).toBe(true);
    bench.clock.advance(60_000);
    await bench.refresh();
    expect(bench.requests()).toEqual(['new']);
    addItems(250, 451);
    bench.clock.advance(60_000);
    await bench.refresh();
    expect(bench.requests()).toEqual(['new', 'new']);
    expect([451, 700].every(bench.holds)).toBe(true);
  });

  it('happens once a minute at most, also when it failed', async () => {
    const bench = await open();
    await bench.refresh();
    await bench.refresh();
    expect(bench.requests()).toHaveLength(1);
    bench.clock.advance(60_000);
    double().faults.add({ times: 1, action: { kind: 'status', status: 500 } });
    await expect(bench.refresh()).rejects.toMatchObject({ kind: 'serverError' });
    await bench.refresh();
    expect(bench.requests()).toHaveLength(1);
  });

  it('lists everything again when the totals do not agree: something went (W-19)', async () => {
    addItems(10);
    const bench = await open();
    await bench.refresh();
    double().library.removeItem('3');
    addItems(1, 11);
    bench.clock.advance(60_000);
    bench.requests();
    await bench.refresh();
    expect(bench.requests()).toEqual(['new', 'all']);
    expect([bench.holds(3), bench.holds(11)]).toEqual([false, true]);
  });

  it('begins anew after the index was cleared (W-21)', async () => {
    addItems(3);
    const bench = await open();
    await bench.refresh();
    clearMatchIndex(bench.db);
    bench.clock.advance(60_000);
    bench.requests();
    await bench.refresh();
    expect(bench.requests()).toEqual(['all']);
    expect(bench.holds(2)).toBe(true);
  });
});

describe('a confirmation', () => {
  it('costs two requests when nothing happened, none for a moment that is confirmed (W-19)', async () => {
    addItems(3);
    const bench = await open();
    await bench.refresh();
    bench.requests();
    const earlier = bench.refresher.moment();
    expect(await bench.confirm(earlier)).toBe(true);
    expect(bench.requests()).toEqual([SECTIONS, 'new']);
    expect(await bench.confirm(earlier)).toBe(true);
    expect(bench.requests()).toEqual([]);
    expect(await bench.confirm()).toBe(true);
    expect(bench.requests()).toEqual([SECTIONS, 'new']);
  });

  it('goes by the walk to the end where Plex tells no total, and by its scans from then on (plex-http-api 9.6)', async () => {
    addItems(450);
    double().switches.totals = false;
    const bench = await open();
    expect(await bench.confirm()).toBe(true);
    expect([1, 200, 450].every(bench.holds)).toBe(true);
    bench.requests();
    expect(await bench.confirm()).toBe(true);
    expect(bench.requests()).toEqual([SECTIONS, 'new']);
    // What went shows in no total: after a scan everything is looked at again.
    double().library.removeItem('7');
    scanned();
    expect(await bench.confirm()).toBe(true);
    expect(bench.holds(7)).toBe(false);
  });

  it('concludes nothing, and removes nothing, while a row cannot be read; it names them', async () => {
    addItems(3);
    const bench = await open();
    await bench.refresh();
    double().faults.add({
      match: ({ headers }) => {
        const start = Number(headers['x-plex-container-start']);
        return start <= 1 && start + Number(headers['x-plex-container-size']) > 1;
      },
      action: { kind: 'halfDocument' },
    });
    double().library.removeItem('3');
    scanned();
    expect(await bench.confirm()).toBe(false);
    expect([1, 2, 3].every(bench.holds)).toBe(true);
    await expect(bench.find(['/x/ünseen, really.mkv'])).rejects.toMatchObject({
      kind: 'notFound',
      message: expect.stringContaining('data of 1 item in library "Clips" cannot be read'),
    });
  });

  it('is a listing that began later as well', async () => {
    const bench = await open();
    const since = bench.refresher.moment();
    await bench.refresh();
    expect(await bench.confirm(since)).toBe(true);
    expect(bench.requests()).toEqual(['all']);
  });

  it.each<[string, (bench: Awaited<ReturnType<typeof open>>) => void]>([
    ['Plex has scanned the section since the last listing', scanned],
    ['the index was wrong about an item', ({ distrust }) => distrust()],
    ['the last listing is an hour old', ({ clock }) => clock.advance(3_600_000)],
    ['the wall clock was set back', ({ clock }) => clock.jump(-3_600_000)],
    ['the index was cleared', ({ db }) => clearMatchIndex(db)],
  ])('lists everything when %s (W-19, W-05)', async (_, happen) => {
    addItems(3);
    const bench = await open();
    await bench.refresh();
    happen(bench);
    bench.requests();
    expect(await bench.confirm()).toBe(true);
    expect(bench.requests()).toEqual([SECTIONS, 'all']);
    expect(await bench.confirm()).toBe(true);
    expect(bench.requests()).toEqual([SECTIONS, 'new']);
  });

  it('of another process does not count when this one cleared or listed anew since', async () => {
    addItems(3);
    const bench = await open();
    const since = bench.refresher.moment();
    expect(await bench.confirm(since)).toBe(true);
    bench.index.beginListing({ serverId: double().library.machineIdentifier, sectionKey: SECTION });
    bench.requests();
    await bench.confirm(since);
    expect(bench.requests()).toEqual([SECTIONS, 'new']);
  });

  it('that fails is no confirmation, and is not repeated for the same moment (W-10)', async () => {
    const bench = await open();
    const since = bench.refresher.moment();
    double().faults.add({ match: /all/, times: 1, action: { kind: 'status', status: 500 } });
    await expect(bench.confirm(since)).rejects.toMatchObject({ kind: 'serverError' });
    await expect(bench.confirm(since)).rejects.toMatchObject({ kind: 'serverError' });
    expect(bench.requests()).toEqual([SECTIONS, 'all']);
    expect(await bench.confirm()).toBe(true);
  });

  it('says so when the library is gone', async () => {
    const bench = await open();
    const gone = { key: '77', title: 'Gone', type: 'movie', locations: [] };
    await expect(bench.refresher.confirm('server', gone, 0)).rejects.toMatchObject({
      kind: 'notFound',
      message: expect.stringContaining('Gone'),
    });
  });
});

/** What may happen to a library between two look-ups, each with its scan where Plex does it by a scan. */
type Happening = 'add' | 'remove' | 'move' | 'replace' | 'rename' | 'reissue' | 'clear' | 'later';
const HAPPENINGS: readonly Happening[] = [
  'add',
  'add',
  'remove',
  'move',
  'replace',
  'rename',
  'reissue',
  'clear',
  'later',
];

/** A library of small folders and few names, so that moved files meet others of their name. */
class Play {
  readonly double: PlexDouble;
  readonly bench: IndexBench;
  readonly #files = new Map<string, string>();
  #next = 1;

  constructor(playedOn: PlexDouble, bench: IndexBench) {
    this.double = playedOn;
    this.bench = bench;
  }

  happen(what: Happening, pick: number): void {
    const keys = [...this.#files.keys()];
    const key = keys[pick % Math.max(keys.length, 1)];
    if (what === 'clear') clearMatchIndex(this.bench.db);
    else if (what === 'later') this.bench.clock.advance(60_000);
    else if (what === 'add') this.#put(String(this.#next++), pick);
    else if (key !== undefined) this.#change(what, key, pick);
  }

  /** Items that hold the path, by what the double really has. */
  holders(path: string): string[] {
    return [...this.#files].filter(([, file]) => file === path).map(([key]) => key);
  }

  #change(what: Happening, key: string, pick: number): void {
    const file = this.#files.get(key) ?? '';
    this.#files.delete(key);
    this.double.library.removeItem(key);
    if (what === 'reissue') this.#put(String(this.#next++), pick, file);
    if (what === 'move' || what === 'rename') this.#put(key, pick);
    // Another file under the key of one that is gone.
    if (what === 'replace') this.#put(key, pick + 1);
    this.#scan();
  }

  #put(ratingKey: string, pick: number, file = pathOf(pick)): void {
    this.#files.set(ratingKey, file);
    const addedAt = FIRST_ADDED + Number(ratingKey);
    this.double.library.addItem(SECTION, { title: ratingKey, ratingKey, file, addedAt });
    this.#scan();
  }

  #scan(): void {
    const [section] = this.double.library.sections();
    if (section) section.scannedAt += 1;
  }
}

const pathOf = (pick: number) => `/data/f${pick % 4}/${['a', 'b', 'é, c'][pick % 3]}.mkv`;
const ALL_PATHS = Array.from({ length: 12 }, (_, pick) => pathOf(pick));

describe('whatever happens to a library', () => {
  it('a look-up finds the one item that holds the file, no other, and none only where there is none (W-05, W-10, W-19)', async () => {
    const step = fc.record({
      what: fc.constantFrom(...HAPPENINGS),
      pick: fc.nat(11),
      looksUp: fc.nat(11),
      isOneOfMany: fc.boolean(),
      refreshes: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 30 }),
        fc.boolean(),
        async (steps, ignores) => {
          const played = await startPlexDouble({
            // Small pages: news are not the whole library.
            switches: { ignoreFileFilter: ignores, maxPageSize: 3 },
          });
          played.library.addSection({ key: SECTION, title: 'Clips', locations: ['/data'] });
          const play = new Play(played, openIndex(played));
          try {
            for (const { what, pick, looksUp, isOneOfMany, refreshes } of steps) {
              play.happen(what, pick);
              if (refreshes) await play.bench.finder.refresh(await play.bench.places());
              const path = ALL_PATHS[looksUp] ?? '';
              // Sizes of another kind than Plex's: only whole paths can agree.
              const match = await play.bench.find([{ path, sizeBytes: 1 }], { isOneOfMany });
              const holders = play.holders(path);
              const found =
                match.outcome === 'match' ? [match.item.ratingKey] : told(match).split(' ').slice(1);
              // A double that came after the item was found is not asked for.
              const isRight =
                found.length === 1 ? holders.length > 0 : (found.length === 0) === (holders.length === 0);
              const strange = found.filter((key) => !holders.includes(key));
              expect({ path, isRight, strange }).toEqual({ path, isRight: true, strange: [] });
            }
          } finally {
            await played.close();
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
