const DEFAULT_LOG_MAX_BYTES = 1_048_576;

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
