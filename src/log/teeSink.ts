import type { LogLevel, LogSink } from './logger.ts';

/** A sink that writes to `sink` and hands every line to `observe` as well; an observer that fails is ignored. */
export function createTeeSink(sink: LogSink, observe: (level: LogLevel, text: string) => void): LogSink {
  return {
    line(level, text) {
      sink.line(level, text);
      try {
        observe(level, text);
      } catch {
        // Whoever listens must not stop the work.
      }
    },
    progress: (share) => sink.progress(share),
  };
}
