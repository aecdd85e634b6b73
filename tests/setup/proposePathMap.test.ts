import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/settings.ts';
import type { FolderPair } from '../../src/config/settingsTable.ts';
import { createPathMap } from '../../src/plex/pathMap.ts';
import { compareMatches, matchScene, type SceneCandidates } from '../../src/setup/matchScene.ts';
import { pathMapText, proposePathMap } from '../../src/setup/proposePathMap.ts';

interface Item {
  path: string;
  sizeBytes?: number;
}

/** A scene with one file, and an item for each of some files in Plex. */
function scene(path: string, plex: readonly (string | Item)[], sizeBytes?: number): SceneCandidates {
  return {
    files: [{ path, ...(sizeBytes ? { sizeBytes } : {}) }],
    items: plex.map((file, index) => ({
      ratingKey: `${path} ${index}`,
      sectionKey: '1',
      files: [typeof file === 'string' ? { path: file } : file],
    })),
  };
}

const proposedFor = (scenes: readonly SceneCandidates[], present: readonly FolderPair[] = []) =>
  pathMapText(proposePathMap(scenes, present, true).entries);
const names = ['a.mkv', 'b.mkv', 'c.mkv'];
const inFolders = (stash: string, plex: string) =>
  names.map((name) => scene(`${stash}${name}`, [`${plex}${name}`]));

describe('a proposed path_map', () => {
  it.each([
    ['/data/', '/media/', '/media=>/data'],
    ['/data/films/', '/media/films/', '/media=>/data'],
    ['/data/', 'D:\\Media\\', 'D:\\Media=>/data'],
    ['D:\\Stash\\', '\\\\nas\\films\\', '\\\\nas\\films=>D:\\Stash'],
    ['d:\\stash\\Films\\', 'E:\\Plex\\FILMS\\', 'E:\\Plex=>d:\\stash'],
    ['/data/', '/', '/=>/data'],
    ['/', '/media/films/', '/media/films=>/'],
  ])('for scenes in %s that Plex has in %s is %s', (stash, plex, value) => {
    expect(proposedFor(inFolders(stash, plex))).toBe(value);
  });

  it('has an entry for every folder, and keeps those that are entered and of use', () => {
    const scenes = [...inFolders('/data/one/', '/x/'), ...inFolders('/data/two/', '/y/')];
    const present = [
      { plex: '/old', stash: '/older' },
      { plex: '/x', stash: '/wrong' },
    ];
    const { entries, added, fixed } = proposePathMap(scenes, present, true);
    expect(pathMapText(entries)).toBe('/old=>/older; /x=>/data/one; /y=>/data/two');
    expect(added.map(({ scenes: count }) => count)).toEqual([3, 3]);
    expect(fixed).toBe(6);
  });

  it.each([
    ['scenes that match by their whole paths', inFolders('/data/', '/data/')],
    ['a single scene without a size', [scene('/data/a.mkv', ['/media/a.mkv'])]],
    [
      'files of another size',
      names.map((name) => scene(`/d/${name}`, [{ path: `/m/${name}`, sizeBytes: 2 }], 1)),
    ],
    [
      'folders that differ for each',
      names.map((name, index) => scene(`/d${index}/${name}`, [`/m${index}/${name}`])),
    ],
    ['files that Plex has twice', names.map((name) => scene(`/d/${name}`, [`/m/${name}`, `/n/${name}`]))],
    ['no scene at all', []],
  ])('does not come for %s', (_, scenes) => {
    const proposal = proposePathMap(scenes, [], true);
    expect(proposal).toEqual({ entries: [], added: [], fixed: 0, surer: 0 });
  });

  it('comes for a single scene whose size says so as well', () => {
    expect(proposedFor([scene('/data/a.mkv', [{ path: '/media/a.mkv', sizeBytes: 7 }], 7)])).toBe(
      '/media=>/data',
    );
  });

  it('tells files of one name apart by what the other scenes say', () => {
    const double = scene('/data/x/t.mkv', ['/media/x/t.mkv', '/media/y/t.mkv']);
    const proposal = proposePathMap([double, ...inFolders('/data/x/', '/media/x/')], [], true);
    expect(pathMapText(proposal.entries)).toBe('/media=>/data');
  });

  it('says of no scene that is found already that it lies elsewhere', () => {
    const settled = scene('/media/films/s.mkv', ['/media/films/s.mkv']);
    const moved = names.map((name) => scene(`/data/new/${name}`, [`/media/new/${name}`]));
    expect(proposedFor([settled, ...moved])).toBe('/media/new=>/data/new');
  });
});

