/** How to poll, and what to do it with. */
export interface PollerOptions {
  /** One refresh; a rejection counts as a failure. */
  run(): Promise<void>;
  /** Whether anybody looks. */
  isWatched(): boolean;
  /** Between the end of one refresh and the next. */
  intervalMs: number;
  /** Longest wait after failures. */
  longestMs: number;
  now(): number;
  /** Calls back once; what it returns takes that back. */
  later(callBack: () => void, delayMs: number): () => void;
}

/** Refreshes again and again. */
export interface Poller {
  /** Refreshes now unless a refresh is under way. */
  refresh(): void;
  /** Somebody looks again, or no longer. */
  look(): void;
  stop(): void;
}

/**
 * Refreshes while somebody looks: one at a time, the next an interval after the end of the last, each failure in a row doubling the
 * wait. While nobody looks nothing is planned; who comes back sees fresh data at once when it is older than an interval.
 */
export function createPoller(options: PollerOptions): Poller {
  const { run, isWatched, intervalMs, longestMs, now, later } = options;
  let cancel = () => {};
  let isRunning = false;
  let isStopped = false;
  let failures = 0;
  let dueAtMs = now();

  const plan = () => {
    cancel();
    if (isStopped || isRunning || !isWatched()) return;
    cancel = later(() => void refresh(), Math.max(0, dueAtMs - now()));
  };
  const refresh = async () => {
    cancel();
    if (isStopped || isRunning) return;
    isRunning = true;
    try {
      await run();
      failures = 0;
    } catch {
      // Whoever runs it shows it.
      failures += 1;
    }
    isRunning = false;
    dueAtMs = now() + Math.min(longestMs, intervalMs * 2 ** failures);
    plan();
  };
  plan();
  return {
    refresh: () => void refresh(),
    look: plan,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
