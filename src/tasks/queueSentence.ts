import { counted } from '../log/counted.ts';
import type { SceneRecord } from '../queue/sceneRecord.ts';
import { formatDuration } from '../resilience/formatDuration.ts';
import { localTime } from '../scene/localTime.ts';
import { remedyFor } from './remedyFor.ts';

/** What stands of a scene in the queue or among the dead letters, with what helps. Pure. */
export function queueSentence({ job, failure }: Pick<SceneRecord, 'job' | 'failure'>, nowMs: number): string {
  const lost = failure
    ? `It was given up on ${localTime(failure.failedAtMs)} ${failure.attempts > 0 ? `after ${counted(failure.attempts, 'attempt')} ` : ''}(${failure.errorType})${failure.times > 1 ? `, ${failure.times} times so far` : ''}: ${ended(failure.message)} ${remedyFor(failure.errorType)}`
    : '';
  if (!job) return lost || 'It neither waits in the queue nor was given up.';
  const { isRunning, dueAtMs, attempts, lastErrorMessage } = job;
  const dueInSecs = (dueAtMs - nowMs) / 1000;
  const state = isRunning
    ? 'It is being synced right now'
    : dueInSecs <= 0
      ? 'It waits in the queue and is due'
      : `It waits in the queue and is due in ${formatDuration(dueInSecs)}`;
  const tried = attempts > 0 && !isRunning ? `, after ${counted(attempts, 'attempt')}` : '';
  const reason = lastErrorMessage === null ? '' : ` Last time: ${ended(lastErrorMessage)}`;
  return [`${state}${tried}.${reason}`, lost].filter(Boolean).join(' ');
}

function ended(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
