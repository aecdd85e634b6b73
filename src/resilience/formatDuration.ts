/**
 * A duration in its two largest units, as reports show it: `2d 3h`, `1h 0m`, `5m 7s`, `12s`. Fractions are cut off; a negative
 * duration, or none at all (NaN), is `0s`.
 *
 * @param secs seconds.
 */
export function formatDuration(secs: number): string {
  const whole = Number.isFinite(secs) ? Math.max(Math.trunc(secs), 0) : 0;
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3_600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  const seconds = whole % 60;
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${minutes}m`;
  if (minutes > 0) return `${minutes}m ${seconds}s`;
  return `${seconds}s`;
}

/** How long ago something was, as reports show it: `5m 7s ago`. @param secs seconds since then. */
export function formatElapsed(secs: number): string {
  return `${formatDuration(secs)} ago`;
}
