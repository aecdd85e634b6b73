import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { thirdPartyLicenses } from './thirdPartyLicenses.ts';

/** A file of the release. */
export interface PackageFile {
  /** In the plugin's folder, with `/`. */
  path: string;
  bytes: Uint8Array;
  /** May be started as a program. */
  isProgram: boolean;
}

/** What Stash starts when it has no program of that name on PATH (POSIX, Windows), and a part of the first one. */
const LAUNCHERS = ['stash2plex', 'stash2plex.cmd', 'src/runtime.sh'];
const PROGRAMS = new Set(['stash2plex']);

/** SQLite for the platforms that better-sqlite3 is built for; Windows and macOS have no second C library. */
const PLATFORMS = ['darwin', 'linux', 'linuxmusl', 'win32'].flatMap((system) => [
  `${system}-arm64`,
  `${system}-x64`,
]);

const COPIED = [
  // Exactly one .yml: Stash takes every one below its plugins folder for a plugin.
  'Stash2Plex.yml',
  ...LAUNCHERS,
  'src/launcher.cjs',
  'dist/lib/main.cjs',
  'dist/lib/hook.cjs',
  'dist/lib/task.cjs',
  'dist/lib/view.cjs',
  'dist/lib/undici.cjs',
  'dist/lib/graphql-request.cjs',
  'dist/lib/proper-lockfile.cjs',
  'dist/lib/write-file-atomic.cjs',
  'dist/ui/stash2plex-loader.js',
  'dist/ui/assets/stash2plex-page.js',
  ...PLATFORMS.map((platform) => `dist/prebuilds/${platform}.node`),
  'README.md',
  ...['configuration', 'install', 'migrating', 'page', 'recovery', 'troubleshooting', 'undo'].map(
    (guide) => `docs/${guide}.md`,
  ),
  'docs/demo.png',
  ...['state', 'failures', 'setup', 'scene'].map((view) => `docs/page-${view}.png`),
  'LICENSE',
];

/**
 * Everything that a release holds, in its order, from a built checkout. A clean list: nothing comes along by lying around (W-71).
 *
 * @param root the checkout's folder.
 * @throws Error naming a file that is missing.
 */
export function packageFiles(root: string): PackageFile[] {
  const copied = COPIED.map((path): PackageFile => {
    const source = join(root, path);
    if (!existsSync(source)) throw new Error(`${path} is missing: run "npm run build" in a whole checkout.`);
    return { path, bytes: readFileSync(source), isProgram: PROGRAMS.has(path) };
  });
  const licenses = new TextEncoder().encode(thirdPartyLicenses(root));
  return [...copied, { path: 'THIRD-PARTY-LICENSES.txt', bytes: licenses, isProgram: false }];
}
