import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a process uses. */
export interface ProcessUse {
  /** Resident set now. */
  rssMb: number;
  /** Processor time of its threads since they started. */
  cpuMs: number;
}

/** Whether this system tells it: Linux does. */
export function isProcessUseKnown(): boolean {
  return existsSync('/proc/self/schedstat');
}

/**
 * Reads it from `/proc`. Processor time comes from `schedstat` in nanoseconds: that of `stat` has ticks of 10 ms, in which a
 * process that waits is hardly seen.
 *
 * @throws when there is no such process.
 */
export function processUse(pid: number): ProcessUse {
  const folder = `/proc/${pid}`;
  const [, rssKb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`${folder}/status`, 'utf8')) ?? [];
  const threadsNs = readdirSync(`${folder}/task`).map((thread) => {
    const [ranNs] = readFileSync(`${folder}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(ranNs);
  });
  return {
    rssMb: Number(rssKb) / 1024,
    cpuMs: threadsNs.reduce((sum, ns) => sum + ns, 0) / 1e6,
  };
}
