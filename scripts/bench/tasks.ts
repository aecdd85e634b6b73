import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PluginCommand, resolveCommand } from '../../tests/support/pluginHost/resolveCommand.ts';
import { startWorld, type World } from '../../tests/support/startWorld.ts';
import { unpackZip } from '../../tests/support/unpackZip.ts';
import { median, timeProcess } from './measure.ts';
import type { Row } from './Row.ts';

const ZIP = fileURLToPath(new URL('../../release/Stash2Plex.zip', import.meta.url));
const PAIRS = 51;
/** Tasks of Stash's list, and what the page inside Stash asks for, the first of them every few seconds. */
const LOOKING: readonly Record<string, unknown>[] = [
  { mode: 'queue_status' },
  { mode: 'list_failed' },
  { mode: 'outage_summary' },
  { mode: 'dashboard' },
  { mode: 'failures' },
  { mode: 'scene_status', scene_id: '1' },
  {
    mode: 'check_settings',
    settings: { plex_url: 'http://127.0.0.1:32400', plex_token: 'a-token-of-some-length' },
  },
  { mode: 'sync_scene', scene_id: '1' },
];

/** What a task costs that only looks, started from the unpacked zip by the program that Stash would start. */
export async function benchTasks(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stash2plex-zip-'));
  unpackZip(readFileSync(ZIP), folder);
  const world = await startWorld({ ymlPath: join(folder, 'Stash2Plex.yml') });
  try {
    // The first one sees to the settings page; the server that it asks is this process, which waits for what it measures.
    await world.host.runTask('View Queue Status');
    const command = resolveCommand(world.host.manifest.exec, [], folder, process.env['PATH'] ?? '');
    return LOOKING.map((input) => lookingRow(world, command, input));
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Median of the ratios of pairs that ran one right after the other. */
function lookingRow(world: World, { file, args }: PluginCommand, input: Record<string, unknown>): Row {
  // What is queued stays queued: a drainer beside it would be measured as well.
  const env = { ...process.env, STASH_PLUGIN_DATA: world.dataFolder, STASH2PLEX_HOOK_AUTODRAIN: '0' };
  const document = JSON.stringify({ server_connection: world.stash.serverConnection(), args: input });
  const ratios = Array.from({ length: PAIRS }, () => {
    const baseMs = timeProcess(process.execPath, ['-e', '0'], '', process.env);
    return timeProcess(file, args, document, env) / baseMs;
  });
  return {
    what: `task ${String(input['mode'])}, from the zip`,
    value: median(ratios),
    unit: 'x node -e 0',
    budget: 2,
  };
}
