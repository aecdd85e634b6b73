import { describe, expect, it } from 'vitest';
import { PLACEHOLDERS } from '../../src/config/titleTemplate.ts';
import { previewScenes } from '../../src/scene/previewScenes.ts';
import { itemSyncer } from '../support/itemSyncer.ts';
import type { NewPlexItem, PlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { stashScene } from '../support/samples.ts';
import { type Bench, startBench } from '../support/startBench.ts';
import type { NewScene } from '../support/stashDouble/startStashDouble.ts';

/** A scene that has something for every field there is. */
const RICH: NewScene = {
  title: 'The Walk',
  code: 'HW-001',
  director: 'D. Rector, Jr.',
  date: '2021-05-04',
  studio: 'Acme',
  performers: ['A. Person', 'B. Person'],
  tags: ['Nature', 'To do'],
  groups: [{ name: 'Lake cycle', scene_index: 3 }, 'Walks'],
};

/** The item of {@link RICH} after a sync with these settings; Plex's own values are those of `item`. */
async function synced(settings: Record<string, unknown>, item: Partial<NewPlexItem> = {}) {
  const bench = await startBench({ settings });
  const sceneId = bench.scanned('walk', RICH, item);
  bench.stash.scenes.setParentStudio('Acme', 'Acme Group');
  bench.stash.scenes.setParentStudio('Acme Group', 'Holding');
  bench.stash.scenes.tagPerformer('A. Person', ['Tall', 'nature', 'To do']);
  await bench.sync(sceneId);
  return {
    bench,
    sceneId,
    resync: (changes: NewScene, to?: Record<string, unknown>) => resync(bench, sceneId, changes, to),
  };
}

/** Syncs again after a change of the scene, perhaps by another process with other settings. */
async function resync(bench: Bench, sceneId: number, changes: NewScene, settings?: Record<string, unknown>) {
  bench.clock.advance(60_000);
  bench.stash.scenes.update(sceneId, changes);
  if (settings) bench.restart(settings);
  await bench.sync(sceneId);
  return bench.item('walk');
}

const puts = ({ plex }: Bench) => plex.log.where({ method: 'PUT' });

interface FieldCase {
  settings: Record<string, unknown>;
  /** What the item has then. */
  shown: Partial<PlexItem>;
  /** Lock of the field, by Plex's name. */
  lock: string;
  /** Takes the scene's value away, and what the item has then. */
  without: NewScene;
  emptied: Partial<PlexItem>;
  /** What the item has from others beforehand, and has still with the field switched on, where that is to be preserved. */
  theirs: Partial<NewPlexItem>;
  preserved: Partial<PlexItem>;
}

const CASES: Record<string, FieldCase> = {
  director: {
    settings: { sync_director: true },
    shown: { directors: ['D. Rector, Jr.'] },
    lock: 'director',
    without: { director: '' },
    emptied: { directors: [] },
    theirs: { directors: ['Theirs'] },
    preserved: { directors: ['Theirs', 'D. Rector, Jr.'] },
  },
  code: {
    settings: { sync_code: true },
    shown: { originalTitle: 'HW-001' },
    lock: 'originalTitle',
    without: { code: '' },
    emptied: { originalTitle: undefined },
    theirs: { originalTitle: 'Theirs' },
    preserved: { originalTitle: 'Theirs' },
  },
  labels: {
    settings: { sync_labels: true, label_prefix: 'Stash: ', ignore_tags: 'TO DO' },
    shown: { labels: ['Theirs', 'Stash: Nature'] },
    lock: 'label',
    without: { tags: [] },
    emptied: { labels: ['Theirs'] },
    theirs: { labels: ['Theirs'] },
    preserved: { labels: ['Theirs', 'Stash: Nature'] },
  },
  groups: {
    settings: { sync_groups: true, group_prefix: 'Group: ' },
    shown: { collections: ['Theirs', 'Acme', 'Group: Lake cycle', 'Group: Walks'] },
    lock: 'collection',
    without: { groups: [] },
    emptied: { collections: ['Theirs', 'Acme'] },
    theirs: { collections: ['Theirs'] },
    preserved: { collections: ['Theirs', 'Acme', 'Group: Lake cycle', 'Group: Walks'] },
  },
  'parent studios': {
    settings: { sync_studio_chain: true, sync_collection: false },
    shown: { collections: ['Theirs', 'Acme Group', 'Holding'] },
    lock: 'collection',
    without: { studio: null },
    emptied: { collections: ['Theirs'] },
    theirs: { collections: ['Theirs'] },
    preserved: { collections: ['Theirs', 'Acme Group', 'Holding'] },
  },
  "performers' tags": {
    settings: { sync_performer_tags: true, ignore_tags: 'to do' },
    shown: { genres: ['Nature', 'Tall'] },
    lock: 'genre',
    without: { performers: [] },
    emptied: { genres: ['Nature'] },
    theirs: { genres: ['Theirs'] },
    preserved: { genres: ['Theirs', 'Nature', 'Tall'] },
  },
  'sort title': {
    settings: { sort_title_template: '{group} {group_index} {title}' },
    shown: { titleSort: 'Lake cycle 03 The Walk' },
    lock: 'titleSort',
    without: { groups: [], title: 'The Run' },
    emptied: { titleSort: 'The Run' },
    theirs: { titleSort: 'Theirs' },
    preserved: { titleSort: 'Theirs' },
  },
  title: {
    settings: { title_template: '{studio} - {title} ({year}) [{director}]' },
    shown: { title: 'Acme - The Walk (2021) [D. Rector, Jr.]' },
    lock: 'title',
    without: { studio: null, date: null, director: '' },
    emptied: { title: 'The Walk' },
    theirs: {},
    preserved: { title: 'walk' },
  },
};

describe.each(Object.entries(CASES))('the field %s', (_, field) => {
  it('is written, locked and right the next time; stays when it is switched off, and goes with what Stash has', async () => {
    const { bench, resync: again } = await synced(field.settings, field.theirs);
    expect(bench.item('walk')).toMatchObject(field.shown);
    expect(bench.item('walk').lockedFields).toContain(field.lock);
    bench.plex.log.clear();
    await again({});
    expect(puts(bench)).toEqual([]);

    const toggles = Object.keys(field.settings).filter((key) => key !== 'sync_collection');
    const off = Object.fromEntries(toggles.map((key) => [key, undefined]));
    const before = bench.item('walk');
    const now = await again({ details: 'Another text.' }, off);
    // Titles and genres are synced in any case.
    const kept = Object.keys(field.shown).filter((key) => !['title', 'genres'].includes(key));
    for (const key of kept) expect(now).toMatchObject({ [key]: before[key as keyof PlexItem] });
    expect(await again(field.without, field.settings)).toMatchObject(field.emptied);
  });

  it('leaves what others wrote where that is to be preserved', async () => {
    const { bench, resync: again } = await synced(
      { ...field.settings, preserve_plex_edits: true },
      field.theirs,
    );
    expect(bench.item('walk')).toMatchObject(field.preserved);
    bench.plex.log.clear();
    await again({});
    expect(puts(bench)).toEqual([]);
  });
});

describe('the content rating', () => {
  it('is the same for every item, and stays when the setting is emptied', async () => {
    const { bench, resync: again } = await synced({ content_rating: ' XXX ' }, { contentRating: 'PG' });
    expect(bench.item('walk')).toMatchObject({ contentRating: 'XXX' });
    expect(bench.item('walk').lockedFields).toContain('contentRating');
    bench.plex.log.clear();
    expect(await again({}, { content_rating: '' })).toMatchObject({ contentRating: 'XXX' });
    expect(puts(bench)).toEqual([]);
  });

  it('of Plex stays where that is to be preserved', async () => {
    const { bench } = await synced(
      { content_rating: 'XXX', preserve_plex_edits: true },
      { contentRating: 'PG' },
    );
    expect(bench.item('walk')).toMatchObject({ contentRating: 'PG' });
  });
});

describe('the sort title', () => {
  it('that the title would give as well is written once, although Plex does not show it', async () => {
    const { bench, resync: again } = await synced({ sort_title_template: '{title}' });
    // "The Walk" is sorted as "Walk" by Plex itself.
    expect(bench.item('walk').titleSort).toBe('The Walk');
    expect((await again({ title: 'Walk' })).titleSort).toBeUndefined();
    expect(bench.item('walk').lockedFields).toContain('titleSort');
    bench.plex.log.clear();
    await again({});
    expect(puts(bench)).toEqual([]);
  });

  it('is written again where somebody took it away', async () => {
    const { bench, resync: again } = await synced({ sort_title_template: '{studio} {title}' });
    const { sectionKey, ratingKey } = bench.item('walk');
    await bench.context.plex.edit(sectionKey, ratingKey, [['titleSort.value', '']]);
    expect((await again({})).titleSort).toBe('Acme The Walk');
  });

  it('that Plex refuses keeps no other field back, is said in the words of the user and tried again (W-37)', async () => {
    const bench = await startBench({
      settings: { sort_title_template: '{studio} {title}', sync_labels: true },
    });
    const item = itemSyncer(bench, { title: 'clip', thumb: '', art: '' });
    const scene = stashScene({ title: 'Walk', studio: 'Acme', tags: ['Nature'] });
    bench.reliability.evidence.failed('edit', scene.id, 0);
    bench.reliability.evidence.worked(['edit'], scene.id + 1);
    bench.plex.faults.add({
      match: ({ method, url }) =>
        method === 'PUT' && decodeURIComponent(url).includes('titleSort.value=Acme'),
      action: { kind: 'status', status: 400 },
    });
    await expect(item.sync(scene)).rejects.toThrow('Plex refuses sort title of scene 1287 (status 400)');
    expect(item.now()).toMatchObject({ title: 'Walk', studio: 'Acme', labels: ['Nature'] });
    expect(item.memory()).toMatchObject({ outstanding: ['titleSort'], labels: ['Nature'] });
    // A request that says nothing about the item would be one for nothing.
    expect(puts(bench).filter(({ url }) => !url.includes('.locked=') && !url.includes('.value='))).toEqual(
      [],
    );
    bench.plex.faults.clear();
    expect(await item.sync(scene)).toMatchObject({ writes: 1 });
    expect(item.now().titleSort).toBe('Acme Walk');
  });

  it('is given back to Plex with the next new title once its template is gone', async () => {
    const { bench, resync: again } = await synced({ sort_title_template: '{studio} {title}' });
    expect((await again({}, { sort_title_template: '' })).titleSort).toBe('Acme The Walk');
    const now = await again({ title: 'The Run' });
    expect(now).toMatchObject({ title: 'The Run', titleSort: undefined });
    expect(now.lockedFields).not.toContain('titleSort');
    expect(bench.plex.violations).toEqual([]);
  });

  it('that a user typed stays where the template makes nothing of the scene', async () => {
    const { bench } = await synced(
      { sort_title_template: '{title} {code}' },
      { titleSort: 'Mine', locked: ['titleSort'] },
    );
    expect(bench.item('walk').titleSort).toBe('The Walk HW-001');
    const other = await startBench({ settings: { sort_title_template: '{code}' } });
    const sceneId = other.scanned('walk', { title: 'Run' }, { titleSort: 'Mine', locked: ['titleSort'] });
    await other.sync(sceneId);
    expect(other.item('walk')).toMatchObject({ title: 'Run', titleSort: 'Mine' });
  });
});

describe('a title template', () => {
  it('fills every placeholder', async () => {
    const { bench, sceneId } = await synced({
      title_template: PLACEHOLDERS.map((name) => `{${name}}`).join(' / '),
    });
    expect(bench.item('walk').title).toBe(
      `The Walk / Acme / A. Person, B. Person / D. Rector, Jr. / HW-001 / 2021-05-04 / 2021 / Lake cycle / 03 / ${sceneId}`,
    );
  });

  it('leaves an item its own title where the scene has none', async () => {
    const bench = await startBench({ settings: { title_template: '{studio} - {title}' } });
    await bench.sync(bench.scanned('walk', { studio: 'Acme' }, { title: 'Mine' }));
    expect(bench.item('walk')).toMatchObject({ title: 'Mine', studio: 'Acme' });
  });

  it('says that it had to cut a title', async () => {
    const bench = await startBench({ settings: { title_template: '{title}: {performers}' } });
    const performers = Array.from({ length: 40 }, (_, index) => `Performer ${index}`);
    await bench.sync(bench.scanned('walk', { title: 'Walk', performers }));
    expect(bench.item('walk').title).toMatch(/^Walk: Performer 0, .{200,}$/);
    expect(bench.lines.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      expect.stringMatching(/Plex gets \d+ of the \d+ characters of its title/),
    ]);
  });
});

