import type { LogSink } from './logger.ts';
import { stashLogLine } from './stashLogLine.ts';
import { writeToDescriptor } from './writeToDescriptor.ts';

const STDERR = 2;

/** Stash's log protocol on standard error. Keeps silent once nobody reads it any more. */
export function createStderrSink(): LogSink {
  let isRead = true;
  const write = (line: string) => {
    if (isRead) isRead = writeToDescriptor(STDERR, line);
  };
  return {
    line: (level, text) => write(stashLogLine(level, text)),
    progress: (share) => write(stashLogLine('progress', String(share))),
  };
}
