import type { Obstacle } from '../failures/Obstacle.ts';
import type { Logger } from '../log/logger.ts';
import type { JobStore } from '../queue/JobStore.ts';
import { calculateDelay } from '../resilience/calculateDelay.ts';
import type { Clock } from '../time/clock.ts';
import { countDone, type DrainResult } from './DrainResult.ts';
import { describeDrain } from './describeDrain.ts';

/** What a drainer needs; the rest is behind `drain`. */
export interface DrainerOptions {
  clock: Clock;
  random: () => number;
  log: Logger;
  jobs: JobStore;
  /** One pass: reads the settings when they may be old, works off what is due. Never throws. */
  drain: () => Promise<DrainResult>;
  /** Waits while the circuit to Plex is open; returns at once when it is not. */
  outlastOutage: () => Promise<void>;
  /**
   * Gives the drain lock back for so long, and takes it again: what a drainer cannot get over, because it knows an old
   * session or address of Stash, a younger one may. @returns false when another one has it by then.
   */
  yieldLock: (ms: number) => Promise<boolean>;
  /** Whether the user has changed the plugin's settings since the last pass; costs a request to Stash. Never throws. */
  hasNewSettings: () => Promise<boolean>;
  /** Called during every wait. */
  keepSignedIn: () => Promise<void>;
  /** Lets other processes know what the drainer waits for; undefined: for nothing any more. */
  tellObstacle: (sentence: string | undefined) => void;
  /** Changes whenever another process has written to the queue. */
  queueVersion: () => number;
  /** Whether the plugin was replaced by another version of it: a process of that one is to go on. */
  isOutdated: () => boolean;
  /** How often to look for news while waiting. */
  pollIntervalMs: () => number;
}

/** Why a drainer leaves: nothing waits any more, another one works, or one of another version is to. */
export interface DrainerEnd {
  reason: 'idle' | 'replaced' | 'outdated';
}

/** How long a drainer stays for further events when nothing waits: starting one costs more than keeping one. */
export const LINGER_MS = 30_000;
/** Between passes while Plex fails and the circuit is still closed: five failures take some seconds, not an instant. */
const BLIP = { baseSecs: 1, capSecs: 8 };
/** Between looks at other trouble. */
const TROUBLE = { baseSecs: 5, capSecs: 60 };
const LONGEST_RETRY_AFTER_MS = 60_000;
/** Between looks at what only the user can settle. */
const SETUP = { baseSecs: 5, capSecs: 300 };
/** Stash tells no plugin that its settings were changed. */
const SETTINGS_LOOK_MS = 30_000;
/** Who has just set the plugin up often has every scene queued next, and watches; a stream of hooks must not ask Stash all the time. */
const SETTINGS_LOOK_AFTER_NEWS_MS = 5_000;

/**
 * The life of a drainer between taking and giving back the drain lock: drain, then wait cheaply for the next due
 * time, a new event, the return of a server, or a corrected setting. It leaves when nothing has waited for {@link LINGER_MS}: while a
 * scene waits somebody has to be there, for neither server tells a plugin anything.
 */
export async function runDrainer(options: DrainerOptions): Promise<DrainerEnd> {
  const { clock, log, jobs, drain, tellObstacle, queueVersion, isOutdated } = options;
  /** Passes in a row that something stopped. */
  let stopped = 0;
  let told: string | undefined;
  let idleSince = clock.monotonic();
  for (;;) {
    if (isOutdated()) return { reason: 'outdated' };
    const version = queueVersion();
    const result = await drain();
    const done = describeDrain(result);
    if (done) log.info(done);
    const { obstacle } = result;
    tellObstacle(obstacle?.message);
    const doesAnyWait = jobs.nextDueAtMs() !== undefined;
    if (obstacle && (doesAnyWait || obstacle.kind !== 'setup')) {
      idleSince = clock.monotonic();
      const isNews = stopped === 0 || (obstacle.kind === 'setup' && obstacle.message !== told);
      if (isNews) log.warn(`${obstacle.message} ${ADVICE[obstacle.kind]}`);
      told = obstacle.message;
      if (!(await waitOut(obstacle, stopped, options))) return { reason: 'replaced' };
      stopped += 1;
      continue;
    }
    if (stopped > 0) log.info('The queue goes on.');
    stopped = 0;
    if (countDone(result) > 0 || doesAnyWait) idleSince = clock.monotonic();
    const isOver = await waitForNews(version, idleSince, options);
    if (isOver) return { reason: 'idle' };
  }
}

const ADVICE: Record<Obstacle['kind'], string> = {
  plexDown: 'The queue waits and goes on by itself.',
  stashDown: 'The queue waits and goes on by itself.',
  localTrouble: 'The queue waits and is tried again.',
  setup: 'Nothing is synced until this is settled; no event is lost, and the queue goes on by itself then.',
};

/** Waits until another pass is worth it. @returns false when another drainer has taken over. */
async function waitOut(obstacle: Obstacle, stopped: number, options: DrainerOptions): Promise<boolean> {
  const { clock, random, yieldLock, outlastOutage } = options;
  if (obstacle.kind === 'setup') {
    const delayMs = calculateDelay(stopped, SETUP, random) * 1000;
    return obstacle.needsNewSession ? yieldLock(delayMs) : waitForUser(delayMs, options);
  }
  if (obstacle.kind !== 'plexDown') return yieldLock(calculateDelay(stopped, TROUBLE, random) * 1000);
  const { retryAfterMs = 0 } = obstacle;
  const pauseMs = calculateDelay(stopped, BLIP, random) * 1000;
  await clock.sleep(Math.min(Math.max(retryAfterMs, pauseMs), LONGEST_RETRY_AFTER_MS));
  await outlastOutage();
  return true;
}

/** Waits for so long at most, and until the settings were changed; another process's writing to the queue is a reason to look. */
async function waitForUser(delayMs: number, options: DrainerOptions): Promise<true> {
  const { clock, hasNewSettings, queueVersion, pollIntervalMs, isOutdated } = options;
  const until = clock.monotonic() + delayMs;
  let lookedAt = clock.monotonic();
  let version = queueVersion();
  for (let leftMs = delayMs; leftMs > 0; leftMs = until - clock.monotonic()) {
    await clock.sleep(Math.min(leftMs, pollIntervalMs(), SETTINGS_LOOK_MS));
    if (isOutdated()) break;
    const isNews = queueVersion() !== version;
    const ageMs = clock.monotonic() - lookedAt;
    if (ageMs < (isNews ? SETTINGS_LOOK_AFTER_NEWS_MS : SETTINGS_LOOK_MS)) continue;
    lookedAt = clock.monotonic();
    version = queueVersion();
    if (await hasNewSettings()) break;
  }
  return true;
}

/** Sleeps until something is due or another process wrote to the queue. @returns true when the linger is over. */
async function waitForNews(
  version: number,
  idleSince: number,
  { clock, jobs, queueVersion, pollIntervalMs, keepSignedIn, isOutdated }: DrainerOptions,
): Promise<boolean> {
  for (;;) {
    if (queueVersion() !== version || isOutdated()) return false;
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
