import { counted } from '../log/counted.ts';
import { alignedLines } from './alignedLines.ts';
import { type Task, TaskError } from './Task.ts';
import { textArg } from './taskArgs.ts';

/**
 * Task "Retry Failed Jobs": gives every scene that was given up another try, or only those of the class `error_type`. Running it twice
 * queues nothing twice.
 *
 * @throws TaskError when nothing was given up for that reason.
 */
export const retryFailed: Task = async ({ log, deadLetters, wakeDrainer }, args) => {
  const errorType = textArg(args, 'error_type');
  const counts = deadLetters.errorSummary();
  const types = Object.keys(counts);
  if (errorType !== undefined && types.length > 0 && !types.includes(errorType)) {
    throw new TaskError(
      `No scene was given up for the reason "${errorType.slice(0, 100)}"; there are: ${types.join(', ')}.`,
    );
  }
  if (types.length === 0) {
    const summary = 'No scenes were given up; there is nothing to retry.';
    log.info(summary);
    return { summary, retried: 0, alreadyQueued: 0, withoutScene: 0 };
  }
  const figures = deadLetters.retryAll(errorType);
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
  const summary = retried + alreadyQueued > 0 ? `${sentence} ${advice}` : sentence;
  log.info(summary);
  log.progress(1);
  return { summary, ...figures };
};
