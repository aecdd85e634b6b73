import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from '../log/logger.ts';
import { type BackgroundMessage, keepMessage } from '../queue/backgroundMessages.ts';
import { type ExclusiveLock, tryExclusiveLock } from '../storage/exclusiveLock.ts';
import type { Database } from '../storage/openDatabase.ts';
import { StorageError } from '../storage/StorageError.ts';
import type { Clock } from '../time/clock.ts';
import { ChangedMeanwhile, copyContent } from './copyContent.ts';
import { describeTakeover, warningsOf } from './describeTakeover.ts';
import { importContent } from './importContent.ts';
import { adoptState, backupFolder, keepFiles, unchanged } from './keepFiles.ts';
import { contentFiles } from './pythonFiles.ts';
import { enabledPythonPlugin, type Installation, pythonDataFolder } from './pythonFolders.ts';
import { QUIET_MS, signOfLife } from './signsOfLife.ts';
import {
  beginTakeover,
  isTakeoverUnfinished,
  saveTakeover,
  type TakeoverRecord,
  takeoverRecords,
} from './TakeoverRecord.ts';
import { clearTakeoverNotice, noteTakeoverObstacle } from './takeoverNotice.ts';

/** What a take-over works with. */
export interface TakeoverContext {
  db: Database;
  clock: Pick<Clock, 'now'>;
  log: Logger;
  installation: Installation;
  /** Nobody reads this process's log: what the user has to know is kept for the next task. */
  isInBackground: boolean;
  /** Rows of one transaction; for tests. */
  portion?: number;
  /** Longest wait for another process that is at it; for tests. */
  lockWaitMs?: number;
}

const PORTION = 250;
const LOCK_WAIT_MS = 10_000;

/** The right to take over, at most one process at a time. */
export function takeoverLock(dataFolder: string): string {
  return join(dataFolder, 'takeover.lock');
}

/**
 * Takes over what the Python plugin has left, once: its queue, dead letters and sync times go into the database, its files into a dated
 * folder. Nothing is touched while that plugin seems to be alive. Killed at any point, the next process goes on where this one was.
 * Never throws: what is in the way is said, and tried again by the next process.
 *
 * @returns whether something was taken over now.
 */
export function takeOver(context: TakeoverContext): boolean {
  const { db, log, installation } = context;
  let lock: ExclusiveLock | undefined;
  try {
    // Nearly every start ends here.
    if (!sourceOf(context)) return false;
    lock = tryExclusiveLock(takeoverLock(installation.dataFolder), context.lockWaitMs ?? LOCK_WAIT_MS);
    if (!lock) return false;
    // Another process may just have done it.
    const source = sourceOf(context);
    if (!source) return false;
    const obstacle = obstacleIn(source, context);
    if (obstacle) {
      refuse(obstacle, context);
      return false;
    }
    const record = takeOverFrom(source, context);
    clearTakeoverNotice(db);
    tell({ level: 'info', text: describeTakeover(record) }, context);
    for (const text of warningsOf(record)) tell({ level: 'warn', text }, context);
    return true;
  } catch (error) {
    const { message } =
      error instanceof ChangedMeanwhile
        ? { message: refusal('it is writing its files just now') }
        : StorageError.from(error, 'What the Python version of Stash2Plex has left could not be taken over');
    try {
      refuse(message, context);
    } catch (also) {
      // The database is what is in trouble: whoever works with it next says so.
      log.debug(`${message} ${String(also)}`);
    }
    return false;
  } finally {
    lock?.release();
  }
}

/** The folder to take over, or to go on with. */
function sourceOf({ db, installation }: TakeoverContext): string | undefined {
  if (isTakeoverUnfinished(db)) return takeoverRecords(db).find(isUnfinished)?.source;
  const hadOne = db.prepare('SELECT 1 FROM takeovers LIMIT 1').get() !== undefined;
  return pythonDataFolder(installation, !hadOne);
}

function isUnfinished({ finishedAtMs }: TakeoverRecord): boolean {
  return finishedAtMs === null;
}

/** Why the folder must not be touched; once everything is in, there is only tidying up left. */
function obstacleIn(source: string, { db, clock, installation }: TakeoverContext): string | undefined {
  if (takeoverRecords(db).find(isUnfinished)?.importedAtMs) return undefined;
  const folder = enabledPythonPlugin(installation);
  if (folder) {
    return `The Python version of Stash2Plex is still installed in ${folder}, and Stash starts both: remove that folder's .yml file and reload the plugins. Its queue is taken over afterwards; nothing of it was touched.`;
  }
  const sign = signOfLife(source, clock.now());
  return sign && refusal(sign);
}

function refusal(sign: string): string {
  return `The Python version of Stash2Plex still seems to run: ${sign}. Nothing of it was touched; what it has left is taken over with a later event or task, once it has been quiet for ${QUIET_MS / 1000} seconds.`;
}

function takeOverFrom(source: string, context: TakeoverContext): TakeoverRecord {
  const { db, clock, installation } = context;
  const copies = join(installation.dataFolder, 'takeover-copies');
  const names = contentFiles(source);
  rmSync(copies, { recursive: true, force: true });
  try {
    let record = takeoverRecords(db).find(isUnfinished);
    const files = copyContent(source, names, record?.importedAtMs ? undefined : copies);
    if (record && !record.importedAtMs && unchanged(record.files, files).length < names.length) {
      // The Python plugin was used again in between: what is in stays, the rest of it is read anew.
      saveTakeover(db, { ...record, finishedAtMs: clock.now() });
      record = undefined;
    }
    record ??= beginTakeover(db, {
      source: resolve(source),
      backup: backupFolder(source, clock.now()),
      files,
      begunAtMs: clock.now(),
    });
    if (record.importedAtMs === null) {
      const { portion = PORTION } = context;
      adoptState(source, installation.dataFolder);
      record = importContent(record, { db, nowMs: clock.now(), copies, portion });
    }
    // As long as it is not finished, the next process would clear them away.
    rmSync(copies, { recursive: true, force: true });
    // What has changed since was written by the Python plugin, and is the next take-over's.
    if (existsSync(source)) keepFiles(source, record.backup, unchanged(record.files, files));
    record = { ...record, finishedAtMs: clock.now() };
    saveTakeover(db, record);
    return record;
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}

/** Says what is in the way, unless it was said not long ago. */
function refuse(text: string, context: TakeoverContext): void {
  if (noteTakeoverObstacle(context.db, text, context.clock.now())) tell({ level: 'warn', text }, context);
}

function tell({ level, text }: BackgroundMessage, { db, clock, log, isInBackground }: TakeoverContext): void {
  log[level](text);
  // A background process keeps its warnings by itself.
  if (isInBackground && level === 'info') keepMessage(db, { level, text }, clock.now());
}
