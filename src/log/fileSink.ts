import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../time/clock.ts';
import type { LogSink } from './logger.ts';
import { toOneLine } from './stashLogLine.ts';

/** Levels that a drainer's file leaves out: they would fill it within a day. */
const HIDDEN_LEVELS = new Set(['trace', 'debug']);

export interface FileSinkOptions {
  path: string;
  /** Above this size the file becomes `<path>.1`, also in the middle of a run (W48); 0 or less: never. */
  maxBytes: number;
  clock: Clock;
}

/** A drainer's log file: nobody reads its standard error. Plain lines with time and level. */
export function createFileSink({ path, maxBytes, clock }: FileSinkOptions): LogSink {
  let size: number | undefined;
  return {
    line(level, text) {
      if (HIDDEN_LEVELS.has(level)) return;
      const line = `${new Date(clock.now()).toISOString()} ${level.toUpperCase().padEnd(5)} ${toOneLine(text)}\n`;
      try {
        size ??= openedSize(path);
        if (maxBytes > 0 && size >= maxBytes) {
          rotate(path);
          size = 0;
        }
        appendFileSync(path, line);
        size += Buffer.byteLength(line);
      } catch {
        // A log that cannot be written must not stop the work.
      }
    },
    progress() {},
  };
}

/** A file that somebody took away or that cannot be replaced must not silence the log. */
function rotate(path: string): void {
  try {
    renameSync(path, `${path}.1`);
  } catch {
    // It grows beyond its limit, or starts anew by the next line.
  }
}

function openedSize(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
