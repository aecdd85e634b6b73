import { describe, expect, it } from 'vitest';
import { createLogger, type LoggerOptions } from '../../src/log/logger.ts';
import { createRedactor } from '../../src/log/redactor.ts';

function recorder(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const progress: number[] = [];
  const redactor = createRedactor();
  const sink = {
    line: (level: string, text: string) => void lines.push(`${level} ${text}`),
    progress: (share: number) => void progress.push(share),
  };
  return { log: createLogger({ sink, redactor, ...options }), lines, progress, redactor };
}

describe('createLogger', () => {
  it('marks lines with plugin and component', () => {
    const { log, lines } = recorder();
    log.info('ready');
    log.for('Worker').warn('slow');
    log.for('Worker').for('Plex').error('down');
    expect(lines).toEqual([
      'info [Stash2Plex] ready',
      'warn [Stash2Plex Worker] slow',
      'error [Stash2Plex Plex] down',
    ]);
  });

  it('shows debug lines at info level when the user wants them, components included', () => {
    const { log, lines } = recorder({ showDebug: true });
    log.debug('one');
    log.for('Worker').debug('two');
    log.trace('three');
    expect(lines).toEqual([
      'info [Stash2Plex] DEBUG: one',
      'info [Stash2Plex Worker] DEBUG: two',
      'trace [Stash2Plex] three',
    ]);
  });

  it('hides secrets that become known after the logger was made', () => {
    const { log, lines, redactor } = recorder();
    const worker = log.for('Worker');
    redactor.add('s3cr3t');
    worker.error('token s3cr3t');
    expect(lines).toEqual(['error [Stash2Plex Worker] token ****']);
  });

  it('hands on progress from 0 to 1 only', () => {
    const { log, progress } = recorder();
    for (const share of [-1, 0, 0.5, 50, Number.POSITIVE_INFINITY, Number.NaN]) log.progress(share);
    expect(progress).toEqual([0, 0, 0.5, 1, 1]);
  });
});
