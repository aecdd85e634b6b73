import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/settings.ts';
import { buildEdit, type Edit } from '../../src/edit/buildEdit.ts';
import { type EditMemory, intendedMemory } from '../../src/edit/EditMemory.ts';
import { type EditRequest, pairsOf } from '../../src/edit/EditRequest.ts';
import { type WantedItem, wantedItem } from '../../src/edit/WantedItem.ts';
import type { PlexActor, PlexItem } from '../../src/plex/PlexItem.ts';
import { queryString } from '../../src/plex/queryString.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import { plexItem, stashScene } from '../support/samples.ts';

const { settings: SETTINGS } = parseSettings(
  { plex_url: 'http://plex', plex_token: 'abcdefghij', sync_rating: true },
  {},
);

const ITEM = plexItem({ title: 'clip 0001', files: [{ path: '/p/clip 0001.mp4' }] });

const SCENE = stashScene({ id: 1 });

/** Whether indexed tags add to a list or replace it: nobody knows for sure (plex-http-api.md 3.6.4). */
type TagMode = 'add' | 'replace';

const KINDS = { genre: 'genres', collection: 'collections', actor: 'actors' } as const;
const TEXTS = ['title', 'studio', 'summary', 'originallyAvailableAt'] as const;

const fold = (name: string) => name.toLowerCase();
const namesOf = (item: PlexItem) => item.actors.map(({ name }) => name);
const folded = (names: readonly string[]) => names.map(fold).sort();

/** Plex, as far as an edit is concerned (plex-http-api.md 6.1, rows 10 to 13). */
function applied(item: PlexItem, { requests, clearsRating }: Edit, mode: TagMode): PlexItem {
  const written = requests.reduce(
    (current, request) => put(current, queryString(pairsOf(request)), mode),
    item,
  );
  if (!clearsRating) return written;
  const { userRating: _, ...unrated } = written;
  return unrated;
}

function put(item: PlexItem, query: string, mode: TagMode): PlexItem {
  const pairs = query.split('&').map((pair) => pair.split('=').map(decodeURIComponent));
  const next = { ...item, locked: new Set(item.locked) };
  for (const [key = '', value = ''] of pairs) {
    const [field = '', member = ''] = key.split('.');
    if (member === 'locked') next.locked.add(field);
    for (const text of TEXTS) if (key === `${text}.value`) next[text] = value;
    if (key === 'userRating.value') next.userRating = Number(value);
  }
  for (const kind of ['genre', 'collection', 'actor'] as const) {
    const before: PlexActor[] = kind === 'actor' ? item.actors : item[KINDS[kind]].map((name) => ({ name }));
    const after = taggedAs(kind, before, pairs, mode);
    if (kind === 'actor') next.actors = after;
    else next[KINDS[kind]] = after.map(({ name }) => name);
  }
  return next;
}

function taggedAs(kind: string, before: readonly PlexActor[], pairs: readonly string[][], mode: TagMode) {
  const additions = new Map<number, PlexActor>();
  let removed: string[] = [];
  for (const [key = '', value = ''] of pairs) {
    const [, name, index = '', member] = /^(\w+)\[(\d*)\]\.(.+)$/.exec(key) ?? [];
    if (name !== kind) continue;
    if (member === 'tag.tag-') removed = value.split(',').map((piece) => fold(decodeURIComponent(piece)));
    if (member === 'tag.tag') additions.set(Number(index), { name: value });
    if (member === 'tagging.text')
      additions.set(Number(index), { name: additions.get(Number(index))?.name ?? '', role: value });
  }
  const list = mode === 'replace' && additions.size > 0 ? [] : [...before];
  for (const [, addition] of [...additions].sort(([left], [right]) => left - right)) {
    const at = list.findIndex(({ name }) => fold(name) === fold(addition.name));
    // A new collection gets a capital first letter.
    if (at < 0)
      list.push({ ...addition, name: kind === 'collection' ? capital(addition.name) : addition.name });
    else if (addition.role) list[at] = { name: list[at]?.name ?? '', role: addition.role };
  }
  return list.filter(({ name }) => !removed.includes(fold(name)));
}

function capital(name: string): string {
  const [first = '', ...rest] = name;
  return /[a-z]/.test(first) ? first.toUpperCase() + rest.join('') : name;
}

