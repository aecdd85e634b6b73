import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goJson } from '../support/pluginHost/goJson.ts';
import { isAlive, startWorld, type World } from '../support/startWorld.ts';
import { tempFolder } from '../support/tempFolder.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const OFF = { STASH2PLEX_HOOK_AUTODRAIN: '0' };
const HERD = 500;
const AT_A_TIME = 16;
const MOST_SPOOLED = 1_000;

let world: World;
beforeEach(async () => {
  world = await startWorld({ hooks: 'launcher' });
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

const title = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const edited = (id: number) => ({ id, input: { id: String(id), title: 'T' }, inputFields: ['id', 'title'] });
const spoolFolder = () => join(world.dataFolder, 'spool');
const database = () => join(world.dataFolder, 'stash2plex.db');
const documentOf = (hookContext: object) =>
  goJson({ server_connection: world.stash.serverConnection(), args: { hookContext } });

/** Shells that a system may have under the name `sh`. */
const SHELLS = [['sh'], ['dash'], ['bash', '--posix'], ['busybox', 'ash']].filter(([shell = '']) => {
  try {
    execFileSync('sh', ['-c', `command -v ${shell}`]);
    return true;
  } catch {
    return false;
  }
});

/** One hook under a certain shell. */
function hookUnder(shell: readonly string[], stdin: string, env: NodeJS.ProcessEnv = {}) {
  const [command = 'sh', ...args] = [...shell, join(REPOSITORY, 'stash2plex'), REPOSITORY, 'hook'];
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      command,
      args,
      { env: { ...process.env, ...OFF, STASH_PLUGIN_DATA: world.dataFolder, ...env } },
      (error, stdout, stderr) => resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });
}

