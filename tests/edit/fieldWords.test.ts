import { describe, expect, it } from 'vitest';
import { fieldWords } from '../../src/edit/fieldWords.ts';

describe('fieldWords', () => {
  it.each([
    [[], ''],
    [['title'], 'title'],
    [['title', 'genre'], 'title and tags'],
    [['originallyAvailableAt', 'actor', 'userRating'], 'date, performers and rating'],
    [['contentRating', 'originalTitle', 'titleSort'], 'content rating, code and sort title'],
    [['director', 'label'], 'director and labels'],
    [['genre', 'genre', 'poster'], 'tags and poster'],
  ])('calls %j "%s", each once', (fields, words) => {
    expect(fieldWords(fields)).toBe(words);
  });
});
