import { describe, expect, it } from 'vitest';
import type { SceneSync } from '../../src/queue/Job.ts';
import type { SceneBook } from '../../src/scene/SceneInput.ts';
import { type SyncOutcome, syncScene } from '../../src/scene/syncScene.ts';
import { StashError } from '../../src/stash/StashError.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { type Bench, type BenchOptions, startBench } from '../support/startBench.ts';

const FULL = {
  title: 'Harbour walk',
  details: 'A walk.\n\nWith a second paragraph, & more.',
  date: '2021-05-04',
  studio: 'Example, Pictures',
  performers: ['A. Person', 'B. Person', 'C. Person', 'D. Person'],
  tags: ['Nature', 'Sound, recorded', 'Short'],
};
const IN_PLEX = {
  title: 'Harbour walk',
  summary: 'A walk.\n\nWith a second paragraph, & more.',
  originallyAvailableAt: '2021-05-04',
  studio: 'Example, Pictures',
  genres: ['Nature', 'Sound, recorded', 'Short'],
  collections: ['Example, Pictures'],
};

const NO_BOOK: SceneBook = {
  pass: () => {},
  remember: () => {},
  decide: () => {},
  leave: () => {},
  dropChoice: () => {},
};

/** A bench whose `sync` goes through `syncScene` alone, with what the last call left as memory. */
async function syncer(options: BenchOptions = {}) {
  const bench = await startBench(options);
  const memory = new Map<number, SceneSync>();
  const sync = async (sceneId: number): Promise<SyncOutcome> => {
    const scene = (await bench.stashClient.scenes([sceneId])).get(sceneId);
    if (scene instanceof StashError) throw scene;
    const kept = memory.get(sceneId);
    const previous = kept ? [kept] : [];
    const knownItem = async (key: string) => (await bench.context.plex.items([key]))[0];
    const book = { ...NO_BOOK, remember: (sync: SceneSync) => void memory.set(sceneId, sync) };
    const outcome = await syncScene({ sceneId, scene, previous, knownItem, book }, bench.context);
    if (outcome.outcome === 'synced') for (const sync of outcome.items.syncs) memory.set(sceneId, sync);
    return outcome;
  };
  return { ...bench, sync, memory, restart: bench.restart, bench };
}

const writes = ({ plex }: Pick<Bench, 'plex'>) =>
  plex.log.entries.filter(({ method }) => method !== 'GET').length;
const roles = ({ roles: list }: { roles: { tag: string }[] }) => list.map(({ tag }) => tag);

