import { fstatSync, readSync } from 'node:fs';

const STDIN = 0;
const CHUNK_BYTES = 64 * 1024;
const EMPTY_PIPE_WAIT_MS = 2;

/**
 * Reads standard input to its end, synchronously: Stash logs a broken pipe when a plugin leaves some unread,
 * and a hook that does not matter must not load the stream machinery. A cover image makes it megabytes.
 *
 * @returns the text; empty when there is no standard input or a terminal in its place.
 */
export function readStdin(): string {
  if (!isReadable()) return '';
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readChunk(chunk);
    if (length === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(chunk.subarray(0, length));
  }
}

/**
 * Whether there is something to read to its end: no closed descriptor, no terminal (any character device; the
 * null device is empty anyway). `tty.isatty` would load the network stack, 1 ms in every hook.
 */
function isReadable(): boolean {
  try {
    return !fstatSync(STDIN).isCharacterDevice();
  } catch {
    return false;
  }
}

/** @returns the number of bytes read, 0 at the end. */
function readChunk(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(STDIN, chunk, 0, chunk.length, null);
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
      // A closed descriptor, or Windows' way to say that the pipe has ended.
      if (code !== 'EAGAIN') return 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EMPTY_PIPE_WAIT_MS);
    }
  }
}
