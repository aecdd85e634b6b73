import { keepMessage } from '../queue/backgroundMessages.ts';
import { areSettingsTold, noteSettingsTold } from '../takeover/TakeoverRecord.ts';
import { takeOver } from '../takeover/takeOver.ts';
import { explain } from './explain.ts';
import { installationOf } from './installationOf.ts';
import type { Launch } from './launch.ts';
import type { LocalBasis } from './localBasis.ts';

/** Who asks for a take-over. */
export interface TakeoverRequest {
  launch: Pick<Launch, 'launcherPath'>;
  /** Nobody reads this process's log. */
  isInBackground: boolean;
  /** The plugin's settings, to say once what is understood in another way than before; left out: another process says it. */
  settings?: () => Promise<Record<string, unknown>>;
}

/**
 * Takes over what the Python plugin has left; nearly always there is nothing, and this looks at some file names. Never throws.
 *
 * @returns whether something was taken over now.
 */
export async function takeOverPython(
  { db, clock, log: processLog, paths, env }: LocalBasis,
  { launch, isInBackground, settings }: TakeoverRequest,
): Promise<boolean> {
  const log = processLog.for('Takeover');
  const installation = installationOf(launch, { paths, env });
  const isTaken = takeOver({ db, clock, log, installation, isInBackground });
  try {
    if (!settings || areSettingsTold(db)) return isTaken;
    // Once in a life: no other start pays for the table of settings.
    const { settingsNotes } = await import('../takeover/settingsNotes.ts');
    for (const text of settingsNotes(await settings())) {
      log.info(text);
      if (isInBackground) keepMessage(db, { level: 'info', text }, clock.now());
    }
    noteSettingsTold(db);
  } catch (error) {
    log.debug(`What settings mean now cannot be said yet: ${explain(error)}`);
  }
  return isTaken;
}
