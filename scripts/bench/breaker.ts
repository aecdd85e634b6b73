import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/log/logger.ts';
import { createRedactor } from '../../src/log/redactor.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../../src/resilience/CircuitBreaker.ts';
import { systemClock } from '../../src/time/clock.ts';
import { median } from './measure.ts';
import type { Row } from './Row.ts';

const CHANGES = 400;
const SUCCESSES = 1_000;

/** What the circuit breaker costs on its file: a change, and a success that changes nothing. */
export async function benchBreaker(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stash2plex-breaker-'));
  const path = join(folder, 'circuit_breaker.json');
  const breaker = createCircuitBreaker({ path, clock: systemClock, log: silentLog() });
  const succeed = () => breaker.recordSuccess();
  try {
    const fresh = await timeEach(path, SUCCESSES, succeed);
    const changes = await timeEach(path, CHANGES, alternately(breaker));
    if (changes.writes < CHANGES) {
      throw new Error(`Only ${changes.writes} of ${CHANGES} changes of the circuit were saved.`);
    }
    const unchanged = await timeEach(path, SUCCESSES, succeed);
    const writes = `writes of circuit_breaker.json per ${SUCCESSES} successes without a change`;
    return [
      { what: 'circuit breaker: change that is saved', value: median(changes.tookMs), unit: 'ms' },
      { what: '  success without a change', value: median(unchanged.tookMs) * 1000, unit: 'µs' },
      { what: `  ${writes}`, value: unchanged.writes, unit: '', budget: 0 },
      { what: '  the same before there is a file', value: fresh.writes, unit: '', budget: 0 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function silentLog() {
  const sink = { line() {}, progress() {} };
  return createLogger({ sink, redactor: createRedactor() });
}

/** One failure and one success in turns: the circuit stays closed, and each of them changes it. */
function alternately(breaker: CircuitBreaker): (index: number) => Promise<boolean> {
  return (index) => (index % 2 === 0 ? breaker.recordFailure() : breaker.recordSuccess());
}

/** Times each of `count` acts, and counts those after which the file is another one. */
async function timeEach(
  path: string,
  count: number,
  act: (index: number) => Promise<unknown>,
): Promise<{ tookMs: number[]; writes: number }> {
  const tookMs: number[] = [];
  let writes = 0;
  for (let index = 0; index < count; index += 1) {
    const before = fileStamp(path);
    const startedAt = performance.now();
    await act(index);
    tookMs.push(performance.now() - startedAt);
    if (fileStamp(path) !== before) writes += 1;
  }
  return { tookMs, writes };
}

/** Differs after each write: it puts a new file in the place of the old one. */
function fileStamp(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}:${stat.mtimeNs}` : 'none';
}
