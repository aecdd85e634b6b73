import type { RecoveryRateLimiter } from '../resilience/RecoveryRateLimiter.ts';
import type { RecoveryScheduler } from '../resilience/RecoveryScheduler.ts';
import type { Clock } from '../time/clock.ts';

/** The one pace of all ways of draining: gentle for a while after an outage, free otherwise (W36). */
export interface RecoveryPace {
  /** Before a pass: takes part in a recovery period, whichever process it began in. */
  join(): Promise<void>;
  /** Before a job that is really due: waits for its turn. */
  wait(): Promise<void>;
  /** Plex is back, by this process's own job. */
  recovered(): Promise<void>;
  /** How an attempt ended; many failures slow the pace down. */
  record(success: boolean): void;
}

export interface RecoveryPaceOptions {
  limiter: RecoveryRateLimiter;
  recovery: RecoveryScheduler;
  clock: Clock;
}

/** Binds the limiter to the stored start of the period. Inside the process time is monotonic (W25). */
export function createRecoveryPace({ limiter, recovery, clock }: RecoveryPaceOptions): RecoveryPace {
  const nowSecs = () => clock.monotonic() / 1000;
  /** The stored start that the limiter follows, 0 for none. */
  let followed = 0;

  const leaveWhenOver = async () => {
    if (followed === 0 || limiter.isInPeriod(nowSecs())) return;
    followed = 0;
    limiter.end();
    await recovery.clearRecoveryPeriod();
  };
  return {
    async join() {
      await leaveWhenOver();
      const { recoveryStartedAt } = await recovery.loadState();
      if (recoveryStartedAt === 0 || recoveryStartedAt === followed) return;
      followed = recoveryStartedAt;
      // A start in the future: the clock was set back, and nobody knows when it was.
      limiter.resume(Math.max(clock.now() / 1000 - recoveryStartedAt, 0), nowSecs());
      await leaveWhenOver();
    },
    async wait() {
      for (;;) {
        await leaveWhenOver();
        const waitSecs = limiter.wait(nowSecs());
        if (waitSecs <= 0) return;
        await clock.sleep(waitSecs * 1000);
      }
    },
    async recovered() {
      await recovery.recordRecovery();
      followed = (await recovery.loadState()).recoveryStartedAt;
      limiter.start(nowSecs());
    },
    record: (success) => limiter.recordResult(success, nowSecs()),
  };
}
