import { type Zippable, zipSync } from 'fflate';
import type { PackageFile } from './packageFiles.ts';

/** "Made on Unix": without it a reader ignores the file modes. */
const UNIX = 3;
const REGULAR_FILE = 0o100_000;

/**
 * The files as a zip. The same files and time give the same bytes: the compressor is plain JavaScript, where Node's own one depends on
 * version and processor.
 *
 * @param date of every file; a zip keeps local time, so the process has to run in UTC.
 */
export function zipOf(files: readonly PackageFile[], date: Date): Uint8Array {
  if (date.getTimezoneOffset() !== 0) throw new Error('A zip is made in UTC: set TZ=UTC.');
  const entries: Zippable = {};
  for (const { path, bytes, isProgram } of files) {
    const mode = REGULAR_FILE | (isProgram ? 0o755 : 0o644);
    // A number above 2^31 would be a negative one after the shift.
    entries[path] = [bytes, { level: 9, mtime: date, os: UNIX, attrs: mode * 2 ** 16 }];
  }
  return zipSync(entries);
}
