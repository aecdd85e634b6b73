import { describe, expect, it } from 'vitest';
import type { EditMemory } from '../../src/edit/EditMemory.ts';
import { syncItem } from '../../src/scene/syncItem.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import type { FaultAction, NewPlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { stashScene } from '../support/samples.ts';
import { type BenchOptions, startBench } from '../support/startBench.ts';

const FULL = stashScene({
  title: 'Harbour walk',
  details: 'A walk.',
  date: '2021-05-04',
  studio: 'Acme',
  performers: ['A. Person', 'B. Person'],
  tags: ['Nature', 'Short'],
  rating100: 77,
});

/** One item and its syncs, with the memory of the last one. */
async function synced(item: Partial<NewPlexItem> = {}, options: BenchOptions = {}) {
  const bench = await startBench({ ...options, settings: { sync_rating: true, ...options.settings } });
  const { ratingKey } = bench.plex.library.addItem(bench.sectionKey, {
    title: 'clip',
    thumb: '',
    art: '',
    ...item,
  });
  let memory: EditMemory = {};
  const sync = async (scene: Scene) => {
    bench.plex.log.clear();
    const [current] = await bench.context.plex.items([ratingKey]);
    if (!current) throw new Error('no item');
    const keep = (kept: EditMemory) => {
      memory = kept;
    };
    const result = await syncItem({ scene, item: current, memory, keep }, bench.context);
    memory = result.memory;
    return result.changed;
  };
  return {
    ...bench,
    sync,
    now: () => {
      const found = bench.plex.library.item(ratingKey);
      if (!found) throw new Error('The item is gone.');
      return found;
    },
    memory: () => memory,
    /** From now on edits are known to work for others: Plex has taken one since it refused this scene's. */
    proveEdits: () => {
      bench.reliability.evidence.failed('edit', FULL.id, 0);
      bench.reliability.evidence.worked(['edit'], FULL.id + 1);
    },
    puts: () => bench.plex.log.where({ method: 'PUT' }),
    logged: (level: string) => bench.lines.filter((line) => line.level === level).map(({ text }) => text),
  };
}

/** Fails every PUT that mentions one of these parameters. */
const mentioning = (...parameters: string[]) => ({
  match: ({ method, url }: { method: string; url: string }) =>
    method === 'PUT' && parameters.some((parameter) => decodeURIComponent(url).includes(parameter)),
});
const status = (code: number): FaultAction => ({ kind: 'status', status: code });

