import type { UndoSelection } from '../../src/queue/UndoLog.ts';
import type { RestoredItem, RestoreResult } from '../../src/scene/RestoreResult.ts';
import { restoreItems } from '../../src/scene/restoreItems.ts';
import type { PlexItem } from './plexDouble/startPlexDouble.ts';
import type { Bench } from './startBench.ts';

/** How a bench restores, where it is not everything, for good and without force. */
export interface BenchRestore {
  selection?: UndoSelection;
  apply?: boolean;
  isForced?: boolean;
}

/** Restores on the bench as the task does. */
export async function restoreOnBench(
  bench: Bench,
  { selection = {}, apply = true, isForced = false }: BenchRestore = {},
): Promise<RestoreResult & { reports: RestoredItem[] }> {
  const reports: RestoredItem[] = [];
  const { plex, library, names, redact, jobs } = bench.context;
  const result = await restoreItems(
    { selection, apply, isForced, onItem: (report) => reports.push(report), onPortion: () => {} },
    {
      plex,
      library,
      names,
      redact,
      undo: jobs.undo,
      isWaiting: (sceneIds) => jobs.queuedSceneIds(sceneIds).size > 0,
    },
  );
  return { ...result, reports };
}

/**
 * Everything of an item that an edit can change, as text: fields, lists with roles and order, locks, which pictures are selected. Not what
 * no edit can undo: uploads that Plex keeps, and the stamps of when something was last changed.
 */
export function stateOf(item: PlexItem): string {
  const { posters, arts, thumb, art, updatedAt: _u, lastRatedAt: _l, lockedFields, ...fields } = item;
  const selected = (list: PlexItem['posters']) => list.find((each) => each.selected)?.ratingKey ?? null;
  return JSON.stringify(
    {
      ...fields,
      lockedFields: lockedFields.toSorted(),
      poster: [selected(posters), thumb !== undefined],
      background: [selected(arts), art !== undefined],
    },
    (_key, value: unknown) => (value === undefined ? null : value),
    1,
  );
}
