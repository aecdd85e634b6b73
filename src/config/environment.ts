const DEFAULT_LOG_MAX_BYTES = 1_048_576;
const DEFAULT_MAX_PROCESSES = 5;

/** Size at which a drainer's log is rotated; 0 or less: never. Unreadable means the default. */
export function drainerLogMaxBytes(env: NodeJS.ProcessEnv): number {
  const text = env['STASH2PLEX_HOOK_AUTODRAIN_LOG_MAX_BYTES']?.trim() ?? '';
  const bytes = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(bytes) ? bytes : DEFAULT_LOG_MAX_BYTES;
}

/** Whether hooks start drainers (`STASH2PLEX_HOOK_AUTODRAIN`); anything but an off-word means yes. */
export function isAutodrainOn(env: NodeJS.ProcessEnv): boolean {
  const text = env['STASH2PLEX_HOOK_AUTODRAIN']?.trim().toLowerCase() ?? '';
  return !['0', 'false', 'no', 'off'].includes(text);
}

/**
 * Pause after each synced scene (`STASH2PLEX_BATCH_JOB_DELAY_SECS`) in milliseconds; undefined when it is not set or
 * unreadable, then the pace follows Plex. Negative counts as 0.
 */
export function batchJobDelayMs(env: NodeJS.ProcessEnv): number | undefined {
  const text = env['STASH2PLEX_BATCH_JOB_DELAY_SECS']?.trim() ?? '';
  const secs = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(secs) ? Math.max(secs, 0) * 1000 : undefined;
}

/**
 * How many processes may do expensive work at once (`STASH2PLEX_MAX_CONCURRENT_PROCESSES`), at least 1. Anything but a
 * whole number means the default.
 */
export function maxConcurrentProcesses(env: NodeJS.ProcessEnv): number {
  const text = env['STASH2PLEX_MAX_CONCURRENT_PROCESSES']?.trim() ?? '';
  const count = text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(count) ? Math.max(count, 1) : DEFAULT_MAX_PROCESSES;
}

/** What the environment says about reconciliation. */
export interface ReconcileEnvironment {
  /** Whether the cap of "Reconcile Missing Metadata Only" counts only scenes whose item is empty in Plex. */
  usesPlexUnmatched: boolean;
  /** Only so many scenes are checked, the newest first; 0: all. */
  maxScenes: number;
  /** What cannot be used, as a sentence. */
  warning?: string;
}

/**
 * `STASH2PLEX_RECONCILE_USE_PLEX_UNMATCHED` (anything but an off-word means yes) and `STASH2PLEX_RECONCILE_MAX_SCENES` (0 or less: no
 * cap; anything but a number: the default, with a warning).
 */
export function reconcileEnvironment(env: NodeJS.ProcessEnv): ReconcileEnvironment {
  const use = env['STASH2PLEX_RECONCILE_USE_PLEX_UNMATCHED']?.trim().toLowerCase() ?? '';
  const text = env['STASH2PLEX_RECONCILE_MAX_SCENES']?.trim() ?? '';
  const most = text === '' ? 0 : Number(text);
  const usesPlexUnmatched = !['0', 'false', 'no', 'off'].includes(use);
  if (Number.isFinite(most)) return { usesPlexUnmatched, maxScenes: Math.max(Math.floor(most), 0) };
  const warning = `STASH2PLEX_RECONCILE_MAX_SCENES must be a number, not ${JSON.stringify(text)}; every scene is checked.`;
  return { usesPlexUnmatched, maxScenes: 0, warning };
}