describe('a hook that the launcher records', () => {
  it('leaves its document in a file of its own that nobody else may read, and starts no Node', async () => {
    const run = await world
      .hostWith({ ...OFF, STASH2PLEX_NODE: '/nowhere/node' })
      .runHook('Scene.Update.Post', edited(7));
    expect(run).toMatchObject({ stdout: '{"output":"ok"}', stderrRaw: '', exitCode: 0, stdinBroken: false });
    expect(existsSync(database())).toBe(false);
    const [name = ''] = readdirSync(spoolFolder());
    expect(statSync(join(spoolFolder(), name)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(spoolFolder(), name), 'utf8'))).toMatchObject({
      args: { hookContext: { id: 7, type: 'Scene.Update.Post' } },
    });
    expect(world.waitingScenes()).toEqual([7]);
  });

  it('wakes the drainer, which takes the event in and syncs it, and then each further one', async () => {
    const ids = ['one', 'two', 'three'].map(scanned);
    for (const [index, name] of ['one', 'two', 'three'].entries()) {
      await world.act.editScene(ids[index] ?? 0, { title: `Title ${name}` });
      // Nobody looks into the spool here but the drainer itself.
      await world.until(`the sync of ${name}`, () => title(name) === `Title ${name}`);
    }
    expect(world.spooled()).toEqual([]);
    expect(world.drainers()).toHaveLength(1);
    expect(existsSync(join(world.dataFolder, 'drainer.start'))).toBe(false);
  });

  it('is seen in the middle of a long pass', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => scanned(`bulk ${index}`));
    world.plex.switches.latencyMs = 60;
    const task = world.host.startTask('Sync All');
    await task.finished;
    await world.until('work under way', () => world.plex.log.count({ method: 'PUT' }) > 0);
    const id = scanned('single');
    await world.act.editScene(id, { title: 'Single' });
    await world.until('the single edit', () => title('single') === 'Single');
    // The bulk is not over yet.
    expect(world.rows('scene_syncs')).toBeLessThan(ids.length);
  });

  it.each([
    ['a drainer that was killed', (pid: number, since: string) => `${pid} ${since}`],
    ['another process that has its number by now', () => `${process.pid} 1`],
    ['nonsense', () => '-1 x'],
    ['nothing', () => ''],
  ])('starts a drainer when the sign of life is of %s', async (_name, content) => {
    await world.act.editScene(scanned('first'), { title: 'First' });
    await world.until('the first sync', () => title('first') === 'First');
    const sign = join(world.dataFolder, 'drainer.pid');
    const [pid, since = ''] = readFileSync(sign, 'utf8').trim().split(' ');
    expect(Number(pid)).toBe(world.drainers()[0]);
    world.killDrainers();
    await world.until('its end', () => !isAlive(Number(pid)));
    writeFileSync(sign, `${content(Number(pid), since)}\n`);
    await world.act.editScene(scanned('second'), { title: 'Second' });
    await world.until('the second sync', () => title('second') === 'Second');
    expect(world.drainers()).toHaveLength(2);
  });

  it('does not count on a drainer that has found the lock held and is about to end', async () => {
    await world.act.editScene(scanned('first'), { title: 'First' });
    await world.until('the first sync', () => title('first') === 'First');
    const surplus = spawn(process.execPath, [join(REPOSITORY, 'src/launcher.cjs'), 'drainer'], {
      env: { ...process.env, STASH_PLUGIN_DATA: world.dataFolder },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const start = join(world.dataFolder, 'drainer.start');
    writeFileSync(start, `${surplus.pid} 1\n`);
    surplus.stdin.end(JSON.stringify({ server_connection: world.stash.serverConnection(), args: {} }));
    await once(surplus, 'close');
    expect(existsSync(start)).toBe(false);
    expect(readFileSync(join(world.dataFolder, 'drainer.pid'), 'utf8')).toMatch(
      new RegExp(`^${world.drainers()[0]} `),
    );
  });

  it('starts nobody while "Process Queue" works, which has a drainer on standby', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => scanned(`p${index}`));
    for (const id of ids) {
      world.stash.scenes.update(id, { title: `P ${id}` });
      await world.hostWith(OFF).runHook('Scene.Update.Post', edited(id));
    }
    world.plex.switches.latencyMs = 100;
    const task = world.host.startTask('Process Queue');
    await world.until('work under way', () => world.plex.log.count({ method: 'PUT' }) > 0);
    expect(readFileSync(join(world.dataFolder, 'drainer.pid'), 'utf8')).toMatch(new RegExp(`^${task.pid} `));
    await world.act.editScene(scanned('meanwhile'), { title: 'Meanwhile' });
    expect(existsSync(join(world.dataFolder, 'drainer.start'))).toBe(false);
    await task.finished;
    await world.until('the sync', () => title('meanwhile') === 'Meanwhile');
  });

  it(`loses none of ${HERD} events, ${AT_A_TIME} at a time, and starts one drainer (W1, W50)`, async () => {
    const starts = join(world.dataFolder, 'starts');
    const shim = join(tempFolder(), 'node');
    writeFileSync(shim, `#!/bin/sh\necho "$$ $*" >> '${starts}'\nexec '${process.execPath}' "$@"\n`, {
      mode: 0o755,
    });
    const ids = Array.from({ length: HERD }, (_, index) => scanned(`herd ${index}`));
    for (const id of ids) world.stash.scenes.update(id, { title: `Title ${id}` });
    const host = world.hostWith({ STASH2PLEX_NODE: shim });
    const rest = [...ids];
    const worker = async () => {
      for (let id = rest.shift(); id !== undefined; id = rest.shift()) {
        expect((await host.runHook('Scene.Update.Post', edited(id))).stdout).toBe('{"output":"ok"}');
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    await world.until(
      'all of them',
      () => ids.every((id, index) => title(`herd ${index}`) === `Title ${id}`),
      120_000,
    );
    expect(world.drainers()).toHaveLength(1);
    // Of two that start in the same instant one may not see the other.
    expect(readFileSync(starts, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(3);
    expect(world.spooled()).toEqual([]);
  }, 180_000);

  it('stops at nothing that a text can hold (hostile input)', async () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '"type":"Scene.Update.Post","input":null}}}',
        '\\","hookContext":{',
        `END\n$(exit) \`id\` \${HOME} %s \\n \\`,
        '*?[a-z]',
        '\u2028<&>\u0000\u0007\ud83c\udfac',
      ),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 3_000 }),
    );
    let id = 0;
    await fc.assert(
      fc.asyncProperty(hostile, fc.boolean(), async (text, isLast) => {
        id += 1;
        const input = isLast ? { id: String(id), title: text } : { title: text, id: String(id) };
        const document = documentOf({ id, type: 'Scene.Update.Post', input });
        for (const shell of SHELLS) {
          rmSync(spoolFolder(), { recursive: true });
          mkdirSync(spoolFolder());
          expect(await hookUnder(shell, document)).toEqual({
            status: 0,
            stdout: '{"output":"ok"}',
            stderr: '',
          });
          const [name = ''] = world.spooled();
          expect(readFileSync(join(spoolFolder(), name), 'utf8')).toBe(`${document}\n`);
        }
      }),
      { numRuns: 25 },
    );
    expect(existsSync(database())).toBe(false);
  }, 60_000);
});

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))(
  'the launcher under %s',
  (_name, shell) => {
    it('records an event, forgets a scan, and leaves the rest to Node', async () => {
      const ok = { status: 0, stdout: '{"output":"ok"}', stderr: '' };
      expect(await hookUnder(shell, documentOf({ ...edited(1), type: 'Scene.Update.Post' }))).toEqual(ok);
      expect(await hookUnder(shell, documentOf({ id: 2, type: 'Scene.Update.Post', input: null }))).toEqual(
        ok,
      );
      expect(world.spooled()).toHaveLength(1);
      expect(existsSync(database())).toBe(false);
      const half = await hookUnder(
        shell,
        documentOf({ ...edited(3), type: 'Scene.Update.Post' }).slice(0, -30),
      );
      expect(JSON.parse(half.stdout)).toEqual({ error: expect.stringContaining('not valid JSON') });
      const cover = { ...edited(4), input: { id: '4', cover_image: 'A'.repeat(300_000) } };
      expect(await hookUnder(shell, documentOf({ ...cover, type: 'Scene.Update.Post' }))).toEqual(ok);
      expect(existsSync(database())).toBe(true);
      expect(world.waitingScenes()).toEqual([1, 4]);
    });

    it('starts a drainer that gets the whole document', async () => {
      const id = scanned('shell');
      world.stash.scenes.update(id, { title: 'Shell' });
      const long = {
        ...edited(id),
        input: { id: String(id), details: 'x'.repeat(30_000) },
        type: 'Scene.Update.Post',
      };
      await hookUnder(shell, documentOf(long), { STASH2PLEX_HOOK_AUTODRAIN: '1' });
      await world.until('the sync', () => title('shell') === 'Shell');
    });
  },
);

