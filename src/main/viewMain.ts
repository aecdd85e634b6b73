import { readdirSync } from 'node:fs';
import type { PluginInput } from '../config/pluginInput.ts';
import { createRedactor } from '../log/redactor.ts';
import { isSignAlive } from '../spool/signOfLife.ts';
import type { Database } from '../storage/openDatabase.ts';
import { openReadOnly } from '../storage/openReadOnly.ts';
import type { ViewMode } from '../tasks/viewModes.ts';
import { findView } from '../tasks/viewRegistry.ts';
import { systemClock } from '../time/clock.ts';
import { answer } from './answer.ts';
import type { Launch } from './launch.ts';
import { pathsOf } from './pathsOf.ts';
import { redactReport } from './redactReport.ts';

/**
 * Runs a view and answers. Nothing that a task does on the side happens here: no spool is taken in, no message is shown, nobody is asked
 * whether Plex is back, and nothing of the Python plugin is looked for.
 *
 * @throws InputError, TaskError, StorageError
 */
export async function runView(launch: Launch, mode: ViewMode, { args }: PluginInput): Promise<void> {
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
        addSecret: (secret) => redactor.add(secret),
      },
      args,
    );
    answer({ output: redactReport(report, redactor.redact) });
  } finally {
    opened?.db?.close();
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
