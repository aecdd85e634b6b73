/** How a class of failures is spaced out. */
export interface Backoff {
  baseSecs: number;
  capSecs: number;
}

/**
 * Seconds to wait before retry `retryCount` (0 for the first): exponential, with jitter over the upper half, so
 * that processes spread out and the promised windows hold (W42).
 *
 * @param random 0 (inclusive) to 1 (exclusive).
 */
export function calculateDelay(
  retryCount: number,
  { baseSecs, capSecs }: Backoff,
  random: () => number,
): number {
  const upperSecs = Math.min(capSecs, baseSecs * 2 ** retryCount);
  return upperSecs / 2 + random() * (upperSecs / 2);
}
