/** Longest texts and lists that Plex items get. */
export const LIMITS = {
  /** Of a field of one line, and of a name. */
  line: 255,
  summary: 10_000,
  /** A text travels in the address of a request, where it cannot be split (W-36). */
  summaryEncodedBytes: 7_000,
  performers: 50,
  /** Groups, and studios above the scene's. */
  collections: 50,
} as const;
