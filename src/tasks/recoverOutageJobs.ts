import type { RecoveryResult } from '../drain/recoverOutageJobs.ts';
import { counted } from '../log/counted.ts';
import { getErrorTypesForRecovery } from '../queue/errorTypes.ts';
import type { OutageDlqEntry } from '../queue/getOutageDlqEntries.ts';
import { formatDuration, formatElapsed } from '../resilience/formatDuration.ts';
import type { Outage } from '../resilience/OutageHistory.ts';
import { alignedLines } from './alignedLines.ts';
import { type Task, type TaskContext, TaskError, type TaskReport } from './Task.ts';
import { flagArg } from './taskArgs.ts';

/**
 * Task "Recover Outage Jobs": queues scenes again that were given up during outages of Plex. Every outage on record is
 * looked at, from its first failed attempt to its end (W30, W32); what was recovered is marked and not found again. The argument
 * `include_temporary` adds the classes that an outage may have caused.
 */
export const recoverOutageJobs: Task = async (context, args) => {
  const { log, clock, reliability } = context;
  const includeTemporary = flagArg(args, 'include_temporary');
  const outages = await reliability.outages.history();
  if (outages.length === 0)
    return told(context, 'No outages of Plex have been recorded; there is nothing to recover.');
  const completed = outages.filter(isCompleted);
  const last = completed.at(-1);
  if (!last) return told(context, 'No outage of Plex is over yet; run this task again when Plex is back.');
  const nowSecs = clock.now() / 1000;
  const length = last.durationSecs === null ? 'of unknown length' : formatDuration(last.durationSecs);
  log.info(`Last outage: ${length}, ended ${formatElapsed(nowSecs - last.endedAtSecs)}`);
  const types = getErrorTypesForRecovery(includeTemporary);
  log.info(`Error types: ${types.join(', ')}`);
  const entries = entriesOf(completed, types, context);
  if (entries.length === 0) {
    const others = includeTemporary
      ? 0
      : entriesOf(completed, getErrorTypesForRecovery(true), context).length;
    const hint =
      others > 0
        ? ` ${others} with temporary errors are: run "Recover Outage Jobs (Include Temporary Errors)".`
        : '';
    return told(context, `No scenes of these types were given up during an outage.${hint}`);
  }
  log.info(`${counted(entries.length, 'scene', ['was', 'were'])} given up during outages.`);
  let isWoken = false;
  log.progress(0);
  const result = await context.recoverOutageJobs(entries, ({ recovered }, share) => {
    // Nobody else would come for them (W32), nor for the rest when this task is stopped.
    if (recovered > 0 && !isWoken) isWoken = context.wakeDrainer();
    log.progress(share);
  });
  return reportOf(result, context);
};

function isCompleted(outage: Outage): outage is Outage & { endedAtSecs: number } {
  return outage.endedAtSecs !== null;
}

/** Entries of all outages; one that lies in two windows counts once. */
function entriesOf(
  outages: readonly (Outage & { endedAtSecs: number })[],
  types: readonly string[],
  { deadLetters }: TaskContext,
): OutageDlqEntry[] {
  const found = outages.flatMap(({ startedAtSecs, endedAtSecs }) =>
    deadLetters.inWindow(startedAtSecs, endedAtSecs, types),
  );
  return [...new Map(found.map((entry) => [entry.id, entry])).values()];
}

function told({ log }: TaskContext, summary: string): TaskReport {
  log.info(summary);
  return { summary, recovered: 0 };
}

/** @throws TaskError when Plex does not answer: nothing was done. */
function reportOf(result: RecoveryResult, { log, wakeDrainer }: TaskContext): TaskReport {
  const rows = [
    ['Recovered', result.recovered],
    ['Skipped (queued)', result.skippedAlreadyQueued],
    ['Skipped (Plex down)', result.skippedPlexDown],
    ['Skipped (no scene)', result.skippedSceneMissing],
    ['Failed', result.failed],
  ] as const;
  for (const line of alignedLines(rows)) log.info(line);
  if (result.skippedPlexDown > 0) {
    throw new TaskError(
      `Plex does not answer, so no scene was queued again (${result.totalDlqEntries} given up during outages).`,
    );
  }
  if (result.recovered > 0) {
    log.info(`Scenes: ${listed(result.recoveredSceneIds)}`);
    wakeDrainer();
  }
  const summary = `${result.recovered} of ${counted(result.totalDlqEntries, 'scene', ['was', 'were'])} queued again.`;
  log.info(summary);
  log.progress(1);
  return { summary, ...result };
}

const LISTED = 50;

/** Some thousand ids would make a line that breaks Stash's log (W56). */
function listed(ids: readonly number[]): string {
  const more = ids.length > LISTED ? ` and ${ids.length - LISTED} more` : '';
  return `${ids.slice(0, LISTED).join(', ')}${more}`;
}
