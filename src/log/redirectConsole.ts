import { format } from 'node:util';
import type { Logger } from './logger.ts';

/**
 * Sends `console.*` of any library, and Node's own warnings, to the log: a single stray byte on stdout makes Stash
 * take an error for a success, and an unmarked line on stderr counts as an error.
 */
export function redirectConsole(log: Logger): void {
  const levels = {
    log: 'info',
    info: 'info',
    warn: 'warn',
    error: 'error',
    debug: 'debug',
    trace: 'trace',
  } as const;
  console.dir = (value: unknown) => log.info(format(value));
  console.dirxml = (...args: unknown[]) => log.info(format(...args));
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...args: unknown[]) => log[level](format(...args));
  }
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.debug(`Node warns: ${warning.message}`));
}
