import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { startWorld, type World } from '../../tests/support/startWorld.ts';
import { isProcessUseKnown, processUse } from './processUse.ts';
import type { Row } from './Row.ts';

/** The start of the process and what it did last have calmed down. */
const SETTLE_MS = 5_000;
const MEASURED_MS = 30_000;
/** After the measurement, and not so late that the drainer takes it for the work of a wrong clock. */
const RETRY_IN_MS = 1_800_000;
/** The circuit opens after five failures with pauses of up to 8 s between them. */
const CIRCUIT_DEADLINE_MS = 60_000;

/** The rows about a drainer that waits; none where the system does not tell what a process uses. */
export async function benchWaitingDrainer(): Promise<Row[]> {
  if (!isProcessUseKnown()) {
    console.log('No rows about a waiting drainer: this system has no /proc/<pid>/schedstat.');
    return [];
  }
  const worlds = [await startWorld(), await startWorld()] as const;
  try {
    const [retry, outage] = await Promise.all([
      waitForRetry(worlds[0]).then(() => measureWait(worlds[0])),
      waitForPlex(worlds[1]).then(() => measureWait(worlds[1])),
    ]);
    return [
      { what: 'drainer waiting for a retry: RSS', value: retry.rssMb, unit: 'MB', budget: 90 },
      { what: '  share of a core', value: retry.corePercent, unit: '%', budget: 0.1 },
      { what: 'drainer waiting for Plex, circuit open: RSS', value: outage.rssMb, unit: 'MB' },
      { what: '  share of a core', value: outage.corePercent, unit: '%' },
    ];
  } finally {
    for (const world of worlds) await world.close();
  }
}

/** What the one drainer, which waits already, uses while it goes on waiting. */
async function measureWait(world: World): Promise<{ rssMb: number; corePercent: number }> {
  await delay(SETTLE_MS);
  const [pid] = world.drainers();
  if (pid === undefined) throw new Error('No drainer has started.');
  const before = processUse(pid);
  const startedAt = performance.now();
  await delay(MEASURED_MS);
  const after = processUse(pid);
  const tookMs = performance.now() - startedAt;
  if (world.drainers().length !== 1 || world.rows('jobs') !== 1) {
    throw new Error(`The drainer did more than wait.\n${world.drainerLog()}`);
  }
  return {
    rssMb: Math.max(before.rssMb, after.rssMb),
    corePercent: ((after.cpuMs - before.cpuMs) / tookMs) * 100,
  };
}

/** Plex does not have the scene, and its next attempt comes after the measurement. */
async function waitForRetry(world: World): Promise<void> {
  await editSceneUnknownToPlex(world);
  await world.until('the first attempt', () => world.drainerLog().includes('1 to be tried again'));
  const db = new BetterSqlite3(join(world.dataFolder, 'stash2plex.db'), { timeout: 5_000 });
  try {
    db.prepare('UPDATE jobs SET due_at_ms = ?').run(Date.now() + RETRY_IN_MS);
  } finally {
    db.close();
  }
}

async function waitForPlex(world: World): Promise<void> {
  await world.plex.stop();
  await editSceneUnknownToPlex(world);
  const path = join(world.dataFolder, 'circuit_breaker.json');
  const isOpen = () => existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).state === 'open';
  await world.until('the circuit to open', isOpen, CIRCUIT_DEADLINE_MS);
}

async function editSceneUnknownToPlex(world: World): Promise<void> {
  const id = world.stash.scenes.add({ title: 'Unknown', details: 'D', files: ['/data/films/unknown.mkv'] });
  await world.act.editScene(id, { title: 'Unknown to Plex' });
}
