// Tries the task "Install Node Runtime" for real: from PyPI, on a system that has a shell and Python, but no Node. Then the plugin has to
// work with what it installed. Needs the network; not a part of `npm test`.
//
// `npm run try:runtime`
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareSystem, pythonWithPip } from '../tests/support/bareSystem.ts';
import type { PluginRun } from '../tests/support/pluginHost/createPluginHost.ts';
import { startWorld } from '../tests/support/startWorld.ts';

const python = pythonWithPip();
if (python === undefined) throw new Error('There is no python3 with pip here.');
const path = bareSystem(mkdtempSync(join(tmpdir(), 'stash2plex-path-')));
symlinkSync(python, join(path, 'python3'));
const world = await startWorld();
const host = world.hostWith({ PATH: path });

async function run(task: string): Promise<PluginRun> {
  const ended = await host.runTask(task);
  console.log(`\n== ${task} (${(ended.durationMs / 1000).toFixed(1)} s)`);
  for (const { level, text } of ended.logs) console.log(`${level.padEnd(8)}${text}`);
  console.log(ended.stdout);
  return ended;
}

function expect(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`Not so: ${what}.`);
}

try {
  expect((await run('View Queue Status')).result.error !== undefined, 'without Node the task says so');
  expect((await run('Install Node Runtime')).result.error === undefined, 'Node is installed');
  const files = readdirSync(join(world.dataFolder, 'runtime'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  console.log(`${files.length} files, ${(bytes / 1024 / 1024).toFixed(0)} MB`);
  expect(!files.some((file) => file.endsWith('.yml')), 'no file looks like a plugin to Stash');
  expect((await run('View Queue Status')).result.error === undefined, 'a task runs');
  world.plex.library.addItem(world.sectionKey, { title: 'film', file: '/media/films/film.mkv' });
  const id = world.stash.scenes.add({ title: 'Film', details: 'D', files: ['/data/films/film.mkv'] });
  await host.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
  await world.until(
    'the sync',
    () => world.plex.library.itemByFile('/media/films/film.mkv')?.title === 'Film',
  );
  console.log(`\nA hook was recorded and its scene synced:\n${world.drainerLog()}`);
  expect((await run('Remove Node Runtime')).result.error === undefined, 'Node is removed');
} finally {
  await world.close();
  rmSync(path, { recursive: true, force: true });
}