describe('an edit', () => {
  it('is one PUT for everything, names what was written and reads nothing back (18.9, 18.10, W-24, W-31)', async () => {
    const world = await synced();
    expect(await world.sync(FULL)).toEqual([
      'title',
      'studio',
      'summary',
      'originallyAvailableAt',
      'genre',
      'actor',
      'collection',
      'userRating',
    ]);
    expect(world.plexRequests()).toHaveLength(2);
    expect(world.now()).toMatchObject({
      title: 'Harbour walk',
      summary: 'A walk.',
      studio: 'Acme',
      originallyAvailableAt: '2021-05-04',
      genres: ['Nature', 'Short'],
      roles: [{ tag: 'A. Person' }, { tag: 'B. Person' }],
      collections: ['Acme'],
      userRating: 7.7,
    });
    expect(world.logged('debug').at(-1)).toContain(
      'wrote title, studio, summary, date, tags, performers, collection and rating',
    );
  });

  it('empties whatever the scene does not have, and says so; never the title (18.10, W-25, W-39)', async () => {
    const world = await synced();
    await world.sync(FULL);
    await world.sync(stashScene({ details: null, studio: '', date: null }));
    expect(world.puts()[0]?.parameter('title.value')).toBeUndefined();
    expect(world.puts()[0]?.parameter('summary.value')).toBe('');
    expect(world.now()).toMatchObject({
      title: 'Harbour walk',
      summary: '',
      studio: undefined,
      originallyAvailableAt: undefined,
      genres: [],
      roles: [],
      collections: [],
      userRating: undefined,
    });
    const said = world.logged('debug').at(-1);
    expect(said).toContain('cleared studio, summary, date, tags, performers, collection and rating');
    expect(said).toContain('has no title');
  });

  it('sets some fields and empties others in one PUT (18.10)', async () => {
    const world = await synced({ summary: 'Old', studio: 'Old' });
    await world.sync(stashScene({ details: 'New' }));
    expect(world.puts()).toHaveLength(1);
    expect(world.now()).toMatchObject({ summary: 'New', studio: undefined });
  });

  it.each([
    ['sync_studio', ['studio.value'], { studio: 'Theirs' }],
    ['sync_summary', ['summary.value'], { summary: 'Theirs' }],
    ['sync_date', ['originallyAvailableAt.value'], { originallyAvailableAt: '1980-01-01' }],
    ['sync_tags', ['genre'], { genres: ['Theirs'] }],
    ['sync_performers', ['actor'], { roles: ['Theirs'] }],
    ['sync_collection', ['collection'], { collections: ['Theirs'] }],
    ['sync_rating', ['userRating'], { userRating: 3 }],
  ] as const)(
    'never mentions what %s switches off, neither to set nor to clear (18.12)',
    async (toggle, parts, item) => {
      for (const scene of [FULL, stashScene({ title: 'Other', details: 'x', studio: 'y' })]) {
        const world = await synced(item, { settings: { [toggle]: false } });
        const before = world.now();
        await world.sync(scene);
        const sent = world
          .puts()
          .map(({ url }) => decodeURIComponent(url))
          .join(' ');
        expect(sent).toContain('title.value');
        for (const part of parts) expect(sent).not.toContain(part);
        const [key] = Object.keys(item) as (keyof typeof before)[];
        expect(key && world.now()[key]).toEqual(key && before[key]);
      }
    },
  );

  it('gives way to edits in Plex when it is to preserve them, and else replaces them (18.10, 18.12, W-29)', async () => {
    const theirs = { title: 'Theirs', studio: 'Theirs', userRating: 9 };
    const preserving = await synced(theirs, { settings: { preserve_plex_edits: true } });
    await preserving.sync(FULL);
    expect(preserving.now()).toMatchObject({ ...theirs, summary: 'A walk.' });
    const replacing = await synced(theirs);
    await replacing.sync(FULL);
    expect(replacing.now()).toMatchObject({ title: 'Harbour walk', studio: 'Acme', userRating: 7.7 });
  });
});

describe('texts and names with characters of their own', () => {
  const scene = stashScene({
    title: 'می‌خواهم – “Live”…',
    details: '👩‍👩‍👧 waits.\n\u200fשלום\u200f: 12\u00a0km\u202e\u0007',
    studio: 'rock ’n’ roll – films',
    performers: ['نمی‌دانم', 'O’Hara'],
    tags: ['Sci–Fi', 'sci-fi'],
  });
  const wanted = {
    title: 'می‌خواهم – “Live”…',
    summary: '👩‍👩‍👧 waits.\n\u200fשלום\u200f: 12\u00a0km',
    studio: 'rock ’n’ roll – films',
    roles: [{ tag: 'نمی‌دانم' }, { tag: 'O’Hara' }],
    // Plex makes the first letter of a new collection a capital.
    collections: ['Rock ’n’ roll – films'],
  };

  it('come to Plex as they are, less what is harmful, and settle (A1, A8)', async () => {
    const world = await synced();
    await world.sync(scene);
    expect(world.now()).toMatchObject(wanted);
    expect(new Set(world.now().genres)).toEqual(new Set(['Sci–Fi', 'sci-fi']));
    expect(await world.sync(scene)).toEqual([]);
    expect(world.puts()).toEqual([]);
    expect(world.logged('warn')).toEqual([]);
  });

  it.each([false, true])(
    'replace by one PUT what was written in plainer ones, preserving Plex: %s (A8, W-26)',
    async (preserves) => {
      const plainer = {
        ...scene,
        studio: "rock 'n' roll - films",
        tags: ['Sci-Fi'],
        performers: ["O'Hara"],
      };
      const world = await synced({}, { settings: { preserve_plex_edits: preserves } });
      await world.sync(plainer);
      await world.sync({ ...scene, tags: ['Sci–Fi'] });
      expect(world.puts()).toHaveLength(1);
      const { roles, collections } = wanted;
      expect(world.now()).toMatchObject({ roles, collections, genres: ['Sci–Fi'] });
      expect(await world.sync({ ...scene, tags: ['Sci–Fi'] })).toEqual([]);
    },
  );
});

