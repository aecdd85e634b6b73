import { describe, expect, it } from 'vitest';
import { itemFields } from '../../src/edit/itemFields.ts';
import type { PlexItem } from '../../src/plex/PlexItem.ts';

const ITEM: PlexItem = {
  ratingKey: '1',
  sectionKey: '1',
  title: 'old',
  titleSort: '',
  originalTitle: '',
  contentRating: '',
  labels: [],
  directors: [],
  summary: 'S',
  studio: '',
  tagline: '',
  originallyAvailableAt: '',
  genres: ['A', 'B'],
  collections: [],
  actors: [{ name: 'X' }],
  locked: new Set(),
  files: [],
  hasThumb: false,
  hasArt: false,
};

describe('the fields of an item side by side', () => {
  it('are those that are synced, changed or not, in the words of Stash', () => {
    const wanted = { title: 'new', summary: 'S', genres: ['A'], actors: ['X', 'Y'], userRating: null };
    const changes = [
      { field: 'title', from: 'old', to: 'new' },
      { field: 'tags', from: 'A, B', to: 'A' },
    ];
    expect(itemFields(ITEM, wanted, changes)).toEqual([
      { field: 'title', stash: 'new', now: 'old', next: 'new' },
      { field: 'summary', stash: 'S', now: 'S', next: 'S' },
      // Something keeps the sync from writing them.
      { field: 'performers', stash: 'X, Y', now: 'X', next: 'X' },
      { field: 'tags', stash: 'A', now: 'A, B', next: 'A' },
      { field: 'rating', stash: '', now: '', next: '' },
    ]);
  });

  it('hold the collections of studio, parents and groups in one', () => {
    const wanted = { collection: 'Acme', parentCollections: ['Acme Group'], groupCollections: ['Walks'] };
    expect(itemFields({ ...ITEM, collections: ['Mine'] }, wanted, [])).toEqual([
      { field: 'collection', stash: 'Acme, Acme Group, Walks', now: 'Mine', next: 'Mine' },
    ]);
  });

  it('have what else changes at their end', () => {
    const poster = { field: 'poster', from: '', to: "the scene's cover" };
    expect(itemFields(ITEM, {}, [poster])).toEqual([
      { field: 'poster', stash: "the scene's cover", now: '', next: "the scene's cover" },
    ]);
  });
});
