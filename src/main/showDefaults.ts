import { isDeepStrictEqual } from 'node:util';
import { missingDefaults } from '../config/missingDefaults.ts';
import { PLUGIN_ID, PLUGIN_VERSION } from '../config/plugin.ts';
import type { Logger } from '../log/logger.ts';
import type { StashClient } from '../stash/StashClient.ts';
import type { Database } from '../storage/openDatabase.ts';
import { explain } from './explain.ts';

/** What writing the defaults needs. */
export interface DefaultsContext {
  stash: Pick<StashClient, 'pluginSettings' | 'storePluginSettings'>;
  db: Database;
  log: Logger;
}

/**
 * Often enough for a page that was open meanwhile: it sends the settings as it once read them, and takes the defaults away again. Not for
 * ever, because each write could meet an edit.
 */
const MAX_WRITES_PER_VERSION = 3;

/**
 * Has Stash's settings page show what is in force: stores the defaults of all settings that were never set. Stash can only replace
 * the plugin's settings as a whole, so what the user stores in this very moment could be lost; hence they are read once more right before,
 * and left alone when they have changed since `seen`. Never throws: what fails is tried again by the next process.
 *
 * @param seen the settings as this process read them a moment ago.
 */
export async function showDefaults(
  seen: Record<string, unknown>,
  { stash, db, log }: DefaultsContext,
): Promise<void> {
  try {
    const missing = missingDefaults(seen, writtenDefaults(db));
    const writes = writesOf(db);
    if (Object.keys(missing).length === 0 || writes >= MAX_WRITES_PER_VERSION) return;
    const now = await stash.pluginSettings(PLUGIN_ID);
    if (!isDeepStrictEqual(now, seen)) return;
    await stash.storePluginSettings(PLUGIN_ID, { ...now, ...missing });
    recordWrite(db, missing, writes + 1);
    log.debug(`Stored the defaults of settings that were never set: ${Object.keys(missing).join(', ')}.`);
  } catch (error) {
    log.debug(`The defaults could not be stored in Stash: ${explain(error)}`);
  }
}

function writesOf(db: Database): number {
  const statement = db.prepare('SELECT writes FROM default_setting_writes WHERE version = ?').pluck();
  return Number(statement.get(PLUGIN_VERSION) ?? 0);
}

function writtenDefaults(db: Database): Record<string, unknown> {
  const rows = db.prepare('SELECT key, value FROM default_settings').raw().all() as [string, string][];
  return Object.fromEntries(rows.map(([key, value]) => [key, JSON.parse(value)]));
}

function recordWrite(db: Database, written: Record<string, unknown>, writes: number): void {
  const keep = db.prepare(
    `INSERT INTO default_settings (key, value) VALUES (?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
  const count = db.prepare(
    `INSERT INTO default_setting_writes (version, writes) VALUES (?, ?)
     ON CONFLICT (version) DO UPDATE SET writes = excluded.writes`,
  );
  db.transaction(() => {
    for (const [key, value] of Object.entries(written)) keep.run(key, JSON.stringify(value));
    count.run(PLUGIN_VERSION, writes);
  }).immediate();
}
