import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** Largest resident set that a process ever had, read again and again until it ends. */
export interface PeakRss {
  /** @returns megabytes; NaN where the system does not tell: Linux does. */
  stop(): Promise<number>;
}

/** Watches a running process. The kernel keeps the peak, so that a look now and then misses nothing but the very end. */
export function watchPeakRss(pid: number): PeakRss {
  const path = `/proc/${pid}/status`;
  let isOver = false;
  let peakMb = Number.NaN;
  const watching = (async () => {
    while (!isOver && existsSync(path)) {
      peakMb = peakOf(path) ?? peakMb;
      await delay(POLL_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return peakMb;
    },
  };
}

function peakOf(path: string): number | undefined {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8')) ?? [];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    // It has just ended.
    return undefined;
  }
}
