import { isAutodrainOn } from '../config/environment.ts';
import { counted } from '../log/counted.ts';
import { currentObstacle } from '../queue/drainerRecord.ts';
import { formatElapsed } from '../resilience/formatDuration.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { SetupContext } from './SetupContext.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

const lines = linesOf('Background');

/** Who works off the queue, what holds him up, and what there is to do. */
export async function checkBackground(context: SetupContext): Promise<SetupLine[]> {
  const counts = context.jobs.counts();
  const { due, waiting, running, deadLetters } = counts;
  return [
    ...processLines(context, due),
    await circuitLine(context),
    lines.ok('Queue', `${due} due, ${waiting} waiting, ${running} in progress`),
    deadLetters === 0
      ? lines.ok('Given up', 'no scene')
      : lines.warning(
          'Given up',
          `${counted(deadLetters, 'scene', ['was', 'were'])} given up.`,
          'deadLetters',
        ),
  ];
}

function processLines({ env, db, paths, machine }: SetupContext, due: number): SetupLine[] {
  const found: SetupLine[] = [];
  const isOn = isAutodrainOn(env);
  if (!isOn) {
    found.push(
      lines.warning('Switch', 'STASH2PLEX_HOOK_AUTODRAIN switches background work off.', 'autodrain'),
    );
  }
  const isAlive = isLockHeld(paths.drainLock, machine);
  if (isAlive === undefined) return found;
  const obstacle = isAlive ? currentObstacle(db) : undefined;
  if (obstacle !== undefined) found.push(lines.warning('Process', `It waits: ${obstacle}`, 'obstacle'));
  else if (isAlive) found.push(lines.ok('Process', 'at work'));
  else if (isOn && due > 0) {
    found.push(
      lines.warning(
        'Process',
        `${counted(due, 'scene', ['is', 'are'])} due, and nobody works on them.`,
        'drainer',
      ),
    );
  } else found.push(lines.ok('Process', 'none; the next event starts one'));
  return found;
}

/** @returns undefined where locks do not work, which is said of the data folder. */
function isLockHeld(path: string, { tryLock }: SetupContext['machine']): boolean | undefined {
  try {
    const lock = tryLock(path);
    lock?.release();
    return lock === undefined;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return undefined;
  }
}

async function circuitLine({ breaker, clock }: SetupContext): Promise<SetupLine> {
  const { state, openedAtSecs } = await breaker.snapshot();
  if (state === 'closed') return lines.ok('Circuit', 'closed');
  const since =
    openedAtSecs === null ? '' : `; it opened ${formatElapsed(clock.now() / 1000 - openedAtSecs)}`;
  return lines.warning(
    'Circuit',
    `It is ${state.replace('_', ' ')}, because Plex failed${since}.`,
    'circuit',
  );
}
