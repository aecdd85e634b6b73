/** The time that a server gives in its header `Date`, in milliseconds since the epoch; undefined where it gives none. */
export function httpDateMs(header: string | string[] | null | undefined): number | undefined {
  const atMs = typeof header === 'string' ? Date.parse(header) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
