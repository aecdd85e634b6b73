import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sessionCookie } from '../support/pluginHost/createPluginHost.ts';
import { tempFolder } from '../support/tempFolder.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const HOOK = JSON.stringify({
  server_connection: { Scheme: 'http', Host: '0.0.0.0', Port: 9, SessionCookie: sessionCookie('x') },
  args: { hookContext: { id: 1, type: 'Scene.Update.Post', input: {}, inputFields: ['title'] } },
});

/** The plugin's folder as a user has it after an installation, somewhere else. */
function installation(): string {
  const folder = join(tempFolder(), 'plugins', 'Stash2Plex');
  mkdirSync(folder, { recursive: true });
  for (const part of ['Stash2Plex.yml', 'src/launcher.cjs', 'dist']) {
    cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true });
  }
  return folder;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [...args],
      { env: { ...process.env, STASH2PLEX_HOOK_AUTODRAIN: '0', STASH_PLUGIN_DATA: '', ...env } },
      (error, stdout, stderr) => resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end(HOOK);
  });
}

const errorOf = (stdout: string) => (JSON.parse(stdout) as { error: string }).error;

describe('the launcher', () => {
  it('runs from the released files alone, without node_modules, and keeps its data beside them', async () => {
    const folder = installation();
    expect(await run([join(folder, 'src/launcher.cjs')])).toMatchObject({
      status: 0,
      stdout: '{"output":"ok"}',
    });
    cpSync(join(folder, 'data', 'stash2plex.db'), join(folder, 'copy'));
  });

  it('says in one sentence that the plugin is not built', async () => {
    const folder = installation();
    rmSync(join(folder, 'dist'), { recursive: true });
    const { status, stdout, stderr } = await run([join(folder, 'src/launcher.cjs')]);
    expect(errorOf(stdout)).toContain('npm ci && npm run build');
    expect(status).toBe(1);
    expect(stderr).toBe(`\u0001e\u0002[Stash2Plex] ${errorOf(stdout)}\n`);
  });

  it('says in one sentence that SQLite is missing for this platform', async () => {
    const folder = installation();
    rmSync(join(folder, 'dist/prebuilds'), { recursive: true });
    const { status, stdout } = await run([join(folder, 'src/launcher.cjs')]);
    expect(errorOf(stdout)).toContain(`SQLite could not be loaded for ${process.platform}-${process.arch}`);
    expect(errorOf(stdout)).not.toContain('\n');
    expect(status).toBe(1);
  });

  it.each(['20.20.2', '22.18.0', '8.0.0'])(
    'refuses Node %s with the version found and the one needed',
    async (version) => {
      const launcher = JSON.stringify(join(REPOSITORY, 'src/launcher.cjs'));
      const code = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } }); require(${launcher});`;
      const { status, stdout } = await run(['-e', code]);
      expect(errorOf(stdout)).toMatch(
        new RegExp(`needs Node 22\\.19 or newer.*Node ${version}.*docs/install\\.md`),
      );
      expect(status).toBe(1);
    },
  );

  it('says what is wrong with a data folder that cannot be used (W24)', async () => {
    const folder = installation();
    const { status, stdout } = await run([join(folder, 'src/launcher.cjs')], {
      STASH_PLUGIN_DATA: join(folder, 'Stash2Plex.yml'),
    });
    expect(errorOf(stdout)).toContain('cannot be used');
    expect(status).toBe(1);
  });
});
