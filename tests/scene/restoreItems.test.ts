import { describe, expect, it } from 'vitest';
import type { NewPlexItem } from '../support/plexDouble/startPlexDouble.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { restoreOnBench, stateOf } from '../support/restoreOnBench.ts';
import { type Bench, startBench } from '../support/startBench.ts';
import type { NewScene } from '../support/stashDouble/startStashDouble.ts';

const FILMS = 300;
/** Every field that can be synced. */
const EVERYTHING = {
  sync_rating: true,
  sync_labels: true,
  sync_groups: true,
  sync_studio_chain: true,
  sync_director: true,
  sync_code: true,
  sync_performer_tags: true,
  content_rating: 'XXX',
  title_template: '{studio} - {title}',
  sort_title_template: '{group} {group_index} {title}',
};
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Items as users have them: bare, filled by an agent, edited and locked by hand, with and without pictures. */
function itemOf(index: number): Partial<NewPlexItem> {
  const isFilled = index % 3 > 0;
  return {
    title: `The film ${index}`,
    ...(index % 5 === 0 ? { titleSort: `Sorted ${index}` } : {}),
    ...(index % 20 === 0 ? { locked: ['titleSort', 'title'] } : {}),
    ...(index % 7 === 0 ? { thumb: '', art: '' } : {}),
    ...(index % 4 === 0
      ? { labels: ['Kids', 'Tag 1'], directors: ['Old, D.'], originalTitle: `Film ${index}` }
      : {}),
    ...(index % 4 === 1 ? { contentRating: 'PG', locked: ['label', 'director', 'contentRating'] } : {}),
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
    code: pick(['ABC-1', ''], index),
    director: pick(['D. Rector', ''], index),
    groups: pick([['Lake cycle', 'Trilogy'], []], index),
    ...(index % 6 === 0 ? { screenshot: tinyJpeg(`cover ${index % 4}`) } : {}),
  };
}

function library(bench: Bench, count: number): { ids: number[]; states: () => string[] } {
  bench.stash.scenes.setParentStudio('Studio A', 'Above');
  const names = Array.from({ length: count }, (_, index) => `film${index}`);
  const ids = names.map((name, index) => bench.scanned(name, sceneOf(index), itemOf(index)));
  return { ids, states: () => names.map((name) => stateOf(bench.item(name))) };
}

describe('restoring Plex items', () => {
  it.each(['add', 'replace'] as const)(
    `makes ${FILMS} items what they were before Sync All, with a Plex that takes lists as "%s"`,
    async (tagMode) => {
      const bench = await startBench({ plex: { switches: { tagMode } }, settings: EVERYTHING });
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
