/**
 * What went wrong between us and Plex (plex-http-api.md section 8), decided by codes and statuses only.
 *
 * - `unavailable`: nobody answers, or Plex is starting or overloaded; passes by itself, is never a job's fault.
 * - `serverError`: Plex failed at this very request (500); worth a few more tries.
 * - `unauthorized`, `misconfigured`: the connection as a whole is wrong; the user has to act, no job is to blame.
 * - `notFound`: no such item (any more).
 * - `rejected`: Plex does not accept this request, now or later.
 */
export type PlexErrorKind =
  | 'unavailable'
  | 'serverError'
  | 'unauthorized'
  | 'misconfigured'
  | 'notFound'
  | 'rejected';

interface PlexErrorDetails {
  status?: number | undefined;
  retryAfterMs?: number | undefined;
  isUnanswered?: boolean;
  isGarbled?: boolean;
  isTooLong?: boolean;
}

/** Trouble with Plex. The message names operation and outcome, never the token. */
export class PlexError extends Error {
  override readonly name = 'PlexError';
  readonly kind: PlexErrorKind;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** The request went out, and no (complete) answer came before the deadline. */
  readonly isUnanswered: boolean;
  /** What Plex asked to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** A document came that cannot be read: perhaps because of a single row in it. */
  readonly isGarbled: boolean;
  /** The request is longer than what gets through to this server: in parts it may. */
  readonly isTooLong: boolean;

  constructor(
    kind: PlexErrorKind,
    message: string,
    {
      status,
      retryAfterMs,
      isUnanswered = false,
      isGarbled = false,
      isTooLong = false,
      ...options
    }: ErrorOptions & PlexErrorDetails = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.isUnanswered = isUnanswered;
    this.isGarbled = isGarbled;
    this.isTooLong = isTooLong;
  }
}