describe('the sort title', () => {
  const sorted = (world: Awaited<ReturnType<typeof synced>>) => world.now().titleSort;

  it('follows the title, in the same PUT, and is not locked (plex-http-api 9.5)', async () => {
    const world = await synced({ title: 'clip', titleSort: 'Scanned' });
    await world.sync(FULL);
    expect(world.puts()).toHaveLength(1);
    // The double shows one only while it is not what the title gives.
    expect(sorted(world)).toBeUndefined();
    expect(world.now().lockedFields).not.toContain('titleSort');
    await world.sync({ ...FULL, title: 'The Later' });
    expect(sorted(world)).toBeUndefined();
    expect(await world.sync({ ...FULL, title: 'The Later' })).toEqual([]);
  });

  it('causes no PUT by itself (plex-http-api 9.5)', async () => {
    const world = await synced({ title: 'Harbour walk', titleSort: 'clip' });
    expect(await world.sync(stashScene({ title: 'Harbour walk' }))).toEqual([]);
    expect(world.puts()).toEqual([]);
    await world.sync(FULL);
    expect(sorted(world)).toBe('clip');
  });

  it('stays when a user has locked it (plex-http-api 9.5)', async () => {
    const world = await synced({ titleSort: 'Zz', locked: ['titleSort'] });
    await world.sync(FULL);
    expect(world.now()).toMatchObject({ title: 'Harbour walk', titleSort: 'Zz' });
  });

  it('that Plex does not take does not keep the title back (plex-http-api 9.5, W-37)', async () => {
    for (const scene of [FULL, stashScene({ title: 'Harbour walk' })]) {
      const world = await synced({ titleSort: 'Scanned' });
      world.proveEdits();
      world.plex.faults.add({ ...mentioning('titleSort.'), action: status(400) });
      expect(await world.sync(scene)).toContain('title');
      expect(world.now()).toMatchObject({ title: 'Harbour walk', titleSort: 'Scanned' });
      expect(world.logged('warn')).toEqual([]);
      expect(await world.sync(scene)).toEqual([]);
    }
  });

  it('costs a title that Plex refuses one more try, and the title alone is told of (plex-http-api 9.5, W-37)', async () => {
    const world = await synced();
    world.proveEdits();
    world.plex.faults.add({ ...mentioning('title.'), action: status(400) });
    await expect(world.sync(FULL)).rejects.toMatchObject({ kind: 'partial' });
    expect(world.puts()).toHaveLength(10);
    expect(world.memory().outstanding).toEqual(['title']);
  });
});

describe('the rating (W-35)', () => {
  it('is off by default', async () => {
    const world = await synced({ userRating: 3 }, { settings: { sync_rating: undefined } });
    await world.sync(FULL);
    expect(world.now().userRating).toBe(3);
  });

  it("goes again when the scene has none any more, by the one request that Plex documents, and only the plugin's own", async () => {
    const world = await synced();
    await world.sync(FULL);
    expect(await world.sync({ ...FULL, rating100: null })).toEqual(['userRating']);
    expect(world.puts().map(({ path }) => path)).toEqual(['/:/rate']);
    expect(world.now().userRating).toBeUndefined();
    const rated = await synced({ userRating: 8 });
    await rated.sync({ ...FULL, rating100: null });
    expect(rated.now().userRating).toBe(8);
  });

  it('follows the scene, and settles', async () => {
    const world = await synced({ userRating: 8 });
    for (const rating100 of [77, 100, 1, 55]) {
      await world.sync({ ...FULL, rating100 });
      expect(world.now().userRating).toBeCloseTo(rating100 / 10);
      expect(await world.sync({ ...FULL, rating100 })).toEqual([]);
    }
  });

  it("that is right again after a write that failed is still known to be the plugin's", async () => {
    const world = await synced();
    await world.sync({ ...FULL, rating100: 20 });
    world.plex.faults.add({ ...mentioning('userRating'), action: status(500) });
    await expect(world.sync({ ...FULL, rating100: 80 })).rejects.toThrow('status 500');
    world.plex.faults.clear();
    expect(await world.sync({ ...FULL, rating100: 20 })).toEqual([]);
    expect(await world.sync({ ...FULL, rating100: null })).toEqual(['userRating']);
    expect(world.now().userRating).toBeUndefined();
  });
});