const part = fc.stringMatching(/^[a-zé0-9][a-z é0-9]{0,4}[a-z0-9]$/);
const root = fc.constantFrom('/', 'C:\\', '\\\\nas\\');
const folder = fc.tuple(root, fc.array(part, { minLength: 1, maxLength: 3 }));
const join = ([start, parts]: [string, string[]], rest: readonly string[]) =>
  start + [...parts, ...rest].join(start === '/' ? '/' : '\\');
const tree = fc.uniqueArray(fc.tuple(fc.array(part, { maxLength: 2 }), part), {
  minLength: 3,
  maxLength: 12,
  selector: ([, name]) => name,
});

describe('for random trees a proposed path_map', () => {
  it('maps every file as the map does by which they were made', () => {
    fc.assert(
      fc.property(folder, folder, tree, (stash, plex, files) => {
        const scenes = files.map(([folders, name]) =>
          scene(join(stash, [...folders, `${name}.mkv`]), [join(plex, [...folders, `${name}.mkv`])]),
        );
        const { entries } = proposePathMap(scenes, [], true);
        const map = createPathMap(entries);
        expect(scenes.map((each) => matchScene(each, map, true).kind)).toEqual(scenes.map(() => 'path'));
      }),
    );
  });

  it('makes no scene worse, counts what it makes better, and is read as it is written', () => {
    const names3 = fc.constantFrom('a.mkv', 'b.mkv', 'c.mkv', 'd.mkv');
    const anyPath = fc
      .tuple(
        fc.constantFrom('/a', '/b', '/a/b', 'C:\\a', '/'),
        fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
        names3,
      )
      .map(([start, parts, name]) =>
        join([start === '/' ? '/' : `${start}${start.includes('\\') ? '\\' : '/'}`, []], [...parts, name]),
      );
    const size = fc.option(fc.constantFrom(1, 2), { nil: undefined });
    const anyScene = fc
      .tuple(anyPath, size, fc.array(fc.tuple(anyPath, size), { maxLength: 3 }))
      .map(([path, bytes, plex]) =>
        scene(
          path,
          plex.map(([file, sizeBytes]) => ({ path: file, ...(sizeBytes ? { sizeBytes } : {}) })),
          bytes,
        ),
      );
    const present = fc.array(
      fc.record({ plex: fc.constantFrom('/a', '/b', '/a/x'), stash: fc.constantFrom('/b', '/c', 'C:\\a') }),
      { maxLength: 2 },
    );
    fc.assert(
      fc.property(fc.array(anyScene, { maxLength: 12 }), present, fc.boolean(), (scenes, pairs, isStrict) => {
        const proposal = proposePathMap(scenes, pairs, isStrict);
        const match = (entries: readonly FolderPair[]) =>
          scenes.map((each) => matchScene(each, createPathMap(entries), isStrict));
        const [before, after] = [match(pairs), match(proposal.entries)];
        const gains = after.map((each, index) => compareMatches(each, before[index] ?? each));
        expect(gains.every((gain) => gain >= 0)).toBe(true);
        expect(gains.filter((gain) => gain > 0).length).toBe(proposal.fixed + proposal.surer);
        const stored = {
          plex_url: 'http://plex:32400',
          plex_token: 'x'.repeat(20),
          path_map: pathMapText(proposal.entries),
        };
        expect(parseSettings(stored, {}).settings.path_map).toEqual(proposal.entries);
      }),
    );
  });
});
