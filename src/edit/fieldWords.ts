const WORDS: Readonly<Record<string, string>> = {
  originallyAvailableAt: 'date',
  genre: 'tags',
  actor: 'performers',
  userRating: 'rating',
  titleSort: 'sort title',
  originalTitle: 'code',
  contentRating: 'content rating',
  label: 'labels',
  thumb: 'poster',
  art: 'background',
};

/** A field of Plex by the name that Stash users know. */
export function fieldWord(field: string): string {
  return WORDS[field] ?? field;
}

/** Plex's names of fields as a Stash user calls them, for messages: `title, tags and rating`. */
export function fieldWords(fields: readonly string[]): string {
  const words = [...new Set(fields)].map(fieldWord);
  return [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' and ');
}
