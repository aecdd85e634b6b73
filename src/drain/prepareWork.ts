import { isDeepStrictEqual } from 'node:util';
import { batchJobDelayMs } from '../config/environment.ts';
import type { Paths } from '../config/paths.ts';
import { PLUGIN_ID } from '../config/plugin.ts';
import { parseSettings, type Settings } from '../config/settings.ts';
import { watchPlex } from '../failures/watchPlex.ts';
import { watchStash } from '../failures/watchStash.ts';
import type { Logger } from '../log/logger.ts';
import { createPathObfuscator, PLAIN_PATHS } from '../log/obfuscatePath.ts';
import type { Redactor } from '../log/redactor.ts';
import type { PathIndex } from '../plex/PathIndex.ts';
import type { RequestLimits } from '../plex/RequestLimits.ts';
import type { ChangeLog } from '../queue/changeLog.ts';
import type { DeadLetters } from '../queue/deadLetters.ts';
import type { JobStore } from '../queue/JobStore.ts';
import { openGates } from '../scene/gates/openGates.ts';
import { openMatching } from '../scene/Matching.ts';
import { openLibrary } from '../scene/openLibrary.ts';
import { readingScenes } from '../scene/readingScenes.ts';
import type { StashClient } from '../stash/StashClient.ts';
import type { Clock } from '../time/clock.ts';
import { doubtsBy } from './doubtsBy.ts';
import { hideSecrets } from './hideSecrets.ts';
import { openPlex } from './openPlex.ts';
import type { Reliability } from './Reliability.ts';
import { timingEdits } from './timingEdits.ts';
import type { WorkContext } from './WorkContext.ts';

/** What a process has before it knows its settings. */
export interface WorkBasis {
  clock: Clock;
  random: () => number;
  log: Logger;
  redactor: Redactor;
  paths: Paths;
  env: NodeJS.ProcessEnv;
  jobs: JobStore;
  deadLetters: DeadLetters;
  pathIndex: PathIndex;
  requestLimits: RequestLimits;
  changes: ChangeLog;
  /** The name of this installation in Plex. */
  deviceId: () => Promise<string>;
  reliability: Reliability;
  stash: StashClient;
}

/**
 * Reads the settings from Stash. Values that cannot be used are warned about when they are new.
 *
 * @param known the settings of the last time.
 * @throws SettingsError, StashError
 */
export async function readSettings(
  { stash, env, log, redactor }: WorkBasis,
  known: Settings | undefined,
): Promise<Settings> {
  const { settings, warnings } = parseSettings(await stash.pluginSettings(PLUGIN_ID), env);
  hideSecrets(settings, redactor);
  if (!isDeepStrictEqual(settings, known)) for (const warning of warnings) log.for('Config').warn(warning);
  return settings;
}

/** Builds what working off jobs needs. The caller closes `context.plex`. */
export async function prepareWork(basis: WorkBasis, settings: Settings): Promise<WorkContext> {
  const { clock, random, jobs, deadLetters, reliability, stash, env, redactor } = basis;
  const log = basis.log.for('Worker').showingDebug(settings.debug_logging);
  const { evidence, operations } = reliability;
  const { client } = await openPlex(basis, settings);
  const plex = watchPlex(timingEdits(client, clock, reliability.activity.edited), operations);
  return {
    clock,
    random,
    log,
    redact: redactor.redact,
    names: settings.obfuscate_paths ? createPathObfuscator() : PLAIN_PATHS,
    settings,
    jobDelayMs: batchJobDelayMs(env) ?? 0,
    jobs,
    deadLetters,
    reliability,
    stash: watchStash(readingScenes(stash, settings), operations),
    plex,
    library: openLibrary(plex, settings.plex_library),
    matching: openMatching({ plex, index: basis.pathIndex, settings, clock }),
    gates: openGates({ settings, stash, log: basis.log.for('Gates') }),
    lastSyncs: (sceneId) => jobs.sceneSyncs(sceneId),
    lastSyncsOf: (sceneIds) => jobs.sceneSyncsOf(sceneIds),
    owners: jobs.owners,
    chosen: jobs.chosen,
    doubts: doubtsBy(evidence, clock),
  };
}
