import { fieldWord } from './fieldWords.ts';
import type { Shortened } from './Shortened.ts';

/** What an item does not get in full, for the user: with both numbers, and without a name or a title (W-68). */
export function shortenedText({ field, loss, total, kept }: Shortened): string {
  const names = field === 'collection' ? 'collections' : fieldWord(field);
  if (loss === undefined) return `Plex gets ${kept} of ${total} ${names}`;
  switch (loss) {
    case 'characters': {
      const text = field === 'collection' ? "collection's name" : fieldWord(field);
      return `Plex gets ${kept} of the ${total} characters of its ${text}`;
    }
    case 'cutName':
      return `Plex gets the beginning only of ${total - kept} of the names of its ${total} ${names}, which are too long`;
    case 'sameName':
      return `Plex gets ${kept} of ${total} ${names}, because others have the same name but for letter case: different names in Stash keep them apart`;
    case 'unnamed':
      return `Plex gets ${kept} of ${total} ${names}, because nothing shows of the names of the others`;
  }
}
