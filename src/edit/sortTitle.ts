import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import type { FieldPart } from './EditRequest.ts';

/** Plex's name of what an item is sorted by. It goes along with the title, unless there is a template for it. */
export const SORT_TITLE = 'titleSort';

/**
 * Goes with a new title: an empty sort title makes Plex build it anew from the title, where an edit of the title alone may leave the
 * item sorted by its old name (plex-http-api.md 9.5).
 */
const REBUILT: QueryPairs = [[`${SORT_TITLE}.value`, '']];
/** The same for a sort title that the plugin has locked: it is Plex's own again. */
const GIVEN_BACK: QueryPairs = [...REBUILT, [`${SORT_TITLE}.locked`, '0']];

/** What decides about a sort title. */
export interface SortTitleRule {
  item: Pick<PlexItem, 'title' | 'titleSort' | 'locked'>;
  /** Undefined: there is no template. Empty: it makes nothing of this scene. */
  wanted: string | undefined;
  /** Those that the plugin wrote and that may be there, the last one first. */
  ours: readonly string[];
  isTitleWritten: boolean;
  preservesPlexEdits: boolean;
}

/** What becomes of a sort title. */
export interface SortTitleWrite {
  /** A field of its own. */
  pairs?: QueryPairs;
  /** Goes with the title. */
  along: QueryPairs;
  /** What of it is the plugin's, once this is done. */
  ours: readonly string[];
}

/**
 * How an item gets its sort title. Like a rating it is often typed into Plex by people, and most scenes have no word on it: where the
 * template makes nothing of a scene, only a sort title that the plugin wrote is taken back.
 */
export function sortTitleWrite(rule: SortTitleRule): SortTitleWrite {
  const { item, wanted, ours, isTitleWritten, preservesPlexEdits } = rule;
  if (wanted) {
    const isRight = item.titleSort === wanted || isHidden(wanted, rule);
    const isLeft = preservesPlexEdits && item.titleSort !== '';
    // Whether Plex builds a locked one anew with the title is not known: it is told once more.
    if (isLeft || (isRight && !isTitleWritten)) return { along: [], ours };
    const pairs: QueryPairs = [
      [`${SORT_TITLE}.value`, wanted],
      [`${SORT_TITLE}.locked`, '1'],
    ];
    return { pairs, along: [], ours: [wanted] };
  }
  if (preservesPlexEdits) return { along: [], ours };
  // Plex Web locks a sort title that a user typed.
  const isLocked = item.locked.has(SORT_TITLE);
  const isOurs = isLocked && ours.length > 0 && ['', ...ours].includes(item.titleSort);
  // Switched off, it stays for as long as the title that it belongs to.
  if (isOurs && wanted === '') return { pairs: GIVEN_BACK, along: [], ours: [] };
  if (!isTitleWritten || (isLocked && !isOurs)) return { along: [], ours };
  return { along: isOurs ? GIVEN_BACK : REBUILT, ours: isOurs ? [] : ours };
}

/**
 * Plex does not show a sort title that the title would give as well: the title without an article, as far as is known, so an end
 * of it. Then it counts as there, if the plugin wrote it and nobody took the lock away.
 */
function isHidden(wanted: string, { item, ours }: SortTitleRule): boolean {
  if (item.titleSort !== '' || ours[0] !== wanted || !item.locked.has(SORT_TITLE)) return false;
  return comparable(item.title).endsWith(comparable(wanted));
}

function comparable(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** A refused part without the sort title that went along, which may be what was refused; undefined when it has none. */
export function withoutSortTitle({ field, pairs }: FieldPart): FieldPart | undefined {
  if (field === SORT_TITLE) return undefined;
  const others = pairs.filter(([key]) => !key.startsWith(`${SORT_TITLE}.`));
  return others.length < pairs.length ? { field, pairs: others } : undefined;
}

/** Fields to be told of: a sort title that shares its title's fate is not a second one. */
export function withoutSort(fields: readonly string[]): string[] {
  return fields.filter((field) => field !== SORT_TITLE || !fields.includes('title'));
}
