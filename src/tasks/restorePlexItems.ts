import { counted } from '../log/counted.ts';
import { shortened } from '../log/shortened.ts';
import type { FieldCounts, RestoredItem, RestoreResult } from '../scene/RestoreResult.ts';
import { alignedLines, type ReportRow } from './alignedLines.ts';
import type { RestoreReport } from './pageReports.ts';
import { reasonNotToRestore } from './reasonNotToRestore.ts';
import { selectionOf } from './restoreArgs.ts';
import { restoreSentence } from './restoreSentence.ts';
import { quoted } from './shownText.ts';
import { type Task, type TaskContext, TaskError } from './Task.ts';
import { flagArg } from './taskArgs.ts';

/** So many items are told one by one in the answer, and in the log of a preview. */
const SHOWN_ITEMS = 25;
/** Longest value in a line of the log, and of what nobody but Plex had. */
const LINE_LENGTH = 60;
const FORCED_LENGTH = 2_000;
const ANSWER_LENGTH = 500;
/**
 * Task "Restore Plex Items": gives items what they held before the plugin first changed them. Without `apply` it only tells. While the
 * plugin is switched on nothing is restored: the next sync, which may be under way, would write it all again.
 *
 * @throws TaskError when an argument is wrong, or Plex fails before the end; what is restored by then stays restored.
 */
export const restorePlexItems: Task = async (context, args) => {
  const { log, clock } = context;
  const selection = selectionOf(args, clock.now());
  const apply = flagArg(args, 'apply');
  const isForced = flagArg(args, 'force');
  const { enabled, undo_retention_days: days } = await context.session.open();
  log.progress(0);
  const refusal = apply ? await reasonNotToRestore(enabled, context) : undefined;
  if (refusal !== undefined) {
    log.warn(refusal);
    return {
      ...figuresOf(undefined),
      summary: refusal,
      applied: false,
      problem: refusal,
      items: [],
    } satisfies RestoreReport;
  }
  const items: RestoredItem[] = [];
  const result = await context.restoreItems({
    selection,
    apply,
    isForced,
    onItem(report) {
      if (apply || items.length < SHOWN_ITEMS) logItem(report, isForced, context);
      if (items.length < SHOWN_ITEMS) items.push(answered(report));
    },
    onPortion: (share) => log.progress(Math.min(share, 0.99)),
  });
  logFigures(result, apply, context);
  const summary = restoreSentence(result, { apply, enabled, days });
  if (result.problem !== undefined)
    throw new TaskError(`${result.problem} ${summary} Run the task again for the rest.`);
  log.info(summary);
  log.progress(1);
  return { ...figuresOf(result), summary, applied: apply, problem: null, items } satisfies RestoreReport;
};

function logItem(
  { ratingKey, item, changes, notes }: RestoredItem,
  isForced: boolean,
  { log }: TaskContext,
): void {
  // What only Plex had is told in full, so that nothing is lost.
  const length = isForced ? FORCED_LENGTH : LINE_LENGTH;
  const parts = [
    ...changes.map(({ field, from, to }) => `${field} ${quoted(from, length)} → ${quoted(to, LINE_LENGTH)}`),
    ...notes,
  ];
  const rest = parts.length > 0 ? parts.join('; ') : 'only locks';
  log.info(`Plex item ${ratingKey} "${shortened(item, LINE_LENGTH)}": ${rest}.`);
}

function logFigures(result: RestoreResult, apply: boolean, { log }: TaskContext): void {
  if (result.selected + result.elsewhere === 0) return;
  log.info(apply ? '=== Restore Plex Items ===' : '=== Preview Restore of Plex Items ===');
  const rows: [string, number | string][] = [
    ['Items changed by Stash2Plex', result.selected],
    [apply ? 'Restored' : 'Would be restored', result.restored],
    ['Are as they were', result.right],
    ['Changed by somebody since', result.leftAlone],
    ['Not in Plex any more', result.gone],
    ['Plex failed', result.failed],
    ['Not tried any more', result.untried],
    ['On another Plex server', result.elsewhere],
    ['Fields', fieldsText(result.fields)],
    ['Fields changed by somebody since', fieldsText(result.left)],
    ['Fields that Plex refused', fieldsText(result.refused)],
    ['Pictures not to be had any more', result.lostPictures],
  ];
  const shown: ReportRow[] = rows.filter(([, value], index) => index < 2 || (value !== 0 && value !== ''));
  for (const line of alignedLines(shown)) log.info(line);
}

function fieldsText(counts: FieldCounts): string {
  return Object.entries(counts)
    .toSorted(([, left], [, right]) => right - left)
    .map(([field, count]) => `${field} of ${counted(count, 'item')}`)
    .join(', ');
}

function figuresOf(
  result: RestoreResult | undefined,
): Omit<RestoreReport, 'summary' | 'applied' | 'problem' | 'items'> {
  const {
    selected = 0,
    restored = 0,
    right = 0,
    leftAlone = 0,
    gone = 0,
    failed = 0,
    waiting = 0,
  } = result ?? {};
  const { fields = {}, left = {}, refused = {} } = result ?? {};
  return { selected, restored, right, leftAlone, gone, failed, waiting, fields, left, refused };
}

function answered({ changes, ...report }: RestoredItem): RestoredItem {
  return {
    ...report,
    changes: changes.map(({ field, from, to }) => ({
      field,
      from: shortened(from, ANSWER_LENGTH),
      to: shortened(to, ANSWER_LENGTH),
    })),
  };
}