describe('a complete sync', () => {
  it.each(['add', 'replace'] as const)(
    'makes the item equal to the scene, and a second one writes nothing (Plex: %s) (W-24, W-26)',
    async (tagMode) => {
      const world = await syncer({ plex: { switches: { tagMode } } });
      const id = world.scanned(
        'harbour',
        { ...FULL, screenshot: tinyJpeg('cover') },
        {
          genres: ['Old 1', 'Old, 2', 'Old 3'],
          roles: ['Old actor', { tag: 'B. Person', role: 'The walker' }],
        },
      );
      const first = await world.sync(id);
      expect(first).toMatchObject({
        outcome: 'synced',
        items: {
          syncs: [
            {
              sceneUpdatedAt: world.stash.scenes.get(id)?.updated_at,
              serverId: world.plex.library.machineIdentifier,
              sectionKey: world.sectionKey,
              ratingKey: world.item('harbour').ratingKey,
            },
          ],
        },
      });
      expect(world.item('harbour')).toMatchObject({ ...IN_PLEX, genres: expect.any(Array) });
      expect(new Set(world.item('harbour').genres)).toEqual(new Set(IN_PLEX.genres));
      expect(new Set(roles(world.item('harbour')))).toEqual(new Set(FULL.performers));
      // What a person is in this item is Plex's own knowledge.
      expect(world.item('harbour').roles.find(({ tag }) => tag === 'B. Person')?.role).toBe('The walker');
      expect(world.item('harbour').posters.filter(({ selected }) => selected)).toMatchObject([
        { bytes: tinyJpeg('cover').length },
      ]);
      expect(world.item('harbour').lockedFields).toEqual(
        expect.arrayContaining([
          'title',
          'summary',
          'studio',
          'originallyAvailableAt',
          'genre',
          'actor',
          'collection',
          'thumb',
          'art',
        ]),
      );
      world.plex.log.clear();
      expect(await world.sync(id)).toMatchObject({ outcome: 'synced', changed: [] });
      expect(writes(world)).toBe(0);
      expect(world.plex.violations).toEqual([]);
    },
  );

  it.each<[string, BenchOptions]>([
    ['stores text without outer blanks', { plex: { switches: { trimText: true } } }],
    ['gives dates with a time part', { plex: { switches: { datesWithTime: true } } }],
    ['selects pictures late', { plex: { switches: { imageDelayMs: 60_000 } } }],
    ['bumps updatedAt for tags', { plex: { switches: { tagEditsBumpUpdatedAt: true } } }],
  ])('settles after one write on a Plex that %s (18.13, W-31)', async (_, options) => {
    const world = await syncer(options);
    const id = world.scanned('settle', { ...FULL, title: '  Blanks  ', screenshot: tinyJpeg() });
    await world.sync(id);
    expect(await world.sync(id)).toMatchObject({ outcome: 'synced', changed: [] });
  });

  it('stays below the longest request line with very long texts and lists (W-36)', async () => {
    const world = await syncer();
    const name = (index: number) =>
      `${index} ${'\u0448\u0438\u0440\u043e\u043a\u0438\u0439 '.repeat(12)}`.trim();
    const id = world.scanned('long', {
      ...FULL,
      details: '\u0442\u0435\u043a\u0441\u0442 '.repeat(2_000),
      tags: Array.from({ length: 100 }, (_, index) => name(index)),
      performers: Array.from({ length: 50 }, (_, index) => name(index)),
    });
    await world.sync(id);
    expect(world.item('long').genres).toHaveLength(100);
    expect(world.item('long').roles).toHaveLength(50);
    expect(Math.max(...world.plex.log.entries.map(({ lineLength }) => lineLength))).toBeLessThan(8_000);
    world.stash.scenes.update(id, { tags: ['One'], performers: [] });
    await world.sync(id);
    expect(world.item('long')).toMatchObject({ genres: ['One'], roles: [] });
    world.plex.log.clear();
    await world.sync(id);
    expect(writes(world)).toBe(0);
    expect(world.plex.violations).toEqual([]);
  });

  it('settles when Plex writes names in other letter case than Stash (W-27)', async () => {
    const world = await syncer();
    world.plex.library.addItem(world.sectionKey, {
      title: 'other',
      file: '/media/films/other.mkv',
      genres: ['OUTDOOR'],
      roles: ['A. PERSON'],
      collections: ['EXAMPLE, PICTURES'],
    });
    const id = world.scanned('case', { ...FULL, tags: ['outdoor', 'Outdoor', ' outdoor '] });
    await world.sync(id);
    expect(world.item('case').genres).toHaveLength(1);
    expect(await world.sync(id)).toMatchObject({ changed: [] });
  });

  it('survives a refresh by the metadata agent: what was written is locked (W-30)', async () => {
    const world = await syncer();
    const id = world.scanned('refresh', FULL, { summary: 'By the agent', genres: ['By the agent'] });
    await world.sync(id);
    world.plex.library.agentRefresh(world.item('refresh').ratingKey);
    expect(world.item('refresh')).toMatchObject(IN_PLEX);
  });

  it('needs one look-up, one read of the full item and one PUT for a new scene (W-24)', async () => {
    const world = await syncer();
    const id = world.scanned('requests', FULL);
    await world.context.library();
    world.plex.log.clear();
    await world.sync(id);
    expect(world.plexRequests()).toEqual([
      `GET /library/sections/${world.sectionKey}/all`,
      `GET /library/metadata/${world.item('requests').ratingKey}`,
      `PUT /library/sections/${world.sectionKey}/all`,
    ]);
  });
});

