/**
 * What kind of trouble local storage is in.
 * `busy`: another process holds it, trying again helps. `full`: no space or quota. `unusable`: wrong
 * permissions, a damaged or foreign file, no locks on this file system; the user has to act.
 */
export type StorageErrorKind = 'busy' | 'full' | 'unusable';

/** Trouble with the plugin's own files. Never a reason to blame Plex or Stash, or to give up a job. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly kind: StorageErrorKind;

  constructor(kind: StorageErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }

  /** Wraps what SQLite or the file system threw; a StorageError stays as it is. */
  static from(error: unknown, operation: string): StorageError {
    if (error instanceof StorageError) return error;
    const code = errorCode(error);
    const { kind, advice } = classify(code);
    return new StorageError(kind, `${operation} (${code}). ${advice}`, { cause: error });
  }
}

/** The `code` of a Node or SQLite error; `UNKNOWN` when it carries none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'UNKNOWN';
  return String(error.code);
}

const ELSEWHERE =
  "Check the owner, the permissions and the file system of that folder, or name one on a local disk by STASH_PLUGIN_DATA in Stash's environment.";

function classify(code: string): { kind: StorageErrorKind; advice: string } {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || code === 'ELOCKED') {
    return { kind: 'busy', advice: 'Another process holds it; it is tried again.' };
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return { kind: 'full', advice: 'Free some space on that disk.' };
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return { kind: 'unusable', advice: 'It is damaged: move it away, and the plugin starts a new one.' };
  }
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED') {
    const missing = `SQLite could not be loaded for ${process.platform}-${process.arch}.`;
    // Node from a Python wheel brings a C++ library of its own under another name, and a bare Alpine has none.
    const library = code === 'ERR_DLOPEN_FAILED' && process.platform === 'linux';
    const more = library ? ' On Alpine, "apk add libstdc++" may be what it needs.' : '';
    return { kind: 'unusable', advice: `${missing} Install the plugin's release again.${more}` };
  }
  return { kind: 'unusable', advice: ELSEWHERE };
}
