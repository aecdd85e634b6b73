/**
 * What went wrong between us and Stash. `unavailable` passes by itself (down, busy, interrupted); `unauthorized`
 * means that Stash no longer accepts this process's session; `rejected` means that this Stash does not understand
 * the request.
 */
export type StashErrorKind = 'unavailable' | 'unauthorized' | 'rejected';

/** Trouble with Stash. Never counted against Plex, never a reason to give up a job (W8). */
export class StashError extends Error {
  override readonly name = 'StashError';
  readonly kind: StashErrorKind;

  constructor(kind: StashErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
