/**
 * Readers of single values in a state file, without a library: every task reads state files, also those that only look. Each gives
 * undefined for whatever is no such value (W27).
 */
export const stored = {
  /** A time in seconds, or a duration: a number from 0 on. */
  secs: (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined,
  /** A whole number from 0 on. */
  count: (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined,
  text: (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined),
};
