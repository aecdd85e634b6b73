import { SettingsError } from '../config/settings.ts';
import type { PlexFindings } from '../setup/inspectPlex.ts';
import { troubleText } from '../setup/troubleText.ts';
import { givenSettings } from './givenSettings.ts';
import type { ConnectionReport } from './pageReports.ts';
import type { Task } from './Task.ts';

/**
 * Operation `test_connection`: whether Plex can be used with the settings as they are stored, those of the argument `settings` above them.
 * Works also while nothing is set up. Nothing is stored, and nothing written to Plex.
 *
 * @throws TaskError when the argument is no map; StashError
 */
export const testConnection: Task = async ({ setup, log }, args) => {
  const report = await reportOn(() => setup.tryConnection(givenSettings(args)));
  log.info(report.summary);
  log.progress(1);
  return { ...report };
};

async function reportOn(ask: () => Promise<PlexFindings>): Promise<ConnectionReport> {
  try {
    return connectionReport(await ask());
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { ...NO_CONNECTION, summary: error.message, problem: error.message };
  }
}

const NO_CONNECTION: Omit<ConnectionReport, 'summary' | 'problem'> = {
  isReached: false,
  isAccepted: false,
  isOwner: false,
  serverName: null,
  plexVersion: null,
  serverId: null,
  latencyMs: null,
  libraries: [],
};

/** What was found out about Plex, as the page in Stash gets it. */
function connectionReport(plex: PlexFindings): ConnectionReport {
  const { isReached, isAccepted, serverName, plexVersion, serverId, latencyMs, libraries, trouble } = plex;
  const problem = trouble ? troubleText(trouble) : null;
  const used = libraries.filter(({ isSynced }) => isSynced).length;
  const name = serverName === null ? 'Plex' : `The Plex server "${serverName}"`;
  return {
    summary:
      problem ?? `${name} can be used: ${used === 1 ? '1 library is' : `${used} libraries are`} synced.`,
    isReached,
    isAccepted,
    isOwner: isAccepted && plex.isOwner !== false,
    problem,
    serverName,
    plexVersion,
    serverId,
    latencyMs: latencyMs === null ? null : Math.round(latencyMs),
    libraries,
  };
}
