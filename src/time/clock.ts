import { setTimeout as delay } from 'node:timers/promises';

/** Source of time, passed in everywhere so that a test never waits. */
export interface Clock {
  /** Wall clock in milliseconds since the epoch; for what is stored and compared across processes. */
  now(): number;
  /** Milliseconds from an arbitrary origin that never jumps; for intervals inside one process. */
  monotonic(): number;
  /** Resolves after `ms`, or early (without an error) when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    if (ms <= 0 || signal?.aborted) return;
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};
