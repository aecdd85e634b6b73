import type { Logger } from './logger.ts';

const nothing = () => {};

/** A log that keeps nothing, for work that is only tried out. */
export const silentLogger: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  progress: nothing,
  showingDebug: () => silentLogger,
  for: () => silentLogger,
};
