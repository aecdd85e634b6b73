import { describe, expect, it } from 'vitest';
import { decodeSections, type PlexSection, resolveSections } from '../../src/plex/PlexSection.ts';

function section(key: string, title: string, type = 'movie'): PlexSection {
  return { key, title, type, locations: [] };
}

const SECTIONS = [
  section('1', 'Films'),
  section('2', 'films'),
  section('3', 'Clips, old'),
  section('4', 'Music', 'artist'),
  section('5', '7'),
  section('6', 'Doubles'),
  section('7', 'Doubles '),
  section('8', ' Other Videos '),
];

function keys(setting: string): string[] {
  return resolveSections(setting, SECTIONS).map(({ key }) => key);
}

describe('resolveSections', () => {
  it.each(['', '  ', ',', ' , "" '])(
    'takes every section with video items for the setting %j (W-08)',
    (setting) => {
      expect(keys(setting)).toEqual(['1', '2', '3', '5', '6', '7', '8']);
    },
  );

  it.each([
    ['Films', ['1']],
    ['films', ['2']],
    [' other videos ', ['8']],
    ['8', ['8']],
    ['7', ['5']],
    ['Other Videos,Films', ['8', '1']],
    ['Films, Films ,1', ['1']],
    ['"Clips, old"', ['3']],
    ['"clips, OLD",Films', ['3', '1']],
    ['Films, "Clips, old"', ['1', '3']],
    ['3, "Films"', ['3', '1']],
  ])('resolves %j to the sections %j, in that order (18.1, W-08, W-23)', (setting, expected) => {
    expect(keys(setting)).toEqual(expected);
  });

  it.each([
    ['Shows', /no library "Shows".*"Films"/],
    ['Films, Shows', /no library "Shows"/],
    ['FILMS', /several libraries.*1 or 2/],
    ['Doubles', /several libraries.*6 or 7/],
    ['Music', /"Music" holds no films/],
    ['4', /holds no films/],
  ])("refuses %j as the user's to put right (18.1, 18.9, W-08, W-09)", (setting, message) => {
    const failure = expect.objectContaining({
      kind: 'misconfigured',
      message: expect.stringMatching(message),
    });
    expect(() => resolveSections(setting, SECTIONS)).toThrow(failure);
  });

  it('says so when the server has no library for it at all', () => {
    expect(() => resolveSections('Films', [])).toThrow(/it has none/);
  });

  it('does not take a server without a single video library for one that lacks every file (W-10)', () => {
    expect(() => resolveSections('', [section('4', 'Music', 'artist')])).toThrow(
      expect.objectContaining({ kind: 'misconfigured' }),
    );
  });
});

describe('decodeSections', () => {
  it('reads keys of either type and all folders', () => {
    const Directory = [
      {
        key: '1',
        type: 'movie',
        title: 'Films',
        agent: 'tv.plex.agents.none',
        hidden: 0,
        Location: [
          { id: 1, path: '/a' },
          { id: 2, path: 'D:\\b' },
        ],
      },
      { key: 4, type: 'artist', title: 'Music' },
    ];
    expect(decodeSections({ MediaContainer: { size: 2, Directory } })).toEqual([
      { key: '1', type: 'movie', title: 'Films', agent: 'tv.plex.agents.none', locations: ['/a', 'D:\\b'] },
      { key: '4', type: 'artist', title: 'Music', locations: [] },
    ]);
    expect(decodeSections({ MediaContainer: { size: 0 } })).toEqual([]);
  });

  it.each([null, {}, { MediaContainer: { Directory: {} } }])('refuses %j', (answer) => {
    expect(() => decodeSections(answer)).toThrow();
  });
});
