import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/** What a release is made from. */
const SOURCES = [
  'src',
  'scripts',
  'package.json',
  'tsconfig.json',
  'Stash2Plex.yml',
  'LICENSE',
  'README.md',
  'docs',
  'stash2plex',
  'stash2plex.cmd',
];

/** A release, as it is published. */
export interface Release {
  zip: Uint8Array;
  index: string;
}

/** Makes the release from the built repository. */
export function makeRelease(env: NodeJS.ProcessEnv = {}): Release {
  return packaged(REPOSITORY, env);
}

/** Builds and makes it from a copy of the repository in another folder, which is gone after the test. */
export function makeReleaseElsewhere(env: NodeJS.ProcessEnv): Release {
  const copy = mkdtempSync(join(tmpdir(), 'stash2plex-copy-'));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const name of SOURCES.filter((source) => existsSync(join(REPOSITORY, source)))) {
    cpSync(join(REPOSITORY, name), join(copy, name), { recursive: true });
    // The modes in the zip are the release's own, whatever those of a checkout are.
    chmodSync(join(copy, name), statSync(join(copy, name)).isDirectory() ? 0o700 : 0o600);
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'release'));
  run('scripts/build.ts', copy, env);
  return packaged(copy, env);
}

/** Seconds since the epoch of the repository's commit. */
export function commitSecs(): number {
  return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: REPOSITORY, encoding: 'utf8' }));
}

function packaged(root: string, env: NodeJS.ProcessEnv): Release {
  run('scripts/package.ts', root, env);
  return {
    zip: readFileSync(join(root, 'release', 'Stash2Plex.zip')),
    index: readFileSync(join(root, 'release', 'index.yml'), 'utf8'),
  };
}

function run(script: string, cwd: string, env: NodeJS.ProcessEnv): void {
  execFileSync(process.execPath, [script], { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
}
