import type { Redactor } from './redactor.ts';

/** Levels of Stash's log protocol. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** Where log lines and progress go: Stash's stderr protocol, or a drainer's file. Never throws. */
export interface LogSink {
  line(level: LogLevel, text: string): void;
  /** Share of the work done, 0 to 1. */
  progress(share: number): void;
}

/** Logs one line per call, marked with its component. Logging never throws. */
export interface Logger {
  trace(text: string): void;
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Share of the work done, 0 to 1; values outside are clamped, NaN (which breaks Stash's job list) is dropped. */
  progress(share: number): void;
  /** The same log with debug lines shown or not (setting `debug_logging`). */
  showingDebug(show: boolean): Logger;
  /** The same log under a component's name: prefix `[Stash2Plex <component>]`. */
  for(component: string): Logger;
}

export interface LoggerOptions {
  sink: LogSink;
  /** Hides secrets in every line. */
  redactor: Redactor;
  component?: string;
  /** Shows debug lines at info level, because Stash hides debug by default (setting `debug_logging`). */
  showDebug?: boolean;
}

/** A logger that writes to `sink`. */
export function createLogger(options: LoggerOptions): Logger {
  const { sink, redactor, component, showDebug } = options;
  const prefix = component ? `[Stash2Plex ${component}]` : '[Stash2Plex]';
  const write = (level: LogLevel, mark = '') => {
    return (text: string) => sink.line(level, redactor.redact(`${prefix} ${mark}${text}`));
  };
  return {
    trace: write('trace'),
    debug: showDebug ? write('info', 'DEBUG: ') : write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    progress(share) {
      if (!Number.isNaN(share)) sink.progress(Math.min(Math.max(share, 0), 1));
    },
    showingDebug: (show) => createLogger({ ...options, showDebug: show }),
    for: (name) => createLogger({ ...options, component: name }),
  };
}
