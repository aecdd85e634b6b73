import type { Paths } from '../config/paths.ts';
import { createEvidence, type Evidence } from '../failures/Evidence.ts';
import { createOperationLog, type OperationLog } from '../failures/OperationLog.ts';
import type { Logger } from '../log/logger.ts';
import type { JobStore } from '../queue/JobStore.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../resilience/CircuitBreaker.ts';
import { createOutageHistory, type OutageHistory } from '../resilience/OutageHistory.ts';
import { createRecoveryRateLimiter } from '../resilience/RecoveryRateLimiter.ts';
import { createRecoveryScheduler, type RecoveryScheduler } from '../resilience/RecoveryScheduler.ts';
import type { Clock } from '../time/clock.ts';
import { type Activity, createActivity } from './Activity.ts';
import { createRecoveryPace, type RecoveryPace } from './RecoveryPace.ts';
import { createSyncStats, type SyncStats } from './SyncStats.ts';

/** What a process knows of Plex's health, shared with other processes through the state files. */
export interface Reliability {
  breaker: CircuitBreaker;
  outages: OutageHistory;
  recovery: RecoveryScheduler;
  /** Slows draining down after an outage. */
  pace: RecoveryPace;
  stats: SyncStats;
  /** What the page inside Stash shows of this process's work. */
  activity: Activity;
  /** Whose fault failures are, as far as this process has seen. */
  evidence: Evidence;
  /** What the clients that `watchPlex` and its like watch have done. */
  operations: OperationLog;
}

export interface ReliabilityOptions {
  paths: Pick<Paths, 'circuitBreaker' | 'outageHistory' | 'recoveryState' | 'stats'>;
  clock: Clock;
  log: Logger;
  jobs: JobStore;
}

/** Opens the state files' owners; no file is touched before it is needed. */
export function openReliability({ paths, clock, log, jobs }: ReliabilityOptions): Reliability {
  const outages = createOutageHistory({ path: paths.outageHistory, clock, log: log.for('OutageHistory') });
  const recovery = createRecoveryScheduler({ path: paths.recoveryState, clock, log: log.for('Recovery') });
  return {
    breaker: createCircuitBreaker({
      path: paths.circuitBreaker,
      clock,
      log: log.for('CircuitBreaker'),
      outageHistory: outages,
      affectedJobs: () => jobs.affectedByOutage(),
    }),
    outages,
    recovery,
    pace: createRecoveryPace({
      limiter: createRecoveryRateLimiter({ log: log.for('RateLimiter') }),
      recovery,
      clock,
    }),
    stats: createSyncStats({ path: paths.stats, clock, log: log.for('Worker') }),
    activity: createActivity({ store: jobs.activity, clock, log: log.for('Worker') }),
    evidence: createEvidence(),
    operations: createOperationLog(),
  };
}