describe('what the launcher cannot record surely', () => {
  const run = (env: Record<string, string> = {}) =>
    world.hostWith({ ...OFF, ...env }).runHook('Scene.Update.Post', edited(1));
  const expectByNode = async (env: Record<string, string> = {}) => {
    expect((await run(env)).stdout).toBe('{"output":"ok"}');
    expect(world.query('SELECT scene_id FROM jobs')).toEqual([1]);
  };

  it('is recorded by Node at the first hook, which makes the spool for the next', async () => {
    rmSync(spoolFolder(), { recursive: true });
    await expectByNode();
    expect(statSync(spoolFolder()).mode & 0o777).toBe(0o700);
    await run();
    expect(world.spooled()).toHaveLength(1);
  });

  it('is recorded by Node when the spool is switched off', async () => {
    await run({ STASH2PLEX_HOOK_SPOOL: 'off' });
    expect(world.spooled()).toEqual([]);
    expect(existsSync(database())).toBe(true);
  });

  it('is recorded by Node when a file has the name of the spool', async () => {
    rmSync(spoolFolder(), { recursive: true });
    writeFileSync(spoolFolder(), '');
    await expectByNode();
  });

  it.each([
    ['there is no space', 'cat > /dev/null; exit 1', 'dd'],
    [
      'half of it was written',
      `for a do case $a in of=*) head -c 90 > "\${a#of=}" ;; esac; done; exit 1`,
      'dd',
    ],
    ['there is no such tool', 'exit 127', 'dd'],
    ['it cannot be renamed', 'exit 1', 'mv'],
  ])('is recorded by Node when %s', async (_name, script, tool) => {
    const tools = tempFolder();
    writeFileSync(join(tools, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await expectByNode({ PATH: `${tools}:${process.env['PATH']}` });
    expect(world.spooled()).toEqual([]);
  });

  it('takes another name where one is left over', async () => {
    const names = Array.from({ length: 3 }, () => run());
    await Promise.all(names);
    expect(world.spooled()).toHaveLength(3);
  });

  it(`is recorded by Node when ${MOST_SPOOLED} files wait already, and those with it`, async () => {
    for (let id = 2; id <= MOST_SPOOLED + 1; id += 1) {
      const document = documentOf({ ...edited(id), type: 'Scene.Update.Post' });
      writeFileSync(join(spoolFolder(), `${id}.json`), document);
    }
    expect((await run()).stdout).toBe('{"output":"ok"}');
    expect(world.spooled()).toEqual([]);
    expect(world.query('SELECT count(*) FROM jobs')).toEqual([MOST_SPOOLED + 1]);
  });

  it('is told to Stash when nobody could work it off: the drainer has closed the spool', async () => {
    writeFileSync(
      database(),
      'no database at all, but a text that is long enough to be read as one'.repeat(100),
    );
    expect((await world.host.runHook('Scene.Update.Post', edited(1))).stdout).toBe('{"output":"ok"}');
    await world.until('the drainer to fail', () => existsSync(join(world.dataFolder, 'spool.closed')));
    expect((await world.host.runHook('Scene.Update.Post', edited(2))).result.error).toContain(
      'It is damaged',
    );
    rmSync(database());
    expect((await world.host.runHook('Scene.Update.Post', edited(3))).stdout).toBe('{"output":"ok"}');
    expect(existsSync(join(world.dataFolder, 'spool.closed'))).toBe(false);
    // The first one is not lost.
    expect(world.waitingScenes()).toEqual([1, 3]);
  });

  it('says once at the next task what was found among the events', async () => {
    writeFileSync(join(spoolFolder(), 'x.json'), '{"half');
    const first = await world.hostWith(OFF).runTask('View Queue Status');
    expect(first.logs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ text: expect.stringContaining('x.json was found') }),
      ]),
    );
    const second = await world.hostWith(OFF).runTask('View Queue Status');
    expect(second.stderrRaw).not.toContain('x.json');
  });
});

describe('both ways of recording', () => {
  it('come to the same for every hook that a real Stash was seen to run', async () => {
    const lines = readFileSync(join(REPOSITORY, 'tests/fixtures/stash-0.30.1-hook-inputs.txt'), 'utf8').split(
      '\n',
    );
    const scenes = lines.filter((line) => line.includes('"type":"Scene.') && line.endsWith('}'));
    expect(scenes.length).toBeGreaterThan(40);
    const outcome = async (hooks: 'launcher' | 'node') => {
      const other = await startWorld({ hooks, env: OFF });
      try {
        for (const line of scenes) {
          const { type, ...context } = JSON.parse(line) as { type: string; id: number; input: unknown };
          if (other.host.manifest.hooks[0]?.triggeredBy.includes(type))
            await other.host.runHook(type, context);
        }
        return other.query("SELECT scene_id || ' ' || revision FROM jobs ORDER BY scene_id");
      } finally {
        await other.close();
      }
    };
    const byNode = await outcome('node');
    expect(byNode.length).toBeGreaterThan(5);
    expect(await outcome('launcher')).toEqual(byNode);
  }, 120_000);
});