describe('what is too long for Plex', () => {
  const many = (text: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${text} ${index}`);

  it('is said once, with both numbers (18.10, W-27)', async () => {
    const world = await synced();
    const scene = { ...FULL, performers: many('A. Person', 60), tags: many('Tag', 120) };
    await world.sync(scene);
    expect(world.now().roles).toHaveLength(50);
    expect(world.now().genres).toHaveLength(100);
    expect(world.logged('warn')).toEqual([
      expect.stringContaining('50 of 60 performers'),
      expect.stringContaining('100 of 120 tags'),
    ]);
    expect(await world.sync(scene)).toEqual([]);
    expect(world.logged('warn')).toHaveLength(2);
  });

  it('is said once for a title, a studio and names, and again only when they are written again (A6)', async () => {
    const world = await synced();
    const scene = {
      ...FULL,
      title: 'word '.repeat(81),
      studio: 's'.repeat(300),
      performers: ['Ann', 'ann', '\u200b'],
      tags: ['t'.repeat(300)],
    };
    await world.sync(scene);
    const said = world.logged('warn');
    expect(said).toEqual([
      expect.stringContaining('254 of the 404 characters of its title'),
      expect.stringContaining('255 of the 300 characters of its studio'),
      expect.stringContaining('2 of 3 performers, because nothing shows'),
      expect.stringContaining('1 of 2 performers, because others have the same name'),
      expect.stringContaining('beginning only of 1 of the names of its 1 tags'),
    ]);
    expect(await world.sync(scene)).toEqual([]);
    expect(await world.sync({ ...scene, details: 'Other' })).toEqual(['summary']);
    expect(world.logged('warn')).toEqual(said);
    await world.sync({ ...scene, details: 'Other', title: 'word '.repeat(82) });
    expect(world.logged('warn')).toHaveLength(said.length);
    await world.sync({ ...scene, details: 'Other', title: 'more '.repeat(82) });
    expect(world.logged('warn').slice(said.length)).toEqual([
      expect.stringContaining('254 of the 409 characters of its title'),
    ]);
  });

  it('is not said of what it leaves to Plex, nor of what Plex refuses (A6, W-29)', async () => {
    const long = { ...FULL, title: 'x'.repeat(300) };
    const preserving = await synced({ title: 'Theirs' }, { settings: { preserve_plex_edits: true } });
    await preserving.sync(long);
    expect(preserving.logged('warn')).toEqual([]);
    const refused = await synced();
    refused.proveEdits();
    refused.plex.faults.add({ ...mentioning('title.'), action: status(400) });
    await expect(refused.sync(long)).rejects.toMatchObject({ kind: 'partial' });
    expect(refused.logged('warn')).toEqual([expect.stringContaining('refuses title')]);
  });

  it('says nothing about what fits (18.10)', async () => {
    const world = await synced();
    await world.sync({ ...FULL, performers: many('A. Person', 3) });
    expect(world.logged('warn')).toEqual([]);
  });

  it('is cut for a summary of 10 000 characters, which no address carries (18.10, 18.16, W-36)', async () => {
    const world = await synced();
    const scene = { ...FULL, details: '\u0007слово '.repeat(1_700) };
    await world.sync(scene);
    expect(world.now().summary).toMatch(/^слово слово/);
    expect(world.logged('warn')).toEqual([expect.stringMatching(/\d+ of the \d+ characters of its summary/)]);
    expect(await world.sync(scene)).toEqual([]);
  });

  it('replaces all names when Plex is full of others: Stash comes first (18.10, W-27)', async () => {
    const world = await synced({ roles: many('Old', 45) });
    await world.sync({ ...FULL, performers: many('New', 20) });
    expect(world.now().roles.map(({ tag }) => tag)).toEqual(many('New', 20));
    expect(world.logged('warn')).toEqual([]);
  });

  it('is looked at once more where a list went in pieces, and a Plex that keeps the last piece only is left alone then (W-36)', async () => {
    const world = await synced({}, { plex: { switches: { tagMode: 'replace' } } });
    const scene = { ...FULL, tags: many('Довольно длинная метка', 100) };
    await world.sync(scene);
    const { genres } = world.now();
    expect(genres).toEqual(scene.tags.slice(0, genres.length));
    expect(genres.length).toBeLessThan(100);
    expect(world.logged('warn')).toEqual([expect.stringContaining(`${genres.length} of 100 tags`)]);
    expect(world.memory().cutLists).toEqual(['genre']);
    expect(await world.sync(scene)).toEqual([]);
    // Short enough again: complete, and no list is cut any more.
    await world.sync({ ...FULL, tags: scene.tags.slice(0, 5) });
    expect(world.now().genres).toHaveLength(5);
    expect(world.memory().cutLists).toBeUndefined();
    expect(world.logged('warn')).toHaveLength(1);
  });
});

describe('a field that Plex refuses (W-37)', () => {
  it.each([
    ['genre', 'tags', 400, { genres: [] }],
    ['actor', 'performers', 400, { roles: [] }],
    ['collection', 'collection', 409, { collections: [] }],
    ['summary', 'summary', 414, { summary: '' }],
    ['originallyAvailableAt', 'date', 400, { originallyAvailableAt: undefined }],
    ['userRating', 'rating', 400, { userRating: undefined }],
  ])('keeps no other one back: %s (18.11)', async (field, word, code, missing) => {
    const world = await synced();
    world.proveEdits();
    const fault = world.plex.faults.add({ ...mentioning(`${field}.`, `${field}[`), action: status(code) });
    await expect(world.sync(FULL)).rejects.toMatchObject({
      name: 'SyncError',
      kind: 'partial',
      message: expect.stringMatching(new RegExp(`refuses ${word} .*status ${code}`)),
    });
    const whole = {
      title: 'Harbour walk',
      summary: 'A walk.',
      studio: 'Acme',
      originallyAvailableAt: '2021-05-04',
      genres: ['Nature', 'Short'],
      roles: [{ tag: 'A. Person' }, { tag: 'B. Person' }],
      collections: ['Acme'],
      userRating: 7.7,
    };
    expect(world.now()).toMatchObject({ ...whole, ...missing });
    // Together, and then each of the eight alone.
    expect(world.puts()).toHaveLength(9);
    expect(world.logged('warn')).toHaveLength(1);
    expect(world.memory().outstanding).toEqual([field]);

    // Again: only what is outstanding, and nothing new to say.
    await expect(world.sync(FULL)).rejects.toMatchObject({ kind: 'partial' });
    expect(world.puts()).toHaveLength(1);
    expect(world.logged('warn')).toHaveLength(1);

    // A later edit comes through all the same, beside it.
    await expect(world.sync({ ...FULL, title: 'Later' })).rejects.toMatchObject({ kind: 'partial' });
    expect(world.puts()).toHaveLength(2);
    expect(world.now().title).toBe('Later');

    fault.remove();
    expect(await world.sync({ ...FULL, title: 'Later' })).toEqual([field]);
    expect(world.now()).toMatchObject({ ...whole, title: 'Later' });
    expect(world.memory()).not.toHaveProperty('outstanding');
  });

  it('is reported with the others: three of them, one sentence (18.11)', async () => {
    const world = await synced();
    world.proveEdits();
    world.plex.faults.add({ ...mentioning('genre[', 'actor[', 'summary.'), action: status(400) });
    await expect(world.sync(FULL)).rejects.toMatchObject({
      message: expect.stringContaining('summary, tags and performers'),
    });
    expect(world.logged('warn')).toHaveLength(1);
  });

  it('is not suspected when Plex refuses everything: that is the error itself (18.11)', async () => {
    const world = await synced();
    world.plex.faults.add({ match: { method: 'PUT' }, action: status(400) });
    await expect(world.sync(FULL)).rejects.toMatchObject({
      name: 'PlexError',
      kind: 'rejected',
      status: 400,
    });
    expect(world.now().title).toBe('clip');
  });

  it("does not make the names of a refused list count as the user's (W-26)", async () => {
    const world = await synced({ genres: ['Typed'] }, { settings: { preserve_plex_edits: true } });
    await world.sync({ ...FULL, tags: ['Ours'] });
    world.proveEdits();
    const fault = world.plex.faults.add({ ...mentioning('genre['), action: status(400) });
    await expect(world.sync({ ...FULL, tags: ['Next'], rating100: 20 })).rejects.toMatchObject({
      kind: 'partial',
    });
    fault.remove();
    await world.sync({ ...FULL, tags: ['Last'] });
    expect(world.now().genres).toEqual(['Typed', 'Last']);
  });

  it.each([500, 403])('may also bring about status %d: then each field comes alone as well', async (code) => {
    const world = await synced();
    const fault = world.plex.faults.add({ ...mentioning('genre['), action: status(code) });
    world.proveEdits();
    await expect(world.sync(FULL)).rejects.toMatchObject({ name: 'SyncError', kind: 'partial' });
    expect(world.puts()).toHaveLength(9);
    expect(world.now()).toMatchObject({ title: 'Harbour walk', genres: [], collections: ['Acme'] });
    fault.remove();
    expect(await world.sync(FULL)).toEqual(['genre']);
  });

  it.each([400, 403, 405, 500])(
    'is not looked for while no edit is known to work for others: status %d costs one PUT each time (A7)',
    async (code) => {
      const world = await synced();
      world.plex.faults.add({ ...mentioning('genre['), action: status(code) });
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await expect(world.sync(FULL)).rejects.toMatchObject({ name: 'PlexError', status: code });
        expect(world.puts()).toHaveLength(1);
      }
      expect(world.now().title).toBe('clip');
    },
  );

  it('is looked for once a day in the same edit, and at once in another one (A7)', async () => {
    const world = await synced();
    const fails = async (scene: Scene) => {
      await expect(world.sync(scene)).rejects.toMatchObject({ name: 'PlexError', status: 400 });
      return world.puts().length;
    };
    world.plex.faults.add({ match: { method: 'PUT' }, action: status(400) });
    world.proveEdits();
    // Together, and each of the eight alone.
    expect([await fails(FULL), await fails(FULL)]).toEqual([9, 1]);
    world.clock.advance(24 * 3_600_000 - 1);
    expect(await fails(FULL)).toBe(1);
    expect(await fails({ ...FULL, title: 'Another' })).toBe(9);
    world.clock.advance(24 * 3_600_000);
    expect(await fails({ ...FULL, title: 'Another' })).toBe(9);
  });

  it("is nobody's fault while Plex fails at every field", async () => {
    const world = await synced();
    world.plex.faults.add({ match: { method: 'PUT' }, action: status(500) });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(world.sync(FULL)).rejects.toMatchObject({ name: 'PlexError', kind: 'serverError' });
    }
    world.plex.faults.clear();
    await world.sync(FULL);
    expect(world.now()).toMatchObject({ title: 'Harbour walk', genres: ['Nature', 'Short'] });
  });

  it('ends an edit at once when Plex goes away, instead of trying field after field', async () => {
    const world = await synced();
    world.plex.faults.add({ match: { method: 'PUT' }, action: { kind: 'maintenance' } });
    await expect(world.sync(FULL)).rejects.toMatchObject({ name: 'PlexError', kind: 'unavailable' });
    expect(world.puts()).toHaveLength(1);
  });
});

describe('the log of an edit', () => {
  it('names neither files nor titles nor anything else that the user may want hidden (W-68)', async () => {
    const world = await synced();
    world.proveEdits();
    world.plex.faults.add({ ...mentioning('genre['), action: status(400) });
    const secrets = ['Harbour', 'walk', 'Acme', 'Person', 'Nature', 'clip'];
    await world
      .sync({
        ...FULL,
        title: 'Harbour walk '.repeat(30),
        performers: ['A. Person', 'a. person'],
        details: `${'walk '.repeat(3_000)}`,
        files: [{ path: '/data/clip.mkv' }],
      })
      .catch(() => {});
    const text = world.lines.map((line) => line.text).join('\n');
    expect(text).toMatch(/summary/);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});
