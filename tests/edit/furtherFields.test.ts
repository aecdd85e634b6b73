import { describe, expect, it } from 'vitest';
import { parseSettings, type Settings } from '../../src/config/settings.ts';
import { sceneExtras } from '../../src/edit/sceneExtras.ts';
import { wantedItem } from '../../src/edit/WantedItem.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import { SCENE_EXTRAS } from '../../src/stash/SceneExtra.ts';
import { stashScene } from '../support/samples.ts';

const { settings: SETTINGS } = parseSettings({ plex_url: 'http://plex', plex_token: 'abcdefghij' }, {});
const ON: Partial<Settings> = {
  sync_labels: true,
  sync_groups: true,
  sync_studio_chain: true,
  sync_performer_tags: true,
  sync_director: true,
  sync_code: true,
  content_rating: 'XXX',
  sort_title_template: '{code}',
};
/** As Stash tells of a scene that has nothing. */
const NOTHING = { code: null, director: null, groups: [], parentStudios: [], performerTags: [] };

const wanted = (scene: Partial<Scene>, settings: Partial<Settings> = {}) =>
  wantedItem(stashScene(scene), { ...SETTINGS, ...settings });

describe('the further fields of an item', () => {
  it('are not there as long as nobody asks for them, whatever the scene has', () => {
    const scene = {
      code: 'C',
      director: 'D',
      groups: [{ name: 'G', index: 1 }],
      parentStudios: ['P'],
      performerTags: ['T'],
    };
    expect(wanted(scene)).toEqual(wanted({}));
  });

  it('are wanted empty where the scene has nothing (W-39)', () => {
    expect(wanted(NOTHING, ON)).toMatchObject({
      contentRating: 'XXX',
      originalTitle: '',
      titleSort: '',
      labels: [],
      directors: [],
      parentCollections: [],
      groupCollections: [],
    });
  });

  it('are left alone where Stash was not asked for them', () => {
    const { content_rating: _, sync_labels: __, ...read } = ON;
    const { genres: ___, ...others } = wanted({ tags: ['T'] });
    expect(wanted({ tags: ['T'] }, read)).toEqual(others);
    expect(wanted({ title: 'T' }, { title_template: '{title} {code}' })).not.toHaveProperty('title');
  });

  it('are none of a bare scene, which gets its title only (A9)', () => {
    const scene = stashScene({ ...NOTHING, title: 'T', tags: ['x'] });
    const settings = { ...SETTINGS, ...ON, title_template: '{title} #{id}' };
    expect(wantedItem(scene, settings, 'title')).toEqual({ title: 'T #1287', leavesPictures: true });
  });

  it('have clean names, each once, with a prefix only where there is a name (W-34)', () => {
    const scene = {
      ...NOTHING,
      tags: ['a', 'A', ' ', 'to do'],
      groups: [
        { name: '\u200b', index: 1 },
        { name: ' b\tc ', index: null },
      ],
    };
    const settings = { ...ON, label_prefix: 'Stash: ', group_prefix: '  Group ', ignore_tags: ['To Do '] };
    expect(wanted(scene, settings)).toMatchObject({
      genres: ['a'],
      labels: ['Stash: a'],
      groupCollections: ['Group b c'],
    });
    expect(wanted(scene, settings).shortened).toEqual(
      expect.arrayContaining([
        { field: 'label', loss: 'unnamed', total: 3, kept: 2 },
        { field: 'label', loss: 'sameName', total: 2, kept: 1 },
        { field: 'collection', loss: 'unnamed', total: 2, kept: 1 },
      ]),
    );
  });

  it('say what is cut of them (A6)', () => {
    const long = 'x'.repeat(300);
    const many = Array.from({ length: 60 }, (_, index) => ({ name: `Group ${index}`, index }));
    const scene = { ...NOTHING, code: long, director: long, groups: many, parentStudios: [long] };
    const item = wanted(scene, { ...ON, content_rating: long });
    expect(item.groupCollections).toHaveLength(50);
    expect(item.shortened).toEqual([
      { field: 'contentRating', loss: 'characters', total: 300, kept: 255 },
      { field: 'originalTitle', loss: 'characters', total: 300, kept: 255 },
      { field: 'titleSort', loss: 'characters', total: 300, kept: 255 },
      { field: 'director', loss: 'characters', total: 300, kept: 255 },
      { field: 'collection', loss: 'cutName', total: 1, kept: 0 },
      { field: 'collection', total: 60, kept: 50 },
    ]);
  });

  it("count a performer's tag that the scene has as well once, and without a word", () => {
    const item = wanted({ ...NOTHING, tags: ['Tall'], performerTags: ['tall ', 'Blond'] }, ON);
    expect(item.genres).toEqual(['Tall', 'Blond']);
    expect(item).not.toHaveProperty('shortened');
  });

  it.each(['2021-05', '2021', 'soon', null])(
    'take the date %j into a title only if it is one (W-32)',
    (date) => {
      const isDate = date?.startsWith('2') ?? false;
      const { title } = wanted({ title: 'T', date }, { title_template: '{title} ({date}) [{year}]' });
      expect(title).toBe(isDate ? `T (${date}) [2021]` : 'T');
    },
  );
});

describe('what is read of scenes', () => {
  it('is nothing more by default', () => {
    expect(sceneExtras(SETTINGS)).toEqual([]);
    const others: Settings = { ...SETTINGS, sync_labels: true, content_rating: 'X', ignore_tags: ['x'] };
    expect(sceneExtras(others)).toEqual([]);
    expect(sceneExtras({ ...SETTINGS, title_template: '{studio} {title} {id} {date}' })).toEqual([]);
  });

  it.each<[Partial<Settings>, string[]]>([
    [{ sync_code: true }, ['code']],
    [{ sync_director: true }, ['director']],
    [{ sync_groups: true }, ['groups']],
    [{ sync_studio_chain: true }, ['parentStudios']],
    [{ sync_performer_tags: true }, ['performerTags']],
    [{ sync_performer_tags: true, sync_tags: false }, []],
    [{ title_template: '{title} [{code} ({director})]' }, ['code', 'director']],
    [{ sort_title_template: '{group_index} {code}', sync_code: true }, ['code', 'groups']],
  ])('with %j is %j', (settings, extras) => {
    expect(sceneExtras({ ...SETTINGS, ...settings })).toEqual(extras);
  });

  it('is all of it when everything is on', () => {
    const ofGates: readonly string[] = ['organized', 'endpoints', 'tagIds', 'studioId'];
    const written = SCENE_EXTRAS.filter((extra) => !ofGates.includes(extra));
    expect([...sceneExtras({ ...SETTINGS, ...ON })].sort()).toEqual([...written].sort());
  });
});
