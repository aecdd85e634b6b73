import { byFit, byQuality, type Fit, fitsOf } from '../plex/fileFits.ts';
import type { FileHolder } from '../plex/PathIndex.ts';
import type { PathMap } from '../plex/pathMap.ts';
import { type FileMatch, type FoundByFile, rankByFile, type WantedFile } from '../plex/rankByFile.ts';
import { megabytes } from '../stash/readImage.ts';
import { chooseItems, type ItemChoice } from './chooseItems.ts';

/** What matching makes of one candidate. */
export interface CandidateVerdict {
  ratingKey: string;
  /** It is one of the scene's items. */
  isChosen: boolean;
  /** How well its best file agrees, in a few words: `path`, `name and size`, `nothing`. */
  agreement: string;
  /** Why it is or is not one of the scene's items; a sentence. */
  reason: string;
}

/** What a look at a scene's candidates knows. */
export interface ChoiceBasis {
  /** The scene's, the primary one first. */
  files: readonly WantedFile[];
  map: PathMap;
  /** Rating keys of the items that the user has chosen, the latest first. */
  chosen: readonly string[];
  /** The items of the last sync that still hold their file. */
  known: readonly FoundByFile<FileHolder>[];
  isStrict: boolean;
}

/** What the matching came to, and what it went by. */
interface Outcome extends ChoiceBasis {
  fits: readonly Fit<FileHolder>[];
  match: FileMatch<FileHolder>;
  choice: ItemChoice<FileHolder>;
}

/**
 * Says of every candidate why it is, or is not, an item of the scene. It matches nothing by itself: it runs the matching of a sync and
 * reads the reasons off the same agreements. Pure.
 *
 * @param items candidates, each once, in the order of their sections.
 */
export function explainChoice(items: readonly FileHolder[], basis: ChoiceBasis): CandidateVerdict[] {
  const { files, map, chosen, known, isStrict } = basis;
  const match = rankByFile(files, items, map, chosen);
  const outcome: Outcome = {
    ...basis,
    fits: fitsOf(files, items, map, chosen).sort(byQuality),
    match,
    choice: chooseItems(match, known, { isStrict }),
  };
  return items.map(({ ratingKey }) => {
    const fit = outcome.fits.find(({ item }) => item.ratingKey === ratingKey);
    const found = outcome.choice.found.find(({ item }) => item.ratingKey === ratingKey);
    return {
      ratingKey,
      isChosen: found !== undefined,
      agreement: fit ? agreementOf(fit) : 'nothing',
      reason: found ? reasonFor(found, outcome) : reasonAgainst(ratingKey, fit, outcome),
    };
  });
}

function agreementOf({ agreement, tail, isSameSize }: Fit<FileHolder>): string {
  if (agreement === 'mapped') return 'path, by path_map';
  if (agreement === 'path') return 'path';
  const what = tail === 1 ? 'name' : `last ${tail} parts of the path`;
  return isSameSize ? `${what} and size` : what;
}

function reasonFor(found: FoundByFile<FileHolder>, { known, match }: Outcome): string {
  const { item, agreement, tail, isSameSize, confidence } = found;
  if (confidence === 'chosen') return 'You chose it for this scene.';
  if (known.some((own) => own.item.ratingKey === item.ratingKey))
    return 'The last sync found it, and it still holds that file.';
  const equals = doubtsOf(match).find(({ items }) => items.some(isItem(item.ratingKey)))?.items ?? [];
  if (equals.length > 1)
    return 'It is the first of several that fit equally well, and is taken because strict_matching is off.';
  if (confidence === 'low')
    return 'Nothing but its name speaks for it, and it is taken because strict_matching is off.';
  if (agreement === 'mapped') return "By path_map its path is the scene's.";
  if (agreement === 'path') return "Its path is the scene's.";
  if (tail === 1) return 'Its name and its size agree.';
  return `The last ${tail} parts of its path agree${isSameSize ? ', and its size' : ''}.`;
}

function reasonAgainst(ratingKey: string, fit: Fit<FileHolder> | undefined, outcome: Outcome): string {
  const { choice, match } = outcome;
  if (!fit) return "It holds no file of the name of one of the scene's.";
  const open = choice.doubts.find(({ items }) => items.some(isItem(ratingKey)));
  if (open) {
    const others = open.items.filter((item) => !isItem(ratingKey)(item));
    return others.length === 0
      ? 'Nothing but its name speaks for it, and strict_matching forbids to guess.'
      : `It fits as well as ${named(others)}, and strict_matching forbids to guess.`;
  }
  if (fit.isContradicted) return contradiction(fit, outcome);
  const winner = choice.found.find(({ wanted }) => wanted.path === fit.wanted.path);
  if (winner) return lostTo(winner, fit, outcome);
  const doubtful = doubtsOf(match).find(({ found }) => found.wanted.path === fit.wanted.path);
  if (doubtful) return `${named(doubtful.items)} fit better.`;
  const [other] = choice.found;
  return other
    ? `Nothing but its name speaks for it, and ${named([other.item])} is certain.`
    : 'Other items fit better.';
}

function contradiction({ isSameSize, sizeBytes, wanted, path }: Fit<FileHolder>, { map }: Outcome): string {
  if (!isSameSize && sizeBytes && wanted.sizeBytes)
    return `Its file is another one: it has ${megabytes(sizeBytes)} (${sizeBytes} bytes), the scene's has ${megabytes(wanted.sizeBytes)} (${wanted.sizeBytes} bytes).`;
  return map.plexToStash(path) === undefined
    ? 'Its file is another one.'
    : 'Its file is another one: by path_map it lies elsewhere in Stash.';
}

/** Why another item has the file that this one might have. */
function lostTo(winner: FoundByFile<FileHolder>, fit: Fit<FileHolder>, { fits, known }: Outcome): string {
  const name = named([winner.item]);
  if (winner.confidence === 'chosen') return `You chose ${name} for this scene's file.`;
  if (known.some(({ item }) => item.ratingKey === winner.item.ratingKey))
    return `The last sync found ${name}, which still holds that file.`;
  const better = fits.find(
    ({ item, wanted }) => item.ratingKey === winner.item.ratingKey && wanted.path === fit.wanted.path,
  );
  if (!better || byFit(better, fit) >= 0) return `It fits as well as ${name}, which comes first.`;
  if (better.agreement !== fit.agreement) return `The whole path of ${name} agrees, and not only its end.`;
  if (better.tail !== fit.tail && better.agreement === 'tail')
    return `The path of ${name} agrees further: in ${better.tail} parts from its end, not in ${fit.tail}.`;
  return `The size of ${name} agrees as well.`;
}

function doubtsOf(match: FileMatch<FileHolder>) {
  if (match.outcome === 'match') return match.doubts;
  return match.outcome === 'ambiguous' ? [match] : [];
}

function isItem(ratingKey: string) {
  return (item: FileHolder) => item.ratingKey === ratingKey;
}

const MAX_NAMED = 5;

function named(items: readonly FileHolder[]): string {
  const keys = items.map(({ ratingKey }) => ratingKey);
  const shown = keys.slice(0, MAX_NAMED).join(', ');
  const more = keys.length > MAX_NAMED ? ` and ${keys.length - MAX_NAMED} more` : '';
  return `Plex item${keys.length === 1 ? '' : 's'} ${shown}${more}`;
}
