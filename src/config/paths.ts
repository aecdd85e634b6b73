import { join, resolve } from 'node:path';

/** Where this installation keeps its files. All absolute. */
export interface Paths {
  dataFolder: string;
  database: string;
  drainLock: string;
  /** Written by the holder of the drain lock, for a launcher that cannot ask for a lock. */
  drainerSign: string;
  /** Written by a launcher that starts a drainer. */
  drainerStart: string;
  /** Folder of the events that a launcher recorded, until somebody takes them in. */
  spool: string;
  /** Folder of what was found in the spool and is no event. */
  refusedEvents: string;
  /** While this file is there, launchers leave recording to Node. */
  spoolClosed: string;
  /** Folder of the Node that the task "Install Node Runtime" installed. */
  runtime: string;
  drainerLog: string;
  deviceId: string;
  /** Folder of the process slots. */
  processSlots: string;
  circuitBreaker: string;
  outageHistory: string;
  recoveryState: string;
  reconciliationState: string;
  stats: string;
  /** Folder of what Node compiled; may be removed at any time. */
  compileCache: string;
}

/**
 * The data folder is `STASH_PLUGIN_DATA` when set and not empty, else `data` in the plugin's folder.
 *
 * @param pluginFolder the folder that holds `Stash2Plex.yml`.
 */
export function resolvePaths(env: NodeJS.ProcessEnv, pluginFolder: string): Paths {
  const configured = env['STASH_PLUGIN_DATA']?.trim();
  const dataFolder = resolve(configured || join(pluginFolder, 'data'));
  return {
    dataFolder,
    database: join(dataFolder, 'stash2plex.db'),
    drainLock: join(dataFolder, 'drainer.lock'),
    drainerSign: join(dataFolder, 'drainer.pid'),
    drainerStart: join(dataFolder, 'drainer.start'),
    spool: join(dataFolder, 'spool'),
    refusedEvents: join(dataFolder, 'refused_events'),
    spoolClosed: join(dataFolder, 'spool.closed'),
    runtime: join(dataFolder, 'runtime'),
    drainerLog: resolve(
      env['STASH2PLEX_HOOK_AUTODRAIN_LOG']?.trim() || join(dataFolder, 'hook_autodrain.log'),
    ),
    deviceId: join(dataFolder, 'device_id.json'),
    processSlots: join(dataFolder, 'proc_slots'),
    circuitBreaker: join(dataFolder, 'circuit_breaker.json'),
    outageHistory: join(dataFolder, 'outage_history.json'),
    recoveryState: join(dataFolder, 'recovery_state.json'),
    reconciliationState: join(dataFolder, 'reconciliation_state.json'),
    stats: join(dataFolder, 'stats.json'),
    compileCache: join(dataFolder, 'compile_cache'),
  };
}
