import { join } from 'node:path';
import { createDeadLetters } from '../../src/queue/deadLetters.ts';
import { createJobStore } from '../../src/queue/JobStore.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { takeoverRecords } from '../../src/takeover/TakeoverRecord.ts';
import { type TakeoverContext, takeOver } from '../../src/takeover/takeOver.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A data folder of its own kind of plugin folder, and what a process of this plugin does with it. */
export function openTakeover(nowMs?: number, root = tempFolder()) {
  const clock = new FakeClock(nowMs);
  const pluginFolder = join(root, 'plugins', 'own', 'Stash2Plex');
  const dataFolder = join(pluginFolder, 'data');
  const db = openDatabase(join(dataFolder, 'stash2plex.db'), { durability: 'normal' });
  const { log, lines } = recordingLog();
  const installation = { pluginFolder, dataFolder, isDataFolderGiven: false };
  return {
    root,
    clock,
    db,
    dataFolder,
    pluginFolder,
    jobs: createJobStore(db, clock),
    deadLetters: createDeadLetters(db, clock),
    /** What was logged since the last call, without the mark in front. */
    said: () => lines.splice(0).map(({ level, text }) => `${level}: ${text.replace(/^\[[^\]]*\] /, '')}`),
    takeOver: (more: Partial<TakeoverContext> = {}) =>
      takeOver({ db, clock, log, installation, isInBackground: false, ...more }),
    /** The latest take-over. */
    record: () => takeoverRecords(db)[0],
    /** All rows of a table. */
    rows: (sql: string) => db.prepare(sql).all() as Record<string, unknown>[],
    /** All that is in the tables that a take-over fills. */
    content: () => ({
      jobs: db.prepare('SELECT * FROM jobs ORDER BY scene_id').all(),
      deadLetters: db.prepare('SELECT * FROM dead_letters ORDER BY id').all(),
      syncs: db.prepare('SELECT * FROM scene_syncs ORDER BY scene_id').all(),
      takeovers: takeoverRecords(db).map(({ source: _, backup: __, ...record }) => record),
    }),
  };
}