describe('clearing', () => {
  it.each([
    ['details', { details: '' }, { summary: '' }],
    ['the studio', { studio: null }, { studio: undefined, collections: [] }],
    ['the date', { date: null }, { originallyAvailableAt: undefined }],
    ['performers', { performers: [] }, { roles: [] }],
    ['tags', { tags: [] }, { genres: [] }],
    ['one performer', { performers: ['D. Person'] }, { roles: [{ tag: 'D. Person' }] }],
    ['one tag', { tags: ['Short', 'Nature'] }, { genres: ['Nature', 'Short'] }],
  ])('%s in Stash clears them in Plex (W-25, W-26, W-39)', async (_, changes, expected) => {
    const world = await syncer();
    const id = world.scanned('clear', FULL);
    await world.sync(id);
    world.stash.scenes.update(id, changes);
    await world.sync(id);
    expect(world.item('clear')).toMatchObject(expected);
    world.plex.log.clear();
    await world.sync(id);
    expect(writes(world)).toBe(0);
  });

  it('keeps the title: Plex needs one', async () => {
    const world = await syncer();
    const id = world.scanned('title', FULL);
    await world.sync(id);
    world.stash.scenes.update(id, { title: '' });
    await world.sync(id);
    expect(world.item('title').title).toBe('Harbour walk');
  });

  it('a synced scene of everything clears everything in Plex (W-39)', async () => {
    const world = await syncer();
    const id = world.scanned('everything', FULL);
    await world.sync(id);
    world.stash.scenes.update(id, { details: '', studio: null, date: null, performers: [], tags: [] });
    await world.sync(id);
    expect(world.item('everything')).toMatchObject({ summary: '', genres: [], roles: [], collections: [] });
  });

  it('is not what a scene that was never identified does to an item (W-40)', async () => {
    const world = await syncer();
    const id = world.scanned(
      'bare',
      { details: '', title: 'bare.mkv' },
      { summary: 'Mine', genres: ['Mine'] },
    );
    expect(await world.sync(id)).toMatchObject({ outcome: 'skipped' });
    expect(world.item('bare')).toMatchObject({ summary: 'Mine', genres: ['Mine'] });
    expect(world.plex.log.count()).toBe(0);
  });
});

describe('a scene of which only the title says something', () => {
  const THEIRS = { summary: 'Mine', studio: 'Mine', genres: ['Mine'], roles: ['Me'], collections: ['Mine'] };
  const BARE = { details: '', title: 'Given by hand', screenshot: tinyJpeg('generated') };
  const kept = { summary: 'Mine', studio: 'Mine', genres: ['Mine'], collections: ['Mine'] };

  it('gives its item that title and clears nothing, however often it is synced (A9)', async () => {
    const world = await syncer();
    const id = world.scanned('bare', BARE, THEIRS);
    expect(await world.sync(id)).toMatchObject({ outcome: 'synced', changed: ['title'] });
    expect(writes(world)).toBe(1);
    const item = { ...kept, title: 'Given by hand', lockedFields: ['title'] };
    expect(world.item('bare')).toMatchObject(item);
    expect(roles(world.item('bare'))).toEqual(['Me']);
    world.plex.log.clear();
    expect(await world.sync(id)).toMatchObject({ outcome: 'synced', changed: [] });
    expect(writes(world)).toBe(0);

    world.stash.scenes.update(id, { title: 'Given again' });
    expect(await world.sync(id)).toMatchObject({ changed: ['title'] });
    world.stash.scenes.update(id, { title: '' });
    expect(await world.sync(id)).toMatchObject({ changed: [] });
    expect(world.item('bare')).toMatchObject({ ...item, title: 'Given again' });
  });

  it('clears nothing of an item that comes in place of the one that had the title (A9)', async () => {
    const world = await syncer();
    const id = world.scanned('bare', BARE, THEIRS);
    await world.sync(id);
    world.plex.library.removeItem(world.item('bare').ratingKey);
    world.plex.library.addItem(world.sectionKey, {
      ...THEIRS,
      title: 'bare',
      file: '/media/films/bare.mkv',
    });
    expect(await world.sync(id)).toMatchObject({ changed: ['title'] });
    expect(world.item('bare')).toMatchObject({ ...kept, title: 'Given by hand' });
  });

  it('is equal to its item once it says more, and emptied again when it is (A9, W-39)', async () => {
    const world = await syncer();
    const id = world.scanned('bare', BARE, THEIRS);
    await world.sync(id);
    world.stash.scenes.update(id, { tags: ['Nature'] });
    await world.sync(id);
    expect(world.item('bare')).toMatchObject({
      summary: '',
      studio: undefined,
      genres: ['Nature'],
      roles: [],
    });
    expect(world.item('bare').lockedFields).toContain('thumb');
    world.stash.scenes.update(id, { tags: [] });
    await world.sync(id);
    expect(world.item('bare')).toMatchObject({ title: 'Given by hand', genres: [] });
  });

  it.each(['bare', 'bare.mkv', 'BARE', ' bare '])(
    "is skipped when its title %j is its file's name (A9, W-40)",
    async (title) => {
      const world = await syncer();
      const id = world.scanned('bare', { ...BARE, title }, THEIRS);
      expect(await world.sync(id)).toMatchObject({ outcome: 'skipped' });
      expect(world.plex.log.count()).toBe(0);
    },
  );

  it('leaves the title that Plex has when it is to preserve, and takes away no rating of others (A9, W-29)', async () => {
    const world = await syncer({ settings: { preserve_plex_edits: true, sync_rating: true } });
    const id = world.scanned('bare', { ...BARE, rating100: 40 }, { ...THEIRS, userRating: 8 });
    expect(await world.sync(id)).toMatchObject({ outcome: 'synced', changed: [] });
    expect(writes(world)).toBe(0);
    expect(world.item('bare').userRating).toBe(8);
  });
});

