import type { PluginInput } from '../config/pluginInput.ts';
import type { WorkBasis } from '../drain/prepareWork.ts';
import { openReliability } from '../drain/Reliability.ts';
import { createLogger, type LogSink } from '../log/logger.ts';
import { createRedactor } from '../log/redactor.ts';
import { redirectConsole } from '../log/redirectConsole.ts';
import { createDeadLetters } from '../queue/deadLetters.ts';
import { openQueue } from '../queue/openQueue.ts';
import {
  createReconciliationScheduler,
  type ReconciliationScheduler,
} from '../reconcile/ReconciliationScheduler.ts';
import { parseConnection, type StashConnection } from '../stash/connection.ts';
import type { Database } from '../storage/openDatabase.ts';
import { systemClock } from '../time/clock.ts';
import type { Launch } from './launch.ts';
import { openJobs } from './openJobs.ts';
import { pathsOf } from './pathsOf.ts';

/** What a task or drainer has on this machine: its log and its files. All that a task needs that only looks. */
export interface LocalBasis
  extends Omit<WorkBasis, 'stash' | 'pathIndex' | 'requestLimits' | 'changes' | 'deviceId'> {
  db: Database;
  /** When reconciliations ran and are due. */
  scheduler: ReconciliationScheduler;
  /** Where Stash is; nothing was asked there yet. */
  connection: StashConnection;
}

/**
 * Opens the stores of a task or drainer. From here on nothing a library prints reaches stdout.
 *
 * @throws ConnectionError, StorageError
 */
export function openLocalBasis(launch: Launch, input: PluginInput, sink: LogSink): LocalBasis {
  const redactor = createRedactor();
  const log = createLogger({ sink, redactor });
  redirectConsole(log);
  const paths = pathsOf(launch);
  const connection = parseConnection(input.serverConnection);
  const db = openQueue(paths.database, { durability: 'normal' }, systemClock.now());
  const jobs = openJobs({ db, paths, clock: systemClock });
  return {
    clock: systemClock,
    random: Math.random,
    log,
    redactor,
    paths,
    env: process.env,
    db,
    jobs,
    deadLetters: createDeadLetters(db, systemClock),
    reliability: openReliability({ paths, clock: systemClock, log, jobs }),
    scheduler: createReconciliationScheduler({
      path: paths.reconciliationState,
      clock: systemClock,
      log: log.for('Reconcile'),
    }),
    connection,
  };
}
