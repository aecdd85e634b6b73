import { counted } from '../log/counted.ts';
import type { Logger } from '../log/logger.ts';
import type { DeadLetters } from '../queue/deadLetters.ts';

const SHOWN = 5;
const MESSAGE_LENGTH = 80;

/** At the start of whoever works off the queue: how many scenes were given up, and the newest of them. */
export function reportDeadLetters(deadLetters: Pick<DeadLetters, 'count' | 'recent'>, log: Logger): void {
  const count = deadLetters.count();
  if (count === 0) return;
  log.info(`${counted(count, 'scene', ['was', 'were'])} given up so far.`);
  for (const { id, sceneId, errorType, errorMessage } of deadLetters.recent(SHOWN)) {
    log.debug(`Dead letter ${id}: scene ${sceneId}, ${errorType}: ${errorMessage?.slice(0, MESSAGE_LENGTH)}`);
  }
}
