import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from '../config/paths.ts';
import { keepMessage } from '../queue/backgroundMessages.ts';
import { durably } from '../storage/durably.ts';
import type { Database } from '../storage/openDatabase.ts';
import { errorCode } from '../storage/StorageError.ts';
import type { Clock } from '../time/clock.ts';
import { readSpoolFile, type SpoolFile, spoolFiles, UnusableFile } from './spoolFiles.ts';

/** What taking in needs. */
export interface SpoolContext {
  paths: Pick<Paths, 'spool' | 'refusedEvents'>;
  db: Database;
  clock: Clock;
  /**
   * Reads a hook's document. @returns what records its event in `db`.
   * @throws UnusableFile when it is none.
   */
  eventOf: (document: string) => () => void;
}

interface RefusedFile {
  file: SpoolFile;
  reason: string;
}

/**
 * Takes the events in that launchers recorded: in their order, in one durable transaction, and only then their files go. A process that
 * dies in between leaves files whose events are recorded twice, which means one look more at a scene.
 *
 * What is no event is set aside, and said at the next task. The common case, nothing to do, is one look at an empty folder.
 *
 * @throws what SQLite throws; then every file stays.
 */
export function takeIn(context: SpoolContext): void {
  const { paths, db, clock } = context;
  const files = spoolFiles(paths.spool, clock.now());
  if (files.length === 0) return;
  const refused: RefusedFile[] = [];
  const recordAll = () => {
    for (const file of files) {
      const reason = record(file, context);
      if (reason !== undefined) refused.push({ file, reason });
    }
  };
  // An event is on the disk before the file goes that was as durable.
  durably(db, () => db.transaction(recordAll).immediate());
  for (const file of files) {
    if (!refused.some((one) => one.file === file)) remove(file);
  }
  if (refused.length > 0) setAside(refused, context);
}

/** @returns why it is no event. */
function record(file: SpoolFile, { eventOf }: SpoolContext): string | undefined {
  let event: (() => void) | undefined;
  try {
    const document = readSpoolFile(file);
    event = document === undefined ? undefined : eventOf(document);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    // Its hook was killed before it could answer for it.
    return file.isWhole ? error.message : undefined;
  }
  event?.();
  return undefined;
}

function remove({ path }: SpoolFile): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its event is recorded again at the next look.
  }
}

function setAside(refused: readonly RefusedFile[], { paths, db, clock }: SpoolContext): void {
  const { refusedEvents } = paths;
  for (const { file, reason } of refused) {
    let fate = `It was moved to ${refusedEvents}; delete it there.`;
    try {
      mkdirSync(refusedEvents, { recursive: true, mode: 0o700 });
      renameSync(file.path, join(refusedEvents, file.name));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') continue;
      fate = 'Delete it.';
    }
    const text = `${file.path} was found among the recorded events, but ${reason}. ${fate}`;
    keepMessage(db, { level: 'warn', text }, clock.now());
  }
}