describe('collections of several sources', () => {
  const ALL = { sync_groups: true, sync_studio_chain: true };

  it('are one where they have one name, and go with the last source that wants them', async () => {
    const { bench, resync: again } = await synced(ALL);
    expect(bench.item('walk').collections).toEqual(['Acme', 'Acme Group', 'Holding', 'Lake cycle', 'Walks']);
    expect((await again({ groups: ['acme group', 'Walks'] })).collections).toEqual([
      'Acme',
      'Acme Group',
      'Holding',
      'Walks',
    ]);
    expect((await again({ studio: 'Other' })).collections).toEqual(['Acme Group', 'Walks', 'Other']);
    expect((await again({ groups: [] })).collections).toEqual(['Other']);
  });

  it('stay when only their own source is switched off', async () => {
    const { resync: again } = await synced(ALL);
    const off = { sync_groups: false };
    expect((await again({ studio: 'Other', groups: [] }, off)).collections).toEqual([
      'Lake cycle',
      'Walks',
      'Other',
    ]);
  });
});

describe('tags', () => {
  it("of performers count with the scene's own towards the most genres, and the log says what is left out", async () => {
    const { bench } = await synced({ sync_performer_tags: true, max_tags: 10 });
    const many = Array.from({ length: 12 }, (_, index) => `P${index}`);
    bench.stash.scenes.tagPerformer('B. Person', many);
    await resync(bench, 1, {});
    expect(bench.item('walk').genres).toEqual(['Nature', 'To do', 'Tall', ...many.slice(0, 7)]);
    expect(bench.lines.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      expect.stringContaining('Plex gets 10 of 15 tags'),
    ]);
  });

  it('that are ignored go from an item that had them', async () => {
    const { bench, resync: again } = await synced({ sync_labels: true });
    expect(bench.item('walk')).toMatchObject({ genres: ['Nature', 'To do'], labels: ['Nature', 'To do'] });
    expect(await again({}, { ignore_tags: 'to do; other' })).toMatchObject({
      genres: ['Nature'],
      labels: ['Nature'],
    });
  });
});

