import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveSections } from '../../../src/plex/PlexSection.ts';
import {
  chosenLibraries,
  isChosen,
  switchLibrary,
  unknownLibraries,
} from '../../../src/ui/setup/librarySelection.ts';

const films = { key: '1', title: 'Films', isUsable: true };
const clips = { key: '2', title: 'Clips, short', isUsable: true };
const double = { key: '3', title: 'films ', isUsable: true };
const number = { key: '4', title: '2', isUsable: true };

describe('the libraries of plex_library', () => {
  it('are read as the plugin reads them', () => {
    expect(chosenLibraries(' Films , "Clips, short",, 7 ')).toEqual(['Films', 'Clips, short', '7']);
    const music = { key: '9', title: 'Music', isUsable: false };
    const all = [films, clips, music];
    expect(['', 'FILMS', '1'].map((setting) => isChosen(setting, films, all))).toEqual([true, true, true]);
    expect(isChosen('"Clips, short"', films, all)).toBe(false);
    expect(isChosen('', music, all)).toBe(false);
    expect(unknownLibraries('Films, Gone', [films, clips])).toEqual(['Gone']);
  });

  it('are written so that all of them are none, and the last one stays', () => {
    const libraries = [films, clips];
    const one = switchLibrary('', libraries, films);
    expect(one).toBe('"Clips, short"');
    expect(switchLibrary(one ?? '', libraries, films)).toBe('');
    expect(switchLibrary(one ?? '', libraries, clips)).toBeUndefined();
  });

  it('are numbers where names would not do, and what is unknown stays', () => {
    // Two names that differ in letter case are told apart by it; equal ones are not.
    const twin = { ...double, title: 'Films' };
    expect(switchLibrary('1, Gone', [films, clips, twin], clips)).toBe('1, "Clips, short", Gone');
    // A library that is called like the number of another one is meant by it.
    expect(switchLibrary('Films', [films, clips, number], clips)).toBe('Films, "Clips, short"');
    expect(switchLibrary('Films', [films, clips, number], number)).toBe('Films, 2');
  });

  it('mean to the plugin what the list shows, whatever the libraries are called', () => {
    const titles = fc.uniqueArray(
      fc.constantFrom('Films', 'films', 'A, b', 'Clips', '7', 'Old "x"', ' Blank '),
      {
        minLength: 2,
      },
    );
    fc.assert(
      fc.property(titles, fc.array(fc.nat(6), { maxLength: 8 }), (names, presses) => {
        const libraries = names.map((title, index) => ({ key: String(index + 1), title, isUsable: true }));
        const sections = libraries.map((library) => ({ ...library, type: 'movie', locations: [] }));
        let setting = '';
        const expected = new Set(libraries.map(({ key }) => key));
        for (const press of presses) {
          const library = libraries[press % libraries.length] as (typeof libraries)[number];
          const changed = switchLibrary(setting, libraries, library);
          if (changed === undefined) continue;
          setting = changed;
          if (!expected.delete(library.key)) expected.add(library.key);
          const synced = resolveSections(setting, sections as never).map(({ key }) => key);
          expect(synced.sort()).toEqual([...expected].sort());
        }
      }),
    );
  });
});
