import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the Python plugin whose content goes into the database, by their names in its data folder. */
export const CONTENT_FILES = [
  'queue/data.db',
  'queue/data.db-wal',
  'queue/data.db-journal',
  'dlq.db',
  'dlq.db-wal',
  'dlq.db-journal',
  'sync_timestamps.json',
] as const;

/** State that both plugins keep in the same files, with the same keys. */
export const STATE_FILES = [
  'circuit_breaker.json',
  'device_id.json',
  'outage_history.json',
  'reconciliation_state.json',
  'recovery_state.json',
  'stats.json',
] as const;

/** Files of the Python plugin that mean nothing to anybody else, beside temporary files, locks and slots. */
const OWN_FILES = [
  'sync_timestamps.json.tmp',
  'hook_autodrain.last',
  'worker.lock',
  'dlq.db-shm',
  // Its caches.
  'cache',
  'match_cache',
];

/** Which of {@link CONTENT_FILES} there are. */
export function contentFiles(folder: string): string[] {
  return CONTENT_FILES.filter((name) => existsSync(join(folder, name)));
}

/** What else of the Python plugin lies in the folder, to be kept with the rest. */
export function leftovers(folder: string): string[] {
  const locks = STATE_FILES.flatMap((name) => [`${name}.lock`, `${name}.tmp`]).filter((name) =>
    lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
  );
  const slots = namesIn(join(folder, 'proc_slots')).filter((name) => /^proc_slot\.\d+$/.test(name));
  const own = OWN_FILES.filter((name) => existsSync(join(folder, name)));
  return [...own, ...locks, ...slots.map((name) => `proc_slots/${name}`)];
}

/** Names in a folder; none when it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