/** Names with all that is hard to carry through a query. */
const anyName = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }),
    fc.constantFrom(
      'A',
      'a',
      'B, C',
      'B',
      'C',
      ',',
      '%',
      '%2C',
      '100%25',
      'R&B',
      'a=b',
      'x+y',
      '#1;?',
      '[]',
      '-',
    ),
    fc.constantFrom(
      '"quoted"',
      "it's",
      'Été',
      'ÉTÉ',
      'Ame\u0301lie',
      '😀👩‍👩‍👧',
      'שלום',
      '日本',
      'null',
      '0',
    ),
    fc.constantFrom('می‌خواهم', 'میخواهم', 'Sci–Fi', 'Sci-Fi', '\u200fשלום', 'N\u00a0o', 'N o', '“…”'),
    fc.constantFrom('\ufeffmark', 'half \ud83d', '\u202eturned', 'bell\u0007', '\u200d', '\u200cab'),
  )
  .map((name) => name.trim())
  .filter((name) => name !== '');
const nameList = fc.array(anyName, { maxLength: 6 });
/** Plex's texts are UTF-8, which has no halves of characters. */
const plexName = anyName.map((name) => name.toWellFormed());
const plexNames = fc.uniqueArray(plexName, { maxLength: 6, selector: fold });
const anyText = fc.oneof(
  fc.constant(''),
  anyName,
  fc
    .array(fc.oneof(anyName, fc.constantFrom('\n', ' ', '\n\n')), { maxLength: 8 })
    .map((parts) => parts.join('')),
);
const plexText = anyText.map((text) => text.toWellFormed());
const anyDate = fc.constantFrom('', '2021-05-04', '1999-12-31');
const anyRating = fc.constantFrom(0.5, 3, 7.7, 10);
const anyItem: fc.Arbitrary<PlexItem> = fc
  .record({
    title: plexName,
    summary: plexText,
    studio: plexText,
    originallyAvailableAt: anyDate,
    genres: plexNames,
    collections: plexNames,
    actors: plexNames.chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc.option(plexName).map((role): PlexActor => (role ? { name, role } : { name })),
        ),
      ),
    ),
  })
  .chain((part) =>
    fc.option(anyRating).map((userRating) => ({ ...part, ...(userRating ? { userRating } : {}) })),
  )
  .map((part) => ({ ...ITEM, ...part }));
const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    title: anyText,
    details: anyText,
    studio: fc.oneof(fc.constant(null), anyName),
    date: fc.oneof(anyDate, fc.constantFrom('2020', 'soon')),
    rating100: fc.oneof(fc.constantFrom(null, 0, 100, 77), fc.integer({ min: 0, max: 100 })),
    performers: nameList,
    tags: nameList,
  })
  .map((part) => ({ ...SCENE, ...part }));
/** The same pools of names everywhere, so that scene, item and memory often meet. */
const anyMemory: fc.Arbitrary<EditMemory> = fc.record(
  {
    collection: anyName,
    genres: plexNames,
    actors: plexNames,
    userRating: anyRating,
    outstanding: fc.subarray(['title', 'genre', 'poster']),
  },
  { requiredKeys: [] },
);
const anyMode = fc.constantFrom<TagMode>('add', 'replace');
const anyPreserve = fc.record({ preservesPlexEdits: fc.boolean() });

/** An edit of an item that is right. */
const NOTHING = {
  requests: [],
  clearsRating: false,
  changed: [],
  cleared: [],
  shortened: [],
  inPieces: [],
};

const REPLACE = { preservesPlexEdits: false };
const PRESERVE = { preservesPlexEdits: true };

function wantedOf(scene: Partial<Scene>): WantedItem {
  return wantedItem({ ...SCENE, ...scene }, SETTINGS);
}

