import { join } from 'node:path';
import { createLogger } from '../../../src/log/logger.ts';
import { createRedactor } from '../../../src/log/redactor.ts';
import { openDatabase } from '../../../src/storage/openDatabase.ts';
import { takeOver } from '../../../src/takeover/takeOver.ts';

/** Rows of a transaction: few, so that there are many points at which a process can be killed. */
const PORTION = 5;

/** Takes over what lies in `data` of the plugin folder, as a process that starts at `nowMs` does. */
export function takeOverHere(pluginFolder: string, nowMs: number): void {
  const dataFolder = join(pluginFolder, 'data');
  const db = openDatabase(join(dataFolder, 'stash2plex.db'), { durability: 'normal' });
  const log = createLogger({ sink: { line() {}, progress() {} }, redactor: createRedactor() });
  const installation = { pluginFolder, dataFolder, isDataFolderGiven: true };
  takeOver({ db, clock: { now: () => nowMs }, log, installation, isInBackground: false, portion: PORTION });
  db.close();
}
