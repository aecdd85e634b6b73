import { dirname } from 'node:path';
import { PLUGIN_ID } from '../config/plugin.ts';
import { keepMessage } from '../queue/backgroundMessages.ts';
import { settingsNotes } from '../takeover/settingsNotes.ts';
import { areSettingsTold, noteSettingsTold } from '../takeover/TakeoverRecord.ts';
import { takeOver } from '../takeover/takeOver.ts';
import { explain } from './explain.ts';
import type { Launch } from './launch.ts';
import type { ProcessBasis } from './processBasis.ts';

/**
 * Takes over what the Python plugin has left; nearly always there is nothing, and this looks at some file names. Never throws.
 *
 * @param isInBackground nobody reads this process's log.
 * @returns whether something was taken over now.
 */
export async function takeOverPython(
  { launcherPath }: Launch,
  { db, clock, log: processLog, paths, env, stash }: ProcessBasis,
  isInBackground: boolean,
): Promise<boolean> {
  const log = processLog.for('Takeover');
  const installation = {
    pluginFolder: dirname(dirname(launcherPath)),
    dataFolder: paths.dataFolder,
    isDataFolderGiven: (env['STASH_PLUGIN_DATA']?.trim() ?? '') !== '',
  };
  const isTaken = takeOver({ db, clock, log, installation, isInBackground });
  try {
    if (areSettingsTold(db)) return isTaken;
    for (const text of settingsNotes(await stash.pluginSettings(PLUGIN_ID))) {
      log.info(text);
      if (isInBackground) keepMessage(db, { level: 'info', text }, clock.now());
    }
    noteSettingsTold(db);
  } catch (error) {
    log.debug(`What settings mean now cannot be said yet: ${explain(error)}`);
  }
  return isTaken;
}
