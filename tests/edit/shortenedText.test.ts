import { describe, expect, it } from 'vitest';
import { shortenedText } from '../../src/edit/shortenedText.ts';

describe('shortenedText', () => {
  it.each([
    [
      { field: 'title', loss: 'characters', total: 404, kept: 251 },
      'Plex gets 251 of the 404 characters of its title',
    ],
    [
      { field: 'collection', loss: 'characters', total: 300, kept: 255 },
      "Plex gets 255 of the 300 characters of its collection's name",
    ],
    [{ field: 'genre', total: 120, kept: 100 }, 'Plex gets 100 of 120 tags'],
    [{ field: 'collection', total: 3, kept: 2 }, 'Plex gets 2 of 3 collections'],
    [
      { field: 'actor', loss: 'sameName', total: 5, kept: 4 },
      'Plex gets 4 of 5 performers, because others have the same name but for letter case: different names in Stash keep them apart',
    ],
    [
      { field: 'genre', loss: 'cutName', total: 3, kept: 2 },
      'Plex gets the beginning only of 1 of the names of its 3 tags, which are too long',
    ],
    [
      { field: 'actor', loss: 'unnamed', total: 2, kept: 1 },
      'Plex gets 1 of 2 performers, because nothing shows of the names of the others',
    ],
  ] as const)('says %j in the words of Stash (A6)', (shortened, text) => {
    expect(shortenedText(shortened)).toBe(text);
  });
});