describe('buildEdit makes any item equal to any scene', () => {
  it('lists and texts are exactly the wanted ones, letter case aside (W-25, W-26)', () => {
    fc.assert(
      fc.property(anyItem, anyScene, anyMemory, anyMode, (item, scene, memory, mode) => {
        const wanted = wantedOf(scene);
        const result = applied(item, buildEdit(item, wanted, memory, REPLACE), mode);
        for (const field of TEXTS) expect(result[field]).toBe(wanted[field] ?? item[field]);
        expect(folded(result.genres)).toEqual(folded(wanted.genres ?? []));
        expect(folded(namesOf(result))).toEqual(folded(wanted.actors ?? []));
        const stay = item.collections.filter((name) => fold(name) !== fold(memory.collection ?? ''));
        const collections = new Set(folded([...stay, ...(wanted.collection ? [wanted.collection] : [])]));
        expect(folded(result.collections)).toEqual([...collections].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('a second diff is empty, in either mode of either kind (W-27)', () => {
    fc.assert(
      fc.property(
        anyItem,
        anyScene,
        anyMemory,
        anyMode,
        anyPreserve,
        (item, scene, memory, mode, options) => {
          const wanted = wantedOf(scene);
          const edit = buildEdit(item, wanted, memory, options);
          const second = buildEdit(applied(item, edit, mode), wanted, edit.memory, options);
          expect(second).toEqual({ ...NOTHING, memory: edit.memory });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('locks what it writes and nothing else (W-30)', () => {
    fc.assert(
      fc.property(anyItem, anyScene, anyMemory, anyPreserve, (item, scene, memory, options) => {
        const edit = buildEdit(item, wantedOf(scene), memory, options);
        const written = edit.changed.filter((field) => field !== 'userRating' || !edit.clearsRating);
        expect([...applied(item, edit, 'add').locked].sort()).toEqual([...written].sort());
        const parts = edit.requests.flat();
        expect(parts.map(({ field }) => field).sort()).toEqual([...written].sort());
        for (const { field, pairs } of parts) {
          // A new title has its sort title made anew, which stays unlocked (plex-http-api 9.5).
          const fields = pairs.map(([key]) => key.split(/[.[]/)[0]).filter((name) => name !== 'titleSort');
          expect(new Set(fields)).toEqual(new Set([field]));
        }
      }),
    );
  });

  it('keeps the roles of the actors who stay, also when Plex replaces the list (plex-http-api 3.6.5)', () => {
    fc.assert(
      fc.property(anyItem, anyScene, anyMode, (item, scene, mode) => {
        const result = applied(item, buildEdit(item, wantedOf(scene), {}, REPLACE), mode);
        const before = new Map(item.actors.map(({ name, role }) => [fold(name), role]));
        for (const { name, role } of result.actors) expect(role).toBe(before.get(fold(name)));
      }),
    );
  });

  it('writes nothing where nothing is wanted: every toggle off', () => {
    fc.assert(
      fc.property(anyItem, anyMemory, anyPreserve, (item, memory, options) => {
        expect(buildEdit(item, {}, memory, options)).toMatchObject(NOTHING);
      }),
    );
  });
});

describe('buildEdit preserves what is in Plex when told to', () => {
  it('texts that are there stay, names of others stay, and what is wanted is there (W-29)', () => {
    fc.assert(
      fc.property(anyItem, anyScene, anyMemory, anyMode, (item, scene, memory, mode) => {
        const wanted = wantedOf(scene);
        const result = applied(item, buildEdit(item, wanted, memory, PRESERVE), mode);
        for (const field of TEXTS) expect(result[field]).toBe(item[field] || (wanted[field] ?? ''));
        const expected = (current: string[], ours: string[] = [], names: string[] = []) => {
          const theirs = folded(current).filter((name) => !folded(ours).includes(name));
          return [...new Set([...theirs, ...folded(names)])].sort();
        };
        expect(folded(result.genres)).toEqual(expected(item.genres, memory.genres, wanted.genres));
        expect(folded(namesOf(result))).toEqual(expected(namesOf(item), memory.actors, wanted.actors));
      }),
      { numRuns: 500 },
    );
  });

  it('over many syncs, all names of the user and none of an earlier scene are left (W-26)', () => {
    fc.assert(
      fc.property(
        anyItem,
        fc.array(anyScene, { minLength: 1, maxLength: 4 }),
        anyMode,
        (item, scenes, mode) => {
          let result = item;
          let memory: EditMemory = {};
          for (const scene of scenes) {
            const edit = buildEdit(result, wantedOf(scene), memory, PRESERVE);
            result = applied(result, edit, mode);
            memory = edit.memory;
          }
          const last = wantedOf(scenes.at(-1) ?? {});
          const names = (theirs: string[], wanted: string[] = []) => [
            ...new Set(folded([...theirs, ...wanted])),
          ];
          expect(folded(result.genres)).toEqual(names(item.genres, last.genres).sort());
          expect(folded(namesOf(result))).toEqual(names(namesOf(item), last.actors).sort());
          const collection = last.collection ? [last.collection] : [];
          expect(folded(result.collections)).toEqual(names(item.collections, collection).sort());
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('buildEdit and collections', () => {
  it("takes away the former studio's collection and no other (W-26)", () => {
    const item = { ...ITEM, studio: 'Acme', collections: ['Acme', 'Favourites'] };
    const edit = buildEdit(item, wantedOf({ studio: 'Beta' }), { collection: 'acme' }, REPLACE);
    expect(applied(item, edit, 'add')).toMatchObject({ studio: 'Beta', collections: ['Favourites', 'Beta'] });
    expect(edit.memory.collection).toBe('Beta');
  });

  it("takes a former studio's collection away that was there before, as the Python plugin left it (W-26)", () => {
    const item = { ...ITEM, collections: ['Acme'] };
    const first = buildEdit(item, { collection: 'Acme' }, {}, REPLACE);
    const second = buildEdit(item, { collection: 'Beta' }, first.memory, REPLACE);
    expect(applied(item, second, 'add').collections).toEqual(['Beta']);
  });

  it('never takes away a collection that it did not add when it is to preserve (W-26, W-29)', () => {
    const item = { ...ITEM, collections: ['Acme'] };
    const first = buildEdit(item, { collection: 'Acme' }, {}, PRESERVE);
    const second = buildEdit(item, { collection: 'Beta' }, first.memory, PRESERVE);
    expect(applied(item, second, 'add').collections).toEqual(['Acme', 'Beta']);
  });

  it('remembers through a time with the toggle off', () => {
    const memory = { collection: 'Acme', genres: ['A'], actors: ['B'] };
    expect(buildEdit(ITEM, {}, memory, REPLACE).memory).toEqual(memory);
    expect(buildEdit({ ...ITEM, collections: ['Acme'] }, wantedOf({}), memory, REPLACE).memory).toEqual({});
  });
});

describe('buildEdit keeps requests short', () => {
  /** Bytes of the request line that the client builds around an edit's fields. */
  const lineBytes = (request: EditRequest) =>
    Buffer.byteLength(
      `PUT /library/sections/100/all?type=1&id=1000000&${queryString(pairsOf(request))} HTTP/1.1`,
    );
  const names = (text: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${text} ${index}`);

  it('puts an ordinary edit into one request (W-24)', () => {
    const scene = {
      title: 'Harbour walk',
      details: 'x'.repeat(1000),
      date: '2021',
      studio: 'Acme',
      performers: names('A. Person', 10),
      tags: names('Some tag', 50),
    };
    expect(buildEdit(ITEM, wantedOf(scene), {}, REPLACE).requests).toHaveLength(1);
  });

  it.each([
    ['a description of 10 000 letters', ITEM, { details: 'word '.repeat(2000) }],
    ['a description in Cyrillic', ITEM, { details: 'слово '.repeat(1000) }],
    ['100 long tags in Cyrillic', ITEM, { tags: names('Довольно длинная метка', 100) }],
    ['50 performers with long names', ITEM, { performers: names('長い名前の出演者'.repeat(3), 50) }],
    ['taking 300 tags away', { ...ITEM, genres: names('Some, tag', 300) }, {}],
    ['everything at once', ITEM, { details: 'д'.repeat(1100), tags: names('метка', 60), studio: 'Студия' }],
  ])('stays below 8 000 bytes per request line for %s (W-36)', (_, item, scene) => {
    const { requests } = buildEdit(item, wantedOf(scene), {}, REPLACE);
    expect(requests.length).toBeGreaterThan(0);
    expect(Math.max(...requests.map(lineBytes))).toBeLessThan(8000);
  });

  it.each([
    ['many tags', ITEM, { tags: names('Довольно длинная метка', 100) }],
    [
      'nearly as many tags to take away as to add',
      { ...ITEM, genres: names('старая', 100) },
      { tags: names('новая', 100) },
    ],
  ])('is complete all the same for %s, and then done (W-36)', (_, item, scene) => {
    const wanted = wantedOf(scene);
    const edit = buildEdit(item, wanted, {}, REPLACE);
    const result = applied(item, edit, 'add');
    expect(folded(result.genres)).toEqual(folded(wanted.genres ?? []));
    expect(buildEdit(result, wanted, edit.memory, REPLACE).requests).toEqual([]);
  });

  it('is done after a description that had to be shortened (W-36)', () => {
    const wanted = wantedOf({ details: 'слово '.repeat(1600) });
    const edit = buildEdit(ITEM, wanted, {}, REPLACE);
    const result = applied(ITEM, edit, 'add');
    expect(result.summary.startsWith('слово слово')).toBe(true);
    expect(buildEdit(result, wanted, edit.memory, REPLACE).requests).toEqual([]);
  });
});

describe('buildEdit on the wire', () => {
  it('sends what plex-http-api.md 3.6 shows', () => {
    const item = {
      ...ITEM,
      genres: ['Nature', 'Sound, recorded'],
      actors: [{ name: 'A', role: 'The walker' }],
    };
    const wanted = { title: 'Morning', summary: '', genres: ['nature', 'Short'], actors: ['a', 'B'] };
    expect(buildEdit(item, wanted, {}, REPLACE).requests.map(pairsOf)).toEqual([
      [
        ['title.value', 'Morning'],
        ['title.locked', '1'],
        ['titleSort.value', ''],
        ['genre[0].tag.tag', 'Nature'],
        ['genre[1].tag.tag', 'Short'],
        ['genre[].tag.tag-', 'Sound%2C%20recorded'],
        ['genre.locked', '1'],
        ['actor[0].tag.tag', 'A'],
        ['actor[0].tagging.text', 'The walker'],
        ['actor[1].tag.tag', 'B'],
        ['actor.locked', '1'],
      ],
    ]);
  });
});

describe('buildEdit and the sort title', () => {
  const sortTitles = (item: PlexItem, wanted: WantedItem, options = REPLACE) =>
    buildEdit(item, wanted, {}, options)
      .requests.flatMap(pairsOf)
      .filter(([key]) => key.startsWith('titleSort'));

  it('has it made anew with a new title, and by no request of its own (plex-http-api 9.5)', () => {
    expect(sortTitles(ITEM, { title: 'New' })).toEqual([['titleSort.value', '']]);
    expect(sortTitles(ITEM, { title: ITEM.title, studio: 'S' })).toEqual([]);
    expect(buildEdit(ITEM, { title: ITEM.title }, {}, REPLACE).requests).toEqual([]);
    expect(buildEdit(ITEM, { title: 'New' }, {}, REPLACE)).toMatchObject({ changed: ['title'], cleared: [] });
  });

  it("leaves a user's own alone: a locked one, and any when it is to preserve (plex-http-api 9.5, W-29)", () => {
    expect(sortTitles({ ...ITEM, locked: new Set(['titleSort']) }, { title: 'New' })).toEqual([]);
    expect(sortTitles({ ...ITEM, title: '' }, { title: 'New' }, PRESERVE)).toEqual([]);
  });
});

describe('buildEdit after an edit of which nobody knows whether it took effect', () => {
  const before: EditMemory = {
    collection: 'Acme',
    genres: ['Old'],
    actors: ['Old Actor'],
    posterHash: 'h',
  };
  const item = {
    ...ITEM,
    studio: 'Acme',
    collections: ['Acme', 'Favourites'],
    genres: ['Old', 'Theirs'],
    actors: [{ name: 'Old Actor' }],
  };
  const second = wantedOf({ studio: 'Beta', tags: ['New'], performers: ['New Actor'] });
  const third = wantedOf({ studio: 'Gamma', tags: ['Third'], performers: ['Third Actor'] });

  it.each([true, false])(
    "never takes a name of the plugin for the user's, whether the failed edit took effect: %s (W-26, W-29)",
    (tookEffect) => {
      const failed = buildEdit(item, second, before, PRESERVE);
      const memory = intendedMemory(before, failed.memory);
      expect(memory.posterHash).toBe('h');
      const current = tookEffect ? applied(item, failed, 'add') : item;
      const result = applied(current, buildEdit(current, third, memory, PRESERVE), 'add');
      expect(result.collections).toEqual(['Favourites', 'Gamma']);
      expect(result.genres).toEqual(['Theirs', 'Third']);
      expect(namesOf(result)).toEqual(['Third Actor']);
    },
  );
});
