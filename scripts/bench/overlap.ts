import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlexRequest } from '../../tests/support/plexDouble/PlexRequest.ts';
import { startWorld, type World } from '../../tests/support/startWorld.ts';
import { addScene, drain } from './drain.ts';
import { median } from './measure.ts';
import type { Row } from './Row.ts';

const SIZE = 1_000;
const LATENCY_MS = 5;
const ROUNDS = 3;
const BUDGET = 1.15;
const SENDER = fileURLToPath(new URL('sendBare.ts', import.meta.url));

/**
 * Whether the next scene is prepared while Plex works on an edit: the drain of changed scenes, from its first request to its last, against
 * the same PUTs sent bare one after another by another process, in turns.
 */
export async function benchOverlap(): Promise<Row[]> {
  const world = await startWorld();
  try {
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: world.plex.token,
      sync_poster: false,
      sync_background: false,
    });
    const ids = Array.from({ length: SIZE }, (_, index) => addScene(world, index));
    await drain(world, ids);
    world.plex.switches.latencyMs = LATENCY_MS;
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const id of ids) world.stash.scenes.update(id, { title: `Round ${round} of ${id}` });
      await drain(world, ids);
      const { entries } = world.plex.log;
      const puts = entries.filter(({ method }) => method === 'PUT');
      if (puts.length !== SIZE) throw new Error(`${puts.length} edits for ${SIZE} scenes.`);
      ratios.push(spanMs(entries) / (await bareMs(world, puts)));
    }
    const what = `drain ${SIZE} changed scenes, ${LATENCY_MS} ms, against the same PUTs bare`;
    return [{ what, value: median(ratios), unit: 'x', budget: BUDGET }];
  } finally {
    await world.close();
  }
}

/** From the arrival of the first request to the answer of the last. */
function spanMs(requests: readonly PlexRequest[]): number {
  const ended = requests.map(({ doneMs = 0 }) => doneMs);
  return Math.max(...ended) - Math.min(...requests.map(({ atMs }) => atMs));
}

async function bareMs({ plex }: World, puts: readonly PlexRequest[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'stash2plex-bench-'));
  try {
    const list = join(folder, 'puts.json');
    writeFileSync(list, JSON.stringify(puts.map(({ url }) => url)));
    plex.log.clear();
    const sender = spawn(process.execPath, [SENDER, plex.url, plex.token, list], { stdio: 'inherit' });
    const [status] = await once(sender, 'exit');
    if (status !== 0) throw new Error(`The bare PUTs could not be sent (${status}).`);
    return spanMs(plex.log.entries);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