it('every field at once is one PUT, and Stash is asked for what the fields need in the one request for the scene', async () => {
  const { bench } = await synced({
    title_template: '{studio} - {title}',
    sort_title_template: '{title}',
    sync_labels: true,
    sync_groups: true,
    sync_studio_chain: true,
    sync_performer_tags: true,
    sync_director: true,
    sync_code: true,
    content_rating: 'XXX',
  });
  expect(puts(bench)).toHaveLength(1);
  expect(bench.stash.log.count({ path: '/graphql' })).toBe(1);
  expect(bench.lines.filter(({ level }) => level === 'debug').at(-1)?.text).toContain(
    'wrote title, studio, summary, date, content rating, code, sort title, tags, performers, collection, director and labels',
  );
  expect(bench.plex.violations).toEqual([]);
});

it('a preview says what of them the next sync changes, and that is what it changes', async () => {
  const { bench, sceneId } = await synced({});
  const settings = {
    sync_labels: true,
    sync_groups: true,
    sync_director: true,
    sort_title_template: '{code}',
  };
  bench.restart(settings);
  const preview = await previewScenes(
    { scope: 'scene', sceneId },
    bench.context,
    () => ({ ids: [], total: 0 }),
    () => {},
  );
  expect(preview.previews).toMatchObject([
    {
      changes: [
        // Plex does not show the one that it made from the title.
        { field: 'sort title', from: '', to: 'HW-001' },
        { field: 'collection', from: 'Acme', to: 'Acme, Lake cycle, Walks' },
        { field: 'director', from: '', to: 'D. Rector, Jr.' },
        { field: 'labels', from: '', to: 'Nature, To do' },
      ],
    },
  ]);
  expect(await resync(bench, sceneId, {}, settings)).toMatchObject({
    titleSort: 'HW-001',
    collections: ['Acme', 'Lake cycle', 'Walks'],
    directors: ['D. Rector, Jr.'],
    labels: ['Nature', 'To do'],
  });
});

it('a scene that was read for other settings loses nothing', async () => {
  const { bench, sceneId } = await synced({ sync_director: true, sync_code: true, sync_groups: true });
  const before = bench.item('walk');
  // As when a switch is thrown while a batch is on its way.
  bench.restart({ sync_director: true });
  bench.context = { ...bench.context, stash: bench.stashClient };
  await bench.sync(sceneId);
  const { directors, originalTitle, collections, title } = bench.item('walk');
  expect({ directors, originalTitle, collections, title }).toEqual({
    directors: before.directors,
    originalTitle: before.originalTitle,
    collections: before.collections,
    title: before.title,
  });
});
