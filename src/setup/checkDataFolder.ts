import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../storage/StorageError.ts';
import { formatBytes } from './formatBytes.ts';
import type { SetupContext } from './SetupContext.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

type FolderContext = Pick<SetupContext, 'paths' | 'db' | 'machine' | 'clock'>;

/** How the files begin by which the folder is tried. */
const PROBE = 'setup-check-';
const LEFT_OVER_MS = 3_600_000;
const LITTLE_SPACE_BYTES = 200 * 1024 * 1024;
const lines = linesOf('Data folder');

/** The folder in which the queue is: whether it can be written and locked, by whom, how much there is and how much may come. */
export async function checkDataFolder(context: FolderContext): Promise<SetupLine[]> {
  sweep(context);
  return [
    folderLine(context),
    ownerLine(context),
    journalLine(context),
    locksLine(context),
    await spaceLine(context),
  ];
}

function folderLine({ paths: { dataFolder } }: FolderContext): SetupLine {
  // A name of its own: another check may run at this moment.
  const probe = join(dataFolder, `${PROBE}${randomUUID()}.tmp`);
  try {
    writeFileSync(probe, 'x');
    rmSync(probe);
    return lines.ok('Folder', `${dataFolder} can be written`);
  } catch (error) {
    return lines.problem('Folder', `${dataFolder} cannot be written (${errorCode(error)}).`, 'folder');
  }
}

/** Whether somebody else owns what this process has to write. */
function ownerLine({ paths, machine: { uid } }: FolderContext): SetupLine {
  if (uid === undefined) return lines.ok('Owner', 'not told on this system');
  const foreign = [paths.dataFolder, paths.database, `${paths.database}-wal`, paths.spool].filter((path) => {
    const owner = statOf(path)?.uid;
    // Root may write everything, and has to where a container maps the folder of another user.
    return uid !== 0 && owner !== undefined && owner !== uid;
  });
  const [first] = foreign;
  if (first === undefined) return lines.ok('Owner', `user ${uid}, as whom the plugin runs`);
  return lines.warning(
    'Owner',
    `${first} belongs to another user than ${uid}, as whom the plugin runs.`,
    'owner',
  );
}

function journalLine({ db, paths }: FolderContext): SetupLine {
  const mode = String(db.pragma('journal_mode', { simple: true }));
  const sizes = [paths.database, `${paths.database}-wal`].map((path) => statOf(path)?.size ?? 0);
  const size = formatBytes(sizes.reduce((sum, bytes) => sum + bytes, 0));
  return mode === 'wal'
    ? lines.ok('Database', `${size}, with a write-ahead log`)
    : lines.warning('Database', `${size}, with the slower journal "${mode}".`, 'journal');
}

/** Removes what a check has left that was killed. */
function sweep({ paths: { dataFolder: folder }, clock }: FolderContext): void {
  try {
    for (const name of readdirSync(folder).filter((each) => each.startsWith(PROBE))) {
      const path = join(folder, name);
      if (clock.now() - (statOf(path)?.mtimeMs ?? 0) > LEFT_OVER_MS) rmSync(path, { force: true });
    }
  } catch {
    // The lines below say what is wrong with the folder.
  }
}

/** What cannot even be looked at is said of the folder. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A lock that two can have is none. */
function locksLine({ paths: { dataFolder }, machine }: FolderContext): SetupLine {
  const path = join(dataFolder, `${PROBE}${randomUUID()}.lock`);
  try {
    const lock = machine.tryLock(path);
    const second = machine.tryLock(path);
    second?.release();
    lock?.release();
    return lock && !second
      ? lines.ok('Locks', 'hold')
      : lines.problem('Locks', 'This file system gives one lock to two at once.', 'locks');
  } catch (error) {
    return lines.problem('Locks', `No file can be locked there (${causeCode(error)}).`, 'locks');
  } finally {
    removeAll(path);
  }
}

async function spaceLine({ paths: { dataFolder }, machine }: FolderContext): Promise<SetupLine> {
  try {
    const bytes = await machine.freeBytes(dataFolder);
    if (bytes >= LITTLE_SPACE_BYTES) return lines.ok('Free space', formatBytes(bytes));
    return lines.problem('Free space', `Only ${formatBytes(bytes)} are free.`, 'space');
  } catch (error) {
    return lines.info('Free space', `not told by this system (${errorCode(error)})`);
  }
}

/** The lock file, with what SQLite may have put beside it. */
function removeAll(path: string): void {
  try {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  } catch {
    // Where nothing can be removed nothing could be made.
  }
}

function causeCode(error: unknown): string {
  return errorCode(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