describe("the studio's collection", () => {
  it('follows the studio and leaves other collections alone (W-26)', async () => {
    const world = await syncer();
    const id = world.scanned('studio', FULL, { collections: ['Favourites', 'Lake cycle', 'To watch'] });
    await world.sync(id);
    world.stash.scenes.update(id, { studio: 'Second' });
    await world.sync(id);
    expect(new Set(world.item('studio').collections)).toEqual(
      new Set(['Favourites', 'Lake cycle', 'To watch', 'Second']),
    );
    world.stash.scenes.update(id, { studio: null });
    await world.sync(id);
    expect(new Set(world.item('studio').collections)).toEqual(
      new Set(['Favourites', 'Lake cycle', 'To watch']),
    );
  });

  it('follows a studio that was renamed in letter case only without losing the item', async () => {
    const world = await syncer();
    const id = world.scanned('case', { ...FULL, studio: 'example' });
    await world.sync(id);
    world.stash.scenes.update(id, { studio: 'EXAMPLE' });
    await world.sync(id);
    expect(world.item('case').collections).toHaveLength(1);
    expect(world.item('case').studio).toBe('EXAMPLE');
  });
});

describe('preserve_plex_edits', () => {
  const PRESERVE: BenchOptions = { settings: { preserve_plex_edits: true } };

  it('fills what is empty and changes nothing that is there (W-29)', async () => {
    const world = await syncer(PRESERVE);
    const id = world.scanned('keep', FULL, {
      summary: 'Typed into Plex',
      genres: ['Typed into Plex'],
      collections: ['Mine'],
      roles: ['Typed actor'],
    });
    await world.sync(id);
    expect(world.item('keep')).toMatchObject({
      title: 'keep',
      summary: 'Typed into Plex',
      studio: 'Example, Pictures',
      originallyAvailableAt: '2021-05-04',
    });
    expect(world.item('keep').genres).toContain('Typed into Plex');
    expect(roles(world.item('keep'))).toContain('Typed actor');
    expect(world.item('keep').collections).toContain('Mine');
    world.plex.log.clear();
    await world.sync(id);
    expect(writes(world)).toBe(0);
  });

  it('clears nothing, but takes away the names that it added itself (W-26, W-29)', async () => {
    const world = await syncer(PRESERVE);
    const id = world.scanned('own', FULL, { genres: ['Typed'], roles: ['Typed actor'] });
    await world.sync(id);
    world.stash.scenes.update(id, {
      details: '',
      date: null,
      studio: 'Second',
      tags: ['Short'],
      performers: [],
    });
    await world.sync(id);
    expect(world.item('own')).toMatchObject({
      summary: IN_PLEX.summary,
      originallyAvailableAt: '2021-05-04',
      genres: ['Typed', 'Short'],
      roles: [{ tag: 'Typed actor' }],
      collections: ['Second'],
    });
  });

  it('does not replace a poster or background that Plex has (18.12, W-29)', async () => {
    const world = await syncer(PRESERVE);
    const id = world.scanned(
      'poster',
      { ...FULL, screenshot: tinyJpeg() },
      { thumb: '/library/metadata/1/thumb/1', art: '/library/metadata/1/art/1' },
    );
    await world.sync(id);
    expect(world.plex.log.count({ method: 'POST' })).toBe(0);
  });

  it('fills in a poster and background where Plex has none', async () => {
    const world = await syncer(PRESERVE);
    const id = world.scanned('poster', { ...FULL, screenshot: tinyJpeg() }, { thumb: '', art: '' });
    expect(await world.sync(id)).toMatchObject({ changed: expect.arrayContaining(['poster', 'background']) });
  });
});

