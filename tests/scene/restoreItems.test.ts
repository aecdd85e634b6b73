import { describe, expect, it } from 'vitest';
import type { NewPlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { restoreOnBench, stateOf } from '../support/restoreOnBench.ts';
import { type Bench, startBench } from '../support/startBench.ts';
import type { NewScene } from '../support/stashDouble/startStashDouble.ts';

const FILMS = 300;
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Items as users have them: bare, filled by an agent, edited and locked by hand, with and without pictures. */
function itemOf(index: number): Partial<NewPlexItem> {
  const isFilled = index % 3 > 0;
  return {
    title: `The film ${index}`,
    ...(index % 5 === 0 ? { titleSort: `Sorted ${index}` } : {}),
    ...(index % 20 === 0 ? { locked: ['titleSort', 'title'] } : {}),
    ...(index % 7 === 0 ? { thumb: '', art: '' } : {}),
    ...(isFilled
      ? {
          summary: pick(['Short.', 'Ünïcode, % & "quotes"\nlines', 'long '.repeat(900)], index),
          studio: pick(['Acme', 'Studio A'], index),
          originallyAvailableAt: '1999-12-31',
          userRating: pick([3.5, 10], index),
          genres: pick([['Tag 1', 'Old, one', 'Tag 2'], ['Zebra', 'Tag 2', 'Tag 1'], ['A & b']], index),
          collections: pick([['Lake cycle'], [], ['Acme', 'Favourites']], index),
          roles: [{ tag: 'Zoe', role: 'The walker' }, { tag: 'Ann' }, 'Bob'],
          locked: pick([['title', 'genre'], ['actor', 'summary', 'thumb'], [], ['userRating', 'art']], index),
        }
      : {}),
  };
}

function sceneOf(index: number): NewScene {
  return {
    title: pick([`Scene ${index}`, `The film ${index}`], index),
    details: pick(['About it.', ''], index),
    studio: pick(['Studio A', null], index),
    date: pick(['2021-05-04', null], index),
    tags: pick([['Tag 1', 'Tag 2'], ['Tag 2', 'New'], ['Tag 3']], index),
    performers: pick([['Ann', 'Zoe'], ['New person'], []], index),
    rating100: pick([80, null], index),
    ...(index % 6 === 0 ? { screenshot: tinyJpeg(`cover ${index % 4}`) } : {}),
  };
}

function library(bench: Bench, count: number): { ids: number[]; states: () => string[] } {
  const names = Array.from({ length: count }, (_, index) => `film${index}`);
  const ids = names.map((name, index) => bench.scanned(name, sceneOf(index), itemOf(index)));
  return { ids, states: () => names.map((name) => stateOf(bench.item(name))) };
}

describe('restoring Plex items', () => {
  it.each(['add', 'replace'] as const)(
    `makes ${FILMS} items what they were before Sync All, with a Plex that takes lists as "%s"`,
    async (tagMode) => {
      const bench = await startBench({ plex: { switches: { tagMode } }, settings: { sync_rating: true } });
      const { ids, states } = library(bench, FILMS);
      const before = states();
      await bench.sync(...ids);
      const changed = states().filter((state, index) => state !== before[index]).length;
      expect(changed).toBe(FILMS);
      const preview = await restoreOnBench(bench, { apply: false });
      expect(preview).toMatchObject({ selected: FILMS, restored: FILMS, gone: 0, failed: 0, left: {} });
      bench.plexRequests();
      const result = await restoreOnBench(bench);
      expect(result).toMatchObject({
        selected: FILMS,
        restored: FILMS,
        left: {},
        refused: {},
        lostPictures: 0,
      });
      expect(states()).toEqual(before);
      expect(bench.jobs.undo.select({})).toEqual([]);
      expect(bench.plex.violations).toEqual([]);
      const requests = bench.plexRequests();
      // Three reads and three looks afterwards; a look and a selection per picture; else one PUT, or two where the order of a list asks for it.
      const pictures = requests.filter((request) => /(?:poster|art)s?$/.test(request)).length;
      const others = requests.filter((request) =>
        /^(?:GET|PUT) \/library\/sections\/\d+\/all$/.test(request),
      );
      expect(pictures).toBeLessThanOrEqual((FILMS / 6) * 4);
      expect(others.length).toBeGreaterThanOrEqual(FILMS);
      expect(others.length).toBeLessThan(FILMS * 1.5);
    },
    60_000,
  );
});
