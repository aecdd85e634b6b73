import type { Logger } from '../log/logger.ts';
import type { JobStore } from '../queue/JobStore.ts';
import { calculateDelay } from '../resilience/calculateDelay.ts';
import type { Clock } from '../time/clock.ts';
import type { DrainResult } from './drainDue.ts';
import type { Obstacle } from './verdict.ts';

/** What a drainer needs; the rest is behind `drain`. */
export interface DrainerOptions {
  clock: Clock;
  random: () => number;
  log: Logger;
  jobs: JobStore;
  /** One pass: reads the settings when they may be old, works off what is due. Never throws. */
  drain: () => Promise<DrainResult>;
  /** Whether Plex answers again; asked while it is away. */
  isPlexBack: () => Promise<boolean>;
  /**
   * Gives the drain lock back for so long, and takes it again: what a drainer cannot get over, because it knows an old
   * session or address of Stash, a younger one may. @returns false when another one has it by then.
   */
  yieldLock: (ms: number) => Promise<boolean>;
  /** Called during every wait. */
  keepSignedIn: () => Promise<void>;
  /** Lets other processes know what the drainer waits for; undefined: for nothing any more. */
  tellObstacle: (sentence: string | undefined) => void;
  /** Changes whenever another process has written to the queue. */
  queueVersion: () => number;
  /** How often to look for news while waiting. */
  pollIntervalMs: () => number;
}

/** Why a drainer leaves: nothing waits any more, only the user can help, or another one works. */
export interface DrainerEnd {
  reason: 'idle' | 'setup' | 'replaced';
}

/** How long a drainer stays for further events when nothing waits: starting one costs more than keeping one. */
export const LINGER_MS = 30_000;
/** Pace of looking whether a server is back: 5 s growing to 60 s, then the queue drains within 65 s. */
const PROBE = { baseSecs: 5, capSecs: 60 };

/**
 * The life of a drainer between taking and giving back the drain lock: drain, then wait cheaply for the next due
 * time, a new event, or the return of a server. It leaves when nothing has waited for {@link LINGER_MS}, or when
 * only the user can help.
 */
export async function runDrainer(options: DrainerOptions): Promise<DrainerEnd> {
  const { clock, log, jobs, drain, tellObstacle, queueVersion } = options;
  let failedProbes = 0;
  let idleSince = clock.monotonic();
  for (;;) {
    const version = queueVersion();
    const result = await drain();
    report(result, log);
    const { obstacle } = result;
    tellObstacle(obstacle?.message);
    if (obstacle) {
      idleSince = clock.monotonic();
      if (obstacle.kind === 'setup') {
        log.warn(`${obstacle.message} ${ADVICE.setup}`);
        return { reason: 'setup' };
      }
      failedProbes = await waitForReturn(obstacle, failedProbes, options);
      if (failedProbes === REPLACED) return { reason: 'replaced' };
      continue;
    }
    failedProbes = 0;
    if (isBusy(result) || jobs.nextDueAtMs() !== undefined) idleSince = clock.monotonic();
    const isOver = await waitForNews(version, idleSince, options);
    if (isOver) return { reason: 'idle' };
  }
}

function isBusy({ synced, skipped, retried, buried }: DrainResult): boolean {
  return synced + skipped + retried + buried > 0;
}

const ADVICE: Record<Obstacle['kind'], string> = {
  plexDown: 'The queue waits and goes on by itself.',
  stashDown: 'The queue waits and goes on by itself.',
  localTrouble: 'The queue waits and is tried again.',
  setup: 'Nothing is synced until this is settled; no event is lost.',
};

const REPLACED = -1;

/** Waits until a look is worth it. @returns the number of failed looks in a row, or {@link REPLACED}. */
async function waitForReturn(
  obstacle: Exclude<Obstacle, { kind: 'setup' }>,
  failedProbes: number,
  { clock, random, log, isPlexBack, yieldLock }: DrainerOptions,
): Promise<number> {
  if (failedProbes === 0) log.warn(`${obstacle.message} ${ADVICE[obstacle.kind]}`);
  const delayMs = (tries: number) => calculateDelay(tries, PROBE, random) * 1000;
  if (obstacle.kind !== 'plexDown') {
    return (await yieldLock(delayMs(failedProbes))) ? failedProbes + 1 : REPLACED;
  }
  await clock.sleep(
    Math.min(Math.max(obstacle.retryAfterMs ?? 0, delayMs(failedProbes)), PROBE.capSecs * 1000),
  );
  let tries = failedProbes;
  while (!(await isPlexBack())) {
    tries += 1;
    await clock.sleep(delayMs(tries));
  }
  log.info('Plex answers again; the queue goes on.');
  // A server that answers but still fails is left in peace for longer and longer.
  return tries + 1;
}

/** Sleeps until something is due or another process wrote to the queue. @returns true when the linger is over. */
async function waitForNews(
  version: number,
  idleSince: number,
  { clock, jobs, queueVersion, pollIntervalMs, keepSignedIn }: DrainerOptions,
): Promise<boolean> {
  for (;;) {
    if (queueVersion() !== version) return false;
    const dueAtMs = jobs.nextDueAtMs();
    const dueInMs = dueAtMs === undefined ? Number.POSITIVE_INFINITY : dueAtMs - clock.now();
    if (dueInMs <= 0) return false;
    const lingerLeftMs = idleSince + LINGER_MS - clock.monotonic();
    if (dueAtMs === undefined && lingerLeftMs <= 0) return true;
    const limitMs = dueAtMs === undefined ? lingerLeftMs : dueInMs;
    await keepSignedIn();
    await clock.sleep(Math.min(limitMs, pollIntervalMs()));
  }
}

/** One line per pass that did something. */
function report({ synced, unchanged, skipped, retried, buried }: DrainResult, log: Logger): void {
  const parts = [
    [synced, `synced${unchanged > 0 ? ` (${unchanged} were right already)` : ''}`],
    [skipped, 'without anything to sync'],
    [retried, 'to be tried again'],
    [buried, 'given up'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (told.length > 0) log.info(`Scenes: ${told.join(', ')}.`);
}
