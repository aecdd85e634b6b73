import { counted } from '../log/counted.ts';
import { alignedLines } from './alignedLines.ts';
import { selectFailed } from './selectFailed.ts';
import type { Task } from './Task.ts';

/**
 * Task "Retry Failed Jobs": gives every scene that was given up another try, or only those of the class `error_type`, or those
 * that `scene_ids` names. Running it twice queues nothing twice.
 *
 * @throws TaskError when an argument is wrong, or nothing of what it names was given up.
 */
export const retryFailed: Task = async ({ log, deadLetters, wakeDrainer }, args) => {
  const { selection, count, note } = selectFailed(args, deadLetters);
  if (count === 0) {
    const summary = 'No scenes were given up; there is nothing to retry.';
    log.info(summary);
    return { summary, retried: 0, alreadyQueued: 0, withoutScene: 0 };
  }
  const figures = deadLetters.retryAll(selection);
  const { retried, alreadyQueued, withoutScene } = figures;
  const isWoken = retried + alreadyQueued > 0 && wakeDrainer();
  const rows = [
    ['Get another try', retried],
    ['Queued already', alreadyQueued],
    ...(withoutScene > 0 ? [['Without a scene', withoutScene] as const] : []),
  ] as const;
  for (const line of alignedLines(rows)) log.info(line);
  const advice = isWoken ? 'The background drainer works on it.' : 'Run the task "Process Queue" for it.';
  const sentence = `${counted(retried, 'scene', ['gets', 'get'])} another try.`;
  const summary = `${retried + alreadyQueued > 0 ? `${sentence} ${advice}` : sentence}${note}`;
  log.info(summary);
  log.progress(1);
  return { summary, ...figures };
};
