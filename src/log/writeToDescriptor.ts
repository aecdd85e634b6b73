import { writeSync } from 'node:fs';

const PIPE_FULL_WAIT_MS = 5;
const PIPE_FULL_TRIES = 400;

/**
 * Writes all of `text` to a file descriptor, synchronously: what was logged before a crash is out, and a short
 * process does not load the stream machinery. Waits a bounded time for a reader of a full non-blocking pipe.
 *
 * @returns false when nobody reads any more (EPIPE) or the reader is stuck; never throws.
 */
export function writeToDescriptor(descriptor: number, text: string): boolean {
  let rest = Buffer.from(text);
  for (let tries = 0; tries < PIPE_FULL_TRIES; ) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
      if (rest.length === 0) return true;
    } catch (error) {
      if (!isPipeFull(error)) return false;
      tries += 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_FULL_WAIT_MS);
    }
  }
  return false;
}

function isPipeFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EAGAIN';
}
