/**
 * What a test may turn on a running double: one member per question that section 7 of the specification leaves
 * open, per limit, and per delay. All are read at the moment they matter, so a change applies to the next request.
 */
export interface PlexSwitches {
  /** Whether indexed tags on form A join the item's list or become it (row 13). */
  tagMode: 'add' | 'replace';
  /** `file=` has no effect and the whole library comes back (row 7). */
  ignoreFileFilter: boolean;
  /**
   * How `file=` matches (row 7). `indexed`: parts with that very base name, and only when there are none, every path
   * that contains the value; constant time on a hit. `substring`: always every path that contains it.
   * `equality`: the base name only.
   */
  fileMatch: 'indexed' | 'substring' | 'equality';
  /** A comma in a `file=` value separates alternatives, as it does in documented filters (3.4). */
  fileCommaIsOr: boolean;
  /** Answer of form A when none of its ids exists (row 10). */
  unknownIdStatus: 200 | 404;
  /** What an unknown `name.value` does (row 11). */
  unknownScalar: 'reject' | 'ignore';
  /** What `role[…]` does; the cast is edited as `actor` (row 14). */
  roleParameter: 'ignore' | 'reject';
  /** Longest request line accepted, in bytes, without its line end (row 18). */
  maxRequestLine: number;
  /** What a longer one gets (row 18); 403 and 404 are a proxy's or a firewall's (9.13). */
  overlong: 414 | 413 | 400 | 403 | 404 | 'reset';
  /** Whether a collection outlives its last member (row 16). */
  emptyCollections: 'stay' | 'vanish';
  /** Answer to selecting an image that is not a candidate (row 21). */
  unknownCandidate: 404 | 400;
  /** Largest page handed out, however many rows were asked for (row 4). */
  maxPageSize: number;
  /** Who asks for no page gets one of `maxPageSize` rows all the same, and is told so as if he had (9.6). */
  pagesByItself: boolean;
  /** Off: a page says where it starts but not of how many rows it is, neither in the body nor in a header (9.6). */
  totals: boolean;
  /** Whether new bytes that are uploaded lock the picture; selecting one always does (9.2, probe 22). */
  uploadLocks: boolean;
  /** Time between an artwork change and the new `thumb` or `art` path (row 21). */
  imageDelayMs: number;
  /** Largest image taken; more is a 500 (row 21). */
  maxImageBytes: number;
  /** Whether uploaded bytes are kept to be served again; off saves memory in benchmarks. */
  keepImageBytes: boolean;
  /** How long a section reports `refreshing` after a scan was asked for (row 22). */
  scanDurationMs: number;
  /**
   * Whether an edit of the title alone takes along a sort title that was made from the title (9.5, probe 19). Off: the
   * sort title stays as it is stored until it is edited itself.
   */
  titleEditRebuildsSort: boolean;
  /** Whether a tag edit moves `updatedAt`; scalar edits always do (6.2). */
  tagEditsBumpUpdatedAt: boolean;
  /** A request that does not ask for JSON is a violation and a 400; off: it gets XML (row 2). */
  requireJson: boolean;
  /** Off: no token is needed, as on an unclaimed server or in an allowed network; a wrong one is still a 401 (2.2). */
  requireToken: boolean;
  /**
   * What the two tokens get wherever one is needed: 401 once revoked, 498 once expired, 422 for a signature that is not
   * right (9.7).
   */
  tokenStatus: 200 | 401 | 422 | 498;
  /** Who is not the admin sees no paths: parts without `file` (9.13). */
  hidePathsFromUser: boolean;
  /** Control characters in texts go into JSON as they are, which makes it no JSON (9.13). */
  rawControlCharacters: boolean;
  /** Idle time after which a connection is really closed (row 3). */
  keepAliveTimeoutMs: number;
  /** Idle time that the `Keep-Alive` header promises; larger than the real one it makes stale sockets (row 3). */
  keepAliveHintSecs: number;
  /** Time before every answer (6.2). */
  latencyMs: number;
  /** Additional time per tag added or removed by an edit, whatever the number of items (2.9). */
  tagWriteLatencyMs: number;
  /** Additional time per item whose detail is read without `skipRefresh=1` (9.4). */
  localRefreshLatencyMs: number;
  /** Additional time for a library listing that was not paged (2.9). */
  unpagedListLatencyMs: number;
  /** How far its clock is ahead, for the header `Date`; null: a proxy takes the header away. */
  clockSkewMs: number | null;
  /** Text is stored without surrounding white space (section 4). */
  trimText: boolean;
  /** `originallyAvailableAt` is read back with a time part (section 4). */
  datesWithTime: boolean;
  /** Off: `editionTitle.value` is a 400 (3.6.1). */
  plexPass: boolean;
}

/** The switches as a current server behaves, as far as is known. */
export function defaultSwitches(): PlexSwitches {
  return {
    tagMode: 'add',
    ignoreFileFilter: false,
    fileMatch: 'indexed',
    fileCommaIsOr: false,
    unknownIdStatus: 404,
    unknownScalar: 'reject',
    roleParameter: 'ignore',
    maxRequestLine: 8192,
    overlong: 414,
    emptyCollections: 'stay',
    unknownCandidate: 404,
    maxPageSize: Number.POSITIVE_INFINITY,
    pagesByItself: false,
    totals: true,
    uploadLocks: true,
    imageDelayMs: 0,
    maxImageBytes: 10 * 1024 * 1024,
    keepImageBytes: true,
    scanDurationMs: 50,
    titleEditRebuildsSort: false,
    tagEditsBumpUpdatedAt: false,
    requireJson: true,
    requireToken: true,
    tokenStatus: 200,
    hidePathsFromUser: false,
    rawControlCharacters: false,
    keepAliveTimeoutMs: 20_000,
    keepAliveHintSecs: 20,
    latencyMs: 0,
    tagWriteLatencyMs: 0,
    localRefreshLatencyMs: 0,
    unpagedListLatencyMs: 0,
    clockSkewMs: 0,
    trimText: false,
    datesWithTime: false,
    plexPass: true,
  };
}
