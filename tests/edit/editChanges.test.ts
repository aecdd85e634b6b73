import { describe, expect, it } from 'vitest';
import { buildEdit } from '../../src/edit/buildEdit.ts';
import { pairsOf } from '../../src/edit/EditRequest.ts';
import { editChanges } from '../../src/edit/editChanges.ts';
import { plexItem } from '../support/samples.ts';

const OPTIONS = { preservesPlexEdits: false };

describe('the changes of an edit', () => {
  it('are its fields before and after, by the names of Stash', () => {
    const item = plexItem({
      title: 'file.mkv',
      summary: 'Old.',
      originallyAvailableAt: '2020-01-01',
      genres: ['Keep', 'Gone'],
      actors: [{ name: 'Ann', role: 'Herself' }],
      collections: ['Mine', 'Former Studio'],
    });
    const wanted = {
      title: 'Title',
      summary: '',
      originallyAvailableAt: '2024-05-01',
      genres: ['keep', 'New, really'],
      actors: ['Ann', 'Bob'],
      collection: 'Studio',
    };
    const { requests } = buildEdit(item, wanted, { collection: 'Former Studio' }, OPTIONS);
    expect(editChanges(item, requests.map(pairsOf))).toEqual([
      { field: 'title', from: 'file.mkv', to: 'Title' },
      { field: 'summary', from: 'Old.', to: '' },
      { field: 'date', from: '2020-01-01', to: '2024-05-01' },
      { field: 'tags', from: 'Keep, Gone', to: 'Keep, New, really' },
      { field: 'performers', from: 'Ann', to: 'Ann, Bob' },
      { field: 'collection', from: 'Mine, Former Studio', to: 'Mine, Studio' },
    ]);
  });

  it('are the same when a list goes in pieces (W-36)', () => {
    const names = Array.from({ length: 400 }, (_, index) => `Name of quite some length, number ${index}`);
    const item = plexItem({ genres: names.slice(0, 100) });
    const { requests } = buildEdit(item, { genres: names.slice(50) }, {}, OPTIONS);
    expect(requests.length).toBeGreaterThan(1);
    const [change] = editChanges(item, requests.map(pairsOf));
    // In whatever order the pieces come.
    expect(new Set(change?.to.split(/, (?=Name)/))).toEqual(new Set(names.slice(50)));
  });

  it('say nothing of the sort title, which Plex makes of the title (plex-http-api 9.5)', () => {
    const { requests } = buildEdit(plexItem({ title: 'clip' }), { title: 'New' }, {}, OPTIONS);
    expect(requests.flatMap(pairsOf)).toContainEqual(['titleSort.value', '']);
    expect(editChanges(plexItem({ title: 'clip' }), requests.map(pairsOf))).toEqual([
      { field: 'title', from: 'clip', to: 'New' },
    ]);
  });

  it('tell of a sort title that is a field of its own, but not where it is sent once more', () => {
    const item = plexItem({
      title: 'clip',
      titleSort: 'Old',
      labels: ['Mine'],
      directors: ['D'],
      contentRating: 'PG',
    });
    const wanted = {
      title: 'New',
      titleSort: 'Sort',
      labels: ['L'],
      directors: [],
      contentRating: 'XXX',
      originalTitle: 'C',
    };
    const { requests } = buildEdit(item, wanted, {}, OPTIONS);
    expect(editChanges(item, requests.map(pairsOf))).toEqual([
      { field: 'title', from: 'clip', to: 'New' },
      { field: 'content rating', from: 'PG', to: 'XXX' },
      { field: 'code', from: '', to: 'C' },
      { field: 'sort title', from: 'Old', to: 'Sort' },
      { field: 'director', from: 'D', to: '' },
      { field: 'labels', from: 'Mine', to: 'Mine, L' },
    ]);
    const again = buildEdit({ ...item, titleSort: 'Sort' }, wanted, {}, OPTIONS).requests.map(pairsOf);
    expect(again.flat()).toContainEqual(['titleSort.value', 'Sort']);
    expect(editChanges({ ...item, titleSort: 'Sort' }, again).map(({ field }) => field)).not.toContain(
      'sort title',
    );
  });

  it('are none without an edit', () => {
    expect(editChanges(plexItem(), [])).toEqual([]);
  });
});