describe('images', () => {
  it('are uploaded once, and again only when their bytes change (18.9, W-50)', async () => {
    const world = await syncer();
    const id = world.scanned('image', { ...FULL, screenshot: tinyJpeg('one') });
    const uploads = () => world.plex.log.count({ method: 'POST' });
    await world.sync(id);
    expect(uploads()).toBe(2);
    world.clock.advance(60_000);
    // The address changes with the time stamp, the picture does not.
    world.stash.scenes.update(id, { title: 'Another' });
    expect(await world.sync(id)).toMatchObject({ changed: ['title'] });
    expect(uploads()).toBe(2);
    world.stash.scenes.update(id, { screenshot: tinyJpeg('two') });
    expect(await world.sync(id)).toMatchObject({ changed: ['poster', 'background'] });
    expect(uploads()).toBe(4);
    expect(world.plex.log.where({ method: 'POST' }).map(({ path }) => path.split('/').at(-1))).toEqual([
      'posters',
      'arts',
      'posters',
      'arts',
    ]);
  });

  it('are left alone while Stash has only a placeholder (W-50)', async () => {
    const world = await syncer();
    const id = world.scanned('placeholder', FULL);
    await world.sync(id);
    expect(world.plex.log.count({ method: 'POST' })).toBe(0);
    world.stash.scenes.update(id, { screenshot: tinyJpeg() });
    expect(await world.sync(id)).toMatchObject({ changed: ['poster', 'background'] });
  });

  it.each([
    ['sync_poster', 'background'],
    ['sync_background', 'poster'],
  ])('are uploaded one by one: %s off leaves the %s (18.12)', async (toggle, left) => {
    const world = await syncer({ settings: { [toggle]: false } });
    const id = world.scanned('one', { ...FULL, screenshot: tinyJpeg() });
    const outcome = await world.sync(id);
    expect(outcome).toMatchObject({ changed: expect.arrayContaining([left]) });
    expect(world.plex.log.count({ method: 'POST' })).toBe(1);
  });

  it('that were uploaded already add nothing to the item, also when nobody remembers them (W-50)', async () => {
    const world = await syncer();
    const id = world.scanned('pile', { ...FULL, screenshot: tinyJpeg() });
    await world.sync(id);
    const candidates = () => [world.item('pile').posters.length, world.item('pile').arts.length];
    const before = candidates();
    world.plex.log.clear();
    for (let round = 0; round < 3; round += 1) {
      world.memory.clear();
      await world.sync(id);
    }
    expect(candidates()).toEqual(before);
    expect(writes(world)).toBe(0);
  });

  it("give way to a picture that the user chose in Plex, until the scene's changes (W-50)", async () => {
    const world = await syncer();
    const id = world.scanned('chosen', { ...FULL, screenshot: tinyJpeg('ours') });
    await world.sync(id);
    const { ratingKey } = world.item('chosen');
    await world.context.plex.uploadImage(ratingKey, 'poster', tinyJpeg('theirs'), 'image/jpeg');
    const selected = () => world.item('chosen').posters.find((candidate) => candidate.selected)?.ratingKey;
    const theirs = selected();
    expect(await world.sync(id)).toMatchObject({ changed: [] });
    expect(selected()).toBe(theirs);
    world.stash.scenes.update(id, { screenshot: tinyJpeg('newer') });
    expect(await world.sync(id)).toMatchObject({ changed: ['poster', 'background'] });
    expect(selected()).not.toBe(theirs);
  });

  it('count as never uploaded once their setting was off, because the cover may have changed meanwhile (W-50)', async () => {
    const world = await syncer();
    const id = world.scanned('off and on', { ...FULL, screenshot: tinyJpeg('old') });
    await world.sync(id);
    expect(world.memory.get(id)?.written).toMatchObject({ posterHash: expect.any(String) });
    world.restart({ sync_poster: false });
    world.stash.scenes.update(id, { screenshot: tinyJpeg('new') });
    expect(await world.sync(id)).toMatchObject({ changed: ['background'] });
    expect(world.memory.get(id)?.written.posterHash).toBeUndefined();
    world.restart({ sync_poster: true });
    expect(await world.sync(id)).toMatchObject({ changed: ['poster'] });
  });

  it('are not even asked of Stash when both toggles are off (18.12)', async () => {
    const world = await syncer({ settings: { sync_poster: false, sync_background: false } });
    const id = world.scanned('off', { ...FULL, screenshot: tinyJpeg() });
    await world.sync(id);
    expect(world.stash.log.count({ path: /screenshot/ })).toBe(0);
  });

  it('that Plex refuses do not stop the rest, and are told of and outstanding (18.11, WK-18, W-37)', async () => {
    const world = await syncer();
    const id = world.scanned('refused', { ...FULL, screenshot: tinyJpeg() });
    world.plex.faults.add({ match: /posters$/, action: { kind: 'status', status: 413 } });
    await expect(world.sync(id)).rejects.toMatchObject({ name: 'SyncError', kind: 'partial' });
    expect(world.item('refused')).toMatchObject(IN_PLEX);
    expect(world.plex.log.count({ method: 'POST', path: /arts$/, status: 200 })).toBe(1);
    expect(world.memory.get(id)).toMatchObject({ written: { outstanding: ['poster'] } });
    expect(world.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    // The same again says nothing new.
    await expect(world.sync(id)).rejects.toMatchObject({ kind: 'partial' });
    expect(world.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    world.plex.faults.clear();
    world.plex.log.clear();
    expect(await world.sync(id)).toMatchObject({ changed: ['poster'] });
    // One upload, one selection.
    expect(writes(world)).toBe(2);
    expect(world.memory.get(id)?.written).not.toHaveProperty('outstanding');
  });

  it('get back to an item that was added anew', async () => {
    const world = await syncer();
    const id = world.scanned('again', { ...FULL, screenshot: tinyJpeg() });
    await world.sync(id);
    world.plex.library.reissue(world.item('again').ratingKey);
    expect(await world.sync(id)).toMatchObject({ changed: expect.arrayContaining(['poster', 'background']) });
  });
});

describe('finding the item', () => {
  it('finds an item that was removed and added again under another key (W-05)', async () => {
    const world = await syncer();
    const id = world.scanned('reissue', FULL);
    await world.sync(id);
    const before = world.item('reissue').ratingKey;
    world.plex.library.reissue(before);
    expect(world.item('reissue').studio).toBeUndefined();
    const outcome = await world.sync(id);
    expect(world.item('reissue')).toMatchObject(IN_PLEX);
    expect(outcome).toMatchObject({
      items: { syncs: [{ ratingKey: world.item('reissue').ratingKey }] },
    });
    expect(world.item('reissue').ratingKey).not.toBe(before);
  });

  it("does not overwrite an item that got the key of the scene's former item (W-05)", async () => {
    const world = await syncer();
    const id = world.scanned('mine', FULL);
    await world.sync(id);
    const { ratingKey } = world.item('mine');
    world.plex.library.removeItem(ratingKey);
    world.plex.library.addItem(world.sectionKey, {
      ratingKey,
      title: 'Another film',
      file: '/media/films/another.mkv',
      summary: 'Not yours',
    });
    await expect(world.sync(id)).rejects.toMatchObject({ name: 'SyncError', kind: 'notInPlex' });
    expect(world.item('another')).toMatchObject({ title: 'Another film', summary: 'Not yours', genres: [] });
    world.plex.library.addItem(world.sectionKey, { title: 'mine', file: '/media/films/mine.mkv' });
    await world.sync(id);
    expect(world.item('mine')).toMatchObject(IN_PLEX);
    expect(world.item('another').title).toBe('Another film');
  });

  it('prefers the item at the very path over a known one that holds only a file of that name (W-01, W-05)', async () => {
    const world = await syncer();
    const id = world.stash.scenes.add({ ...FULL, files: ['/media/films/right/video.mkv'] });
    const add = (folder: string, ratingKey?: string) =>
      world.plex.library.addItem(world.sectionKey, {
        title: folder,
        file: `/media/films/${folder}/video.mkv`,
        ...(ratingKey ? { ratingKey } : {}),
      });
    const { ratingKey } = add('right');
    await world.sync(id);
    // Plex was set up anew: the key is another film's now.
    world.plex.library.removeItem(ratingKey);
    add('wrong', ratingKey);
    add('right');
    await world.sync(id);
    expect(world.plex.library.itemByFile('/media/films/wrong/video.mkv')?.title).toBe('wrong');
    expect(world.plex.library.itemByFile('/media/films/right/video.mkv')?.title).toBe('Harbour walk');
  });

  it('follows a scene whose file was renamed', async () => {
    const world = await syncer();
    const id = world.scanned('before', FULL);
    await world.sync(id);
    world.plex.library.addItem(world.sectionKey, { title: 'after', file: '/media/films/after.mkv' });
    world.stash.scenes.update(id, { files: ['/data/films/after.mkv'] });
    await world.sync(id);
    expect(world.item('after')).toMatchObject(IN_PLEX);
  });

  it('finds the second file of a scene (W-07)', async () => {
    const world = await syncer();
    const id = world.scanned('second', {
      ...FULL,
      files: ['/data/films/gone.mkv', '/data/films/second.mkv'],
    });
    await world.sync(id);
    expect(world.item('second')).toMatchObject(IN_PLEX);
  });

  it('looks in every section with videos when none is named, and in no other (18.9, W-06, W-08)', async () => {
    const world = await syncer();
    const { key: shows } = world.plex.library.addSection({
      title: 'Shows',
      type: 'show',
      locations: ['/media/s'],
    });
    const { key: clips } = world.plex.library.addSection({ title: 'Clips', locations: ['/media/clips'] });
    world.plex.library.addItem(clips, { title: 'clip', file: '/media/clips/clip.mkv' });
    const id = world.stash.scenes.add({ ...FULL, files: ['/data/clips/clip.mkv'] });
    expect(await world.sync(id)).toMatchObject({ items: { syncs: [{ sectionKey: clips }] } });
    expect(world.plex.library.itemByFile('/media/clips/clip.mkv')).toMatchObject(IN_PLEX);
    expect(world.plexRequests().filter((request) => request.includes(`/sections/${shows}/`))).toEqual([]);
  });

  it('looks only in the sections that are named', async () => {
    const world = await syncer({ settings: { plex_library: 'Films' } });
    const { key: clips } = world.plex.library.addSection({ title: 'Clips', locations: ['/media/clips'] });
    world.plex.library.addItem(clips, { title: 'clip', file: '/media/clips/clip.mkv' });
    const id = world.stash.scenes.add({ ...FULL, files: ['/data/clips/clip.mkv'] });
    await expect(world.sync(id)).rejects.toMatchObject({ kind: 'notInPlex' });
  });

  it('writes to both items of a file that is in two sections (W-06, A3)', async () => {
    const world = await syncer();
    const { key: second } = world.plex.library.addSection({ title: 'Both', locations: ['/media/films'] });
    const id = world.scanned('both', FULL);
    world.plex.library.addItem(second, { title: 'both', file: '/media/films/both.mkv' });
    expect(await world.sync(id)).toMatchObject({
      items: { syncs: [{ sectionKey: world.sectionKey }, { sectionKey: second }] },
    });
    expect([...world.plex.library.items()].map(({ title }) => title)).toEqual([IN_PLEX.title, IN_PLEX.title]);
  });

  it('does not guess between two equal items under strict matching, and warns without it (18.9, W-11)', async () => {
    const world = await syncer();
    const id = world.stash.scenes.add({ ...FULL, files: ['/data/video.mkv'] });
    for (const folder of ['a', 'b']) {
      world.plex.library.addItem(world.sectionKey, {
        title: folder,
        file: `/media/films/${folder}/video.mkv`,
      });
    }
    await expect(world.sync(id)).rejects.toMatchObject({ name: 'SyncError', kind: 'ambiguous' });
    expect([...world.plex.library.items()].map(({ title }) => title)).toEqual(['a', 'b']);
    world.bench.restart({ strict_matching: false });
    expect(
      await syncScene(
        {
          sceneId: id,
          scene: await sceneOf(world.bench, id),
          previous: [],
          knownItem: async () => undefined,
          book: NO_BOOK,
        },
        world.bench.context,
      ),
    ).toMatchObject({ outcome: 'synced' });
    expect(world.lines.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('does not trust what it remembers of another server at the same address (W-05)', async () => {
    const world = await syncer({ settings: { preserve_plex_edits: true } });
    const id = world.scanned('server', FULL);
    await world.sync(id);
    world.plex.library.machineIdentifier = 'f'.repeat(40);
    // On the other server the user has chosen the same names himself.
    world.bench.restart();
    world.stash.scenes.update(id, { tags: [], performers: [] });
    const scene = await sceneOf(world.bench, id);
    const kept = world.memory.get(id);
    const previous = kept ? [kept] : [];
    const knownItem = async () => (await world.bench.context.plex.items([world.item('server').ratingKey]))[0];
    const outcome = await syncScene(
      { sceneId: id, scene, previous, knownItem, book: NO_BOOK },
      world.bench.context,
    );
    expect(outcome).toMatchObject({ items: { syncs: [{ serverId: 'f'.repeat(40) }] } });
    expect(world.item('server').genres).toEqual(IN_PLEX.genres);
  });
});

async function sceneOf({ stashClient }: Bench, id: number) {
  const scene = (await stashClient.scenes([id])).get(id);
  if (scene instanceof StashError) throw scene;
  return scene;
}

describe('skipping', () => {
  it.each([
    ['sync_master is off', { sync_master: false }, FULL],
    ['sync_master is off, whatever else is on', { sync_master: 'no', sync_rating: true }, FULL],
    ['the scene has no file', {}, { ...FULL, files: [] }],
    ["the scene has only its file's name and a rating", {}, { title: 'skip', rating100: 100, details: '' }],
    ['all it has is white space', {}, { details: ' \n\t ', tags: ['  '] }],
  ])('touches nothing when %s (18.9, 18.12, W-40)', async (_, settings, scene) => {
    const world = await syncer({ settings });
    const id = world.scanned('skip', scene);
    expect(await world.sync(id)).toMatchObject({ outcome: 'skipped', reason: expect.stringMatching(/./) });
    expect(world.plex.log.count()).toBe(0);
  });

  it('touches nothing when Stash does not know the scene (W-46)', async () => {
    const world = await syncer();
    expect(await world.sync(4711)).toMatchObject({ outcome: 'skipped' });
    expect(world.plex.log.count()).toBe(0);
  });
});
