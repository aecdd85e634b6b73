/**
 * A scene that cannot be synced though both servers answer well. `notInPlex`: no item holds its file (yet).
 * `ambiguous`: several items do, or one of which only the file's name speaks for it, and strict matching forbids to guess.
 * `partial`: Plex refuses single fields or pictures; everything else is written and remembered (W-37).
 * `picturesWait`: everything else is written; pictures fail for every scene at present.
 */
export type SyncErrorKind = 'notInPlex' | 'ambiguous' | 'partial' | 'picturesWait';

/** A scene's own problem. The message is for the user. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly kind: SyncErrorKind;
  /** With `partial`: the fields and pictures that are refused. */
  readonly fields: readonly string[];

  constructor(kind: SyncErrorKind, message: string, fields: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.fields = fields;
  }
}
