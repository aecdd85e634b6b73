import { counted } from '../log/counted.ts';
import type { TakeoverRecord } from './TakeoverRecord.ts';

/** A take-over in one sentence, with its figures. */
export function describeTakeover({ source, backup, figures }: TakeoverRecord): string {
  const { scenesQueued, scenesQueuedAlready, queueRows, lostJobsQueued, deadLetters, syncTimes } = figures;
  const already = scenesQueuedAlready > 0 ? ` and ${scenesQueuedAlready} queued already` : '';
  const lost = lostJobsQueued > 0 ? `, ${lostJobsQueued} of them from jobs it had lost` : '';
  return (
    `Taken over from the Python plugin (${source}): ${counted(scenesQueued, 'scene')} queued${already} ` +
    `(${counted(queueRows, 'row')}${lost}), ${counted(deadLetters, 'dead letter')}, ` +
    `${counted(syncTimes, 'scene')} known to be synced. Its files are kept in ${backup}.`
  );
}

/** What could not be taken over, a sentence each. */
export function warningsOf({ backup, figures }: TakeoverRecord): string[] {
  const { damage, deadLettersWithoutJob, deadLettersLost, syncTimesUnusable } = figures;
  const kept = `The file is kept in ${backup}.`;
  const advice = 'Run "Reconcile Library (All)" to find what is missing in Plex.';
  const warnings = damage.map((what) => `The Python plugin's ${what}. ${kept} ${advice}`);
  if (deadLettersLost > 0) {
    const lost = counted(deadLettersLost, 'dead letter', ['is', 'are']);
    warnings.push(`${lost} lost, because the Python plugin's dlq.db is damaged. ${kept} ${advice}`);
  }
  if (deadLettersWithoutJob > 0) {
    const unread = counted(deadLettersWithoutJob, 'dead letter', ['has', 'have']);
    warnings.push(`${unread} a job that cannot be read; they can be listed and retried all the same.`);
  }
  if (syncTimesUnusable > 0) {
    warnings.push(
      `The Python plugin's sync_timestamps.json has ${syncTimesUnusable} unusable entries. ${kept}`,
    );
  }
  return warnings;
}
