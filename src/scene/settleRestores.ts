import { fieldValue, isEquivalent } from '../edit/fieldValue.ts';
import { restoredMemory } from '../edit/restoredMemory.ts';
import { SORT_TITLE, withoutSort } from '../edit/sortTitle.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { ItemSnapshot } from '../queue/ItemSnapshot.ts';
import type { RestoreContext } from './RestoreContext.ts';
import type { RestoredItem } from './RestoreResult.ts';
import type { ItemRestore } from './restoreItem.ts';
import { describeRestore, isLost, type RestoreSubject } from './restoreReport.ts';

/** An item after its turn. */
export interface RestoreTurn extends RestoreSubject {
  end: ItemRestore;
}

/** What counts of an item's turn; fields by Plex's names. */
export interface SettledTurn {
  state: 'restored' | 'right' | 'leftAlone';
  restored: string[];
  left: string[];
  refused: string[];
  lostPictures: number;
  isWaiting: boolean;
}

/** How a turn counts. */
export function stateOf(hasWritten: boolean, left: readonly string[]): SettledTurn['state'] {
  if (hasWritten) return 'restored';
  return left.length > 0 ? 'leftAlone' : 'right';
}

/**
 * Looks once more at the items that were written to, because Plex may accept an edit and ignore it, and forgets what is kept of each that is
 * back. What was not restored stays kept, for another try. Where Plex does not answer all of it stays, and is found right the next time.
 */
export async function settleRestores(
  turns: readonly RestoreTurn[],
  onItem: (report: RestoredItem) => void,
  context: RestoreContext,
): Promise<{ turns: SettledTurn[]; failure?: unknown }> {
  const keys = turns.filter(({ end }) => end.hasWritten).map(({ item }) => item.ratingKey);
  let now = new Map<string, PlexItem>();
  let failure: unknown;
  try {
    const items = keys.length > 0 ? await context.plex.items(keys) : [];
    now = new Map(items.map((item) => [item.ratingKey, item]));
  } catch (error) {
    if (!(error instanceof PlexError)) throw error;
    failure = error;
  }
  const settled = turns.map((turn) => {
    const item = turn.end.hasWritten ? now.get(turn.item.ratingKey) : turn.item;
    return settle(turn, item, onItem, context);
  });
  return { turns: settled, ...(failure === undefined ? {} : { failure }) };
}

/** @param item as it is now; undefined when nobody can tell. */
function settle(
  turn: RestoreTurn,
  item: PlexItem | undefined,
  onItem: (report: RestoredItem) => void,
  context: RestoreContext,
): SettledTurn {
  const { entry, snapshot, end } = turn;
  const notTaken = item ? fieldsNotTaken(turn, item) : [];
  const ends = Object.entries(end.pictures);
  const left = [...end.left, ...ends.filter(([, picture]) => picture === 'left').map(([field]) => field)];
  const refused = [...end.refused.map(({ field }) => field), ...notTaken];
  const open = new Set([...left, ...refused]);
  // It can only be right with its title, unless a template made it.
  if (open.has('title') && !end.changes.some(({ field }) => field === SORT_TITLE)) open.add(SORT_TITLE);
  if (item && Object.keys(snapshot.fields).some((field) => !open.has(field))) {
    context.undo.settle(entry, restOf(snapshot, open), (written) =>
      restoredMemory(written, (field) => open.has(field)),
    );
  }
  const report = describeRestore(turn, end, notTaken, context);
  if (report.changes.length + report.notes.length > 0) onItem(report);
  const back = ends.filter(([, picture]) => picture === 'back').map(([field]) => field);
  return {
    state: stateOf(end.hasWritten, left),
    restored: [...end.changes.map(({ field }) => field), ...back].filter((field) => !open.has(field)),
    left: withoutSort(left),
    refused: withoutSort(refused),
    lostPictures: ends.filter(([, picture]) => isLost(picture)).length,
    isWaiting: end.hasWritten && context.isWaiting(entry.sceneIds),
  };
}

function fieldsNotTaken({ end, snapshot }: RestoreTurn, item: PlexItem): string[] {
  return end.changes
    .map(({ field }) => field)
    .filter((field) => {
      const was = snapshot.fields[field]?.was;
      if (was === undefined || end.shortened.includes(field)) return false;
      return !isEquivalent(field, fieldValue(item, field), was);
    });
}

function restOf({ files, fields }: ItemSnapshot, open: ReadonlySet<string>): ItemSnapshot | undefined {
  const rest = Object.entries(fields).filter(([field]) => open.has(field));
  return rest.length > 0 ? { files, fields: Object.fromEntries(rest) } : undefined;
}
