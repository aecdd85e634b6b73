import { type Database, type OpenDatabaseOptions, openDatabase } from '../storage/openDatabase.ts';
import { keepMessage } from './backgroundMessages.ts';

/**
 * Opens the queue's database. What there is to say about it is said once, with the next task: nobody else has the user's ear.
 *
 * @throws StorageError as {@link openDatabase}.
 */
export function openQueue(
  path: string,
  { durability }: Pick<OpenDatabaseOptions, 'durability'>,
  nowMs: number,
): Database {
  let sentence: string | undefined;
  const db = openDatabase(path, {
    durability,
    onWithoutWal(text) {
      sentence = text;
    },
  });
  try {
    if (sentence !== undefined) keepMessage(db, { level: 'warn', text: sentence }, nowMs);
  } catch {
    // An advice that cannot be kept must not cost the event that comes next.
  }
  return db;
}
