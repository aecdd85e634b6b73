import type { PluginInput } from '../config/pluginInput.ts';
import type { WorkBasis } from '../drain/prepareWork.ts';
import { openReliability } from '../drain/Reliability.ts';
import { createLogger, type LogSink } from '../log/logger.ts';
import { createRedactor } from '../log/redactor.ts';
import { redirectConsole } from '../log/redirectConsole.ts';
import { createPathIndex } from '../plex/PathIndex.ts';
import { createDeadLetters } from '../queue/deadLetters.ts';
import {
  createReconciliationScheduler,
  type ReconciliationScheduler,
} from '../reconcile/ReconciliationScheduler.ts';
import { parseConnection } from '../stash/connection.ts';
import { createStashClient } from '../stash/StashClient.ts';
import { type Database, openDatabase } from '../storage/openDatabase.ts';
import { systemClock } from '../time/clock.ts';
import type { Launch } from './launch.ts';
import { openJobs } from './openJobs.ts';
import { pathsOf } from './pathsOf.ts';

/** The opened stores and clients of a task or drainer. */
export interface ProcessBasis extends WorkBasis {
  db: Database;
  /** When reconciliations ran and are due. */
  scheduler: ReconciliationScheduler;
  close(): Promise<void>;
}

/**
 * Opens what a task or drainer works with. From here on nothing a library prints reaches stdout.
 *
 * @throws ConnectionError, StorageError
 */
export function openProcessBasis(launch: Launch, input: PluginInput, sink: LogSink): ProcessBasis {
  const redactor = createRedactor();
  const log = createLogger({ sink, redactor });
  redirectConsole(log);
  const paths = pathsOf(launch);
  const connection = parseConnection(input.serverConnection);
  const db = openDatabase(paths.database, { durability: 'normal' });
  const stash = createStashClient(connection, redactor);
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
    pathIndex: createPathIndex(db),
    reliability: openReliability({ paths, clock: systemClock, log, jobs }),
    stash,
    scheduler: createReconciliationScheduler({
      path: paths.reconciliationState,
      clock: systemClock,
      log: log.for('Reconcile'),
    }),
    async close() {
      await stash.close();
      db.close();
    },
  };
}
