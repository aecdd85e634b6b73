import { troubleText } from '../setup/troubleText.ts';
import { givenSettings } from './givenSettings.ts';
import type { PathMapReport } from './pageReports.ts';
import { pathMapReport } from './pathMapReport.ts';
import { type Task, TaskError } from './Task.ts';

/**
 * Operation `propose_path_map`: looks some scenes up in Plex with the settings as they are stored, those of the argument `settings` above
 * them, and works out which `path_map` would match more. Nothing is stored, and nothing written to Plex.
 *
 * @throws TaskError when the argument is no map, or Plex cannot be used; SettingsError, StashError, PlexError
 */
export const proposePathMap: Task = async ({ setup, log }, args) => {
  log.progress(0);
  const tried = await setup.trySample(givenSettings(args), (share) => log.progress(share));
  if ('trouble' in tried) throw new TaskError(troubleText(tried.trouble));
  const report: PathMapReport = pathMapReport(tried.sample);
  log.info(report.summary);
  log.progress(1);
  return { ...report };
};
