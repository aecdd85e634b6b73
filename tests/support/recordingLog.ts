import { createLogger, type Logger, type LogLevel } from '../../src/log/logger.ts';
import { createRedactor } from '../../src/log/redactor.ts';

/** A logger whose lines a test can read. */
export interface RecordingLog {
  log: Logger;
  lines: { level: LogLevel; text: string }[];
  progress: number[];
}

export function recordingLog(): RecordingLog {
  const lines: RecordingLog['lines'] = [];
  const progress: number[] = [];
  const sink = {
    line: (level: LogLevel, text: string) => void lines.push({ level, text }),
    progress: (share: number) => void progress.push(share),
  };
  return { log: createLogger({ sink, redactor: createRedactor() }), lines, progress };
}
