import { readdirSync } from 'node:fs';
import type { Paths } from '../config/paths.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { createRedactor } from '../log/redactor.ts';
import { openQueue } from '../queue/openQueue.ts';
import { queueFirst } from '../queue/queueFirst.ts';
import { isSignAlive } from '../spool/signOfLife.ts';
import type { Database } from '../storage/openDatabase.ts';
import { openReadOnly } from '../storage/openReadOnly.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { ViewMode } from '../tasks/viewModes.ts';
import { findView } from '../tasks/viewRegistry.ts';
import { systemClock } from '../time/clock.ts';
import { answer } from './answer.ts';
import type { Launch } from './launch.ts';
import { pathsOf } from './pathsOf.ts';
import { redactReport } from './redactReport.ts';
import { startDrainer } from './startDrainer.ts';
import { wakeDrainer } from './wakeDrainer.ts';

/**
 * Runs a view and answers. Nothing that a task does on the side happens here: no spool is taken in, no message is shown, nobody is asked
 * whether Plex is back, and nothing of the Python plugin is looked for.
 *
 * @throws InputError, TaskError, StorageError
 */
export async function runView(launch: Launch, mode: ViewMode, input: PluginInput): Promise<void> {
  const { args } = input;
  const paths = pathsOf(launch);
  const redactor = createRedactor();
  const view = await findView(mode, args);
  let opened: { db: Database | undefined } | undefined;
  try {
    const report = await view(
      {
        clock: systemClock,
        paths,
        env: process.env,
        database: () => {
          opened ??= { db: openReadOnly(paths.database) };
          return opened.db;
        },
        isDrainerAlive: () => isSignAlive(paths),
        countSpooled: () => namesIn(paths.spool).filter((name) => name.endsWith('.json')).length,
        queueFirst: (sceneId) => queueAndWake(sceneId, paths, () => startDrainer(launch.launcherPath, input)),
        addSecret: (secret) => redactor.add(secret),
      },
      args,
    );
    answer({ output: redactReport(report, redactor.redact) });
  } finally {
    opened?.db?.close();
  }
}

function queueAndWake(sceneId: number, paths: Paths, start: () => void): boolean {
  const db = openQueue(paths.database, { durability: 'normal' }, systemClock.now());
  try {
    queueFirst(db, sceneId, systemClock.now());
    return wakeDrainer({ paths, db, clock: systemClock, env: process.env, startDrainer: start });
  } catch (error) {
    throw StorageError.from(error, 'The scene could not be queued');
  } finally {
    db.close();
  }
}

/** Nothing where no launcher records events. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
