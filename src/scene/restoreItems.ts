import { fieldWord } from '../edit/fieldWords.ts';
import { isItemOf } from '../edit/snapshotChange.ts';
import { withoutSort } from '../edit/sortTitle.ts';
import { certainObstacle } from '../failures/obstacles.ts';
import { MAX_IDS } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { ItemSnapshot } from '../queue/ItemSnapshot.ts';
import type { UndoEntry } from '../queue/UndoLog.ts';
import type { RestoreContext } from './RestoreContext.ts';
import { emptyRestore, type FieldCounts, type RestoreRequest, type RestoreResult } from './RestoreResult.ts';
import { type ItemRestore, restoreItem } from './restoreItem.ts';
import { describeFailure, describeView, type RestoreSubject } from './restoreReport.ts';
import { type RestoreTurn, type SettledTurn, settleRestores, stateOf } from './settleRestores.ts';

/** So many items in a row at which Plex fails are no item's fault. */
const MAX_FAILURES_IN_A_ROW = 3;

/**
 * Gives items back what they held before the plugin first changed them, a hundred at a time; or, without `apply`, only tells what would go
 * back: then nothing is written anywhere. What is kept of an item goes only when Plex shows it restored, so it may end at any moment
 * and be begun again.
 *
 * @throws PlexError, SettingsError when it cannot even begin.
 */
export async function restoreItems(request: RestoreRequest, context: RestoreContext): Promise<RestoreResult> {
  const { undo, library } = context;
  const result = emptyRestore();
  const all = undo.select(request.selection);
  if (all.length === 0) return result;
  const { serverId } = await library();
  const entries = all.filter((entry) => entry.serverId === serverId);
  Object.assign(result, { selected: entries.length, elsewhere: all.length - entries.length });
  const run: Run = { request, context, result, failuresInARow: 0, isEditProven: false };
  for (let start = 0; start < entries.length; start += MAX_IDS) {
    const portion = entries.slice(start, start + MAX_IDS);
    const before = triedOf(result);
    try {
      await restorePortion(portion, run);
    } catch (error) {
      if (!(error instanceof PlexError)) throw error;
      result.problem = error.message;
      result.untried = entries.length - start - (triedOf(result) - before);
      break;
    }
    request.onPortion((start + portion.length) / entries.length);
  }
  return result;
}

/** A run and what it has found of Plex. */
interface Run {
  request: RestoreRequest;
  context: RestoreContext;
  result: RestoreResult;
  failuresInARow: number;
  isEditProven: boolean;
}

function triedOf({ restored, right, leftAlone, gone, failed }: RestoreResult): number {
  return restored + right + leftAlone + gone + failed;
}

/** @throws PlexError when no further item would fare better. */
async function restorePortion(entries: readonly UndoEntry[], run: Run): Promise<void> {
  const { request, context, result } = run;
  const subjects = await readSubjects(entries, context);
  result.gone += entries.length - subjects.length;
  if (!request.apply) {
    for (const subject of subjects) look(subject, run);
    return;
  }
  const turns: RestoreTurn[] = [];
  let failure: unknown;
  try {
    for (const subject of subjects) {
      const end = await restoreOne(subject, run);
      if (end) turns.push({ ...subject, end });
    }
  } catch (error) {
    failure = error;
  }
  const settled = await settleRestores(turns, request.onItem, context);
  for (const turn of settled.turns) count(turn, result);
  failure ??= settled.failure;
  if (failure !== undefined) throw failure;
}

/** The items that are there, and are those of before. */
async function readSubjects(
  entries: readonly UndoEntry[],
  { plex, undo }: RestoreContext,
): Promise<RestoreSubject[]> {
  const items = new Map(
    (await plex.items(entries.map(({ ratingKey }) => ratingKey))).map((item) => [item.ratingKey, item]),
  );
  return entries.flatMap((entry) => {
    const item = items.get(entry.ratingKey);
    const snapshot = undo.snapshot(entry);
    return item && snapshot && !item.isTrashed && isItemOf(snapshot, item) ? [{ entry, item, snapshot }] : [];
  });
}

function look(subject: RestoreSubject, { request, context, result }: Run): void {
  const { report, left, changed } = describeView(subject, request.isForced, context);
  result[stateOf(changed.length > 0, left)] += 1;
  tally(result.fields, changed);
  tally(result.left, withoutSort(left));
  if (changed.length + left.length > 0) request.onItem(report);
}

/** @returns undefined when Plex fails at this very item. @throws PlexError */
async function restoreOne(subject: RestoreSubject, run: Run): Promise<ItemRestore | undefined> {
  const { request, context, result, isEditProven } = run;
  const { item, snapshot } = subject;
  const expect = (fields: ItemSnapshot['fields']) => {
    subject.snapshot = { ...snapshot, fields };
    subject.entry = context.undo.keep(subject.entry, subject.snapshot) ?? subject.entry;
  };
  try {
    const input = { item, fields: snapshot.fields, isForced: request.isForced, isEditProven, expect };
    const end = await restoreItem(input, context.plex);
    run.failuresInARow = 0;
    run.isEditProven ||= end.hasWritten && end.refused.length === 0;
    return end;
  } catch (error) {
    const isItems = error instanceof PlexError && error.kind !== 'unavailable' && !certainObstacle(error);
    run.failuresInARow += 1;
    if (!isItems || run.failuresInARow === MAX_FAILURES_IN_A_ROW) throw error;
    result.failed += 1;
    request.onItem(describeFailure(subject, error.message, context));
    return undefined;
  }
}

function count(
  { state, restored, left, refused, lostPictures, isWaiting }: SettledTurn,
  result: RestoreResult,
): void {
  result[state] += 1;
  tally(result.fields, restored);
  tally(result.left, left);
  tally(result.refused, refused);
  result.lostPictures += lostPictures;
  if (isWaiting) result.waiting += 1;
}

function tally(counts: FieldCounts, fields: readonly string[]): void {
  for (const field of fields) {
    const word = fieldWord(field);
    counts[word] = (counts[word] ?? 0) + 1;
  }
}
