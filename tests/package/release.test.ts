import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { PLUGIN_VERSION } from '../../src/config/plugin.ts';
import { commitSecs, makeRelease, makeReleaseElsewhere, type Release } from '../support/makeRelease.ts';
import { loadPlugin } from '../support/pluginHost/createPluginHost.ts';
import { readPackageIndex } from '../support/pluginHost/readPackageIndex.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { unpackZip, zipEntries } from '../support/unpackZip.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const MAX_BYTES = 10_000_000;

let release: Release;
beforeAll(() => {
  release = makeRelease();
});

/** What the yml names as its program, for each system. */
const launchers =
  loadPlugin(join(REPOSITORY, 'Stash2Plex.yml')).exec[0] === 'stash2plex'
    ? ['stash2plex', 'stash2plex.cmd', 'src/runtime.sh']
    : [];
const text = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const unpacked = () => {
  const folder = tempFolder();
  unpackZip(release.zip, folder);
  return folder;
};

describe('the zip', () => {
  it('holds what Stash starts, its bundles, SQLite for every platform and the licences, and nothing else (W-71)', () => {
    expect(zipEntries(release.zip).map(({ name }) => name)).toEqual([
      'Stash2Plex.yml',
      ...launchers,
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
      'dist/prebuilds/darwin-arm64.node',
      'dist/prebuilds/darwin-x64.node',
      'dist/prebuilds/linux-arm64.node',
      'dist/prebuilds/linux-x64.node',
      'dist/prebuilds/linuxmusl-arm64.node',
      'dist/prebuilds/linuxmusl-x64.node',
      'dist/prebuilds/win32-arm64.node',
      'dist/prebuilds/win32-x64.node',
      'README.md',
      'docs/configuration.md',
      'docs/install.md',
      'docs/migrating.md',
      'docs/page.md',
      'docs/recovery.md',
      'docs/troubleshooting.md',
      'docs/undo.md',
      'docs/demo.png',
      'docs/page-state.png',
      'docs/page-failures.png',
      'docs/page-setup.png',
      'docs/page-scene.png',
      'LICENSE',
      'THIRD-PARTY-LICENSES.txt',
    ]);
  });

  it('is small enough for the ten seconds that Stash gives a download', () => {
    expect(release.zip.length).toBeLessThan(MAX_BYTES);
  });

  it('can be started as it is unpacked: the program with a run bit, everything readable', () => {
    for (const { name, mode } of zipEntries(release.zip)) {
      expect(mode, name).toBe(name === 'stash2plex' ? 0o755 : 0o644);
    }
  });

  it('has every time from the commit', () => {
    const dates = new Set(zipEntries(release.zip).map(({ date }) => date));
    // A zip counts in steps of two seconds.
    const secs = Math.floor(commitSecs() / 2) * 2;
    expect([...dates]).toEqual([new Date(secs * 1000).toISOString().slice(0, 19)]);
  });

  it('is the same, byte by byte, from another folder, time zone and file modes', { timeout: 120_000 }, () => {
    const again = makeReleaseElsewhere({
      SOURCE_DATE_EPOCH: String(commitSecs()),
      TZ: 'Asia/Kathmandu',
      LC_ALL: 'C',
    });
    expect(createHash('sha256').update(again.zip).digest('hex')).toBe(
      createHash('sha256').update(release.zip).digest('hex'),
    );
    expect(again.index).toBe(release.index);
  });

  it('names no folder of the machine that built it', () => {
    for (const [name, content] of Object.entries(unzipSync(release.zip))) {
      if (name.endsWith('.node')) continue;
      expect(Buffer.from(content).toString('utf8').includes(REPOSITORY.slice(0, -1)), name).toBe(false);
    }
  });

  it('has the licence of every package that is in a bundle', () => {
    const licences = readFileSync(join(unpacked(), 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const named = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+ \((.+)\)$/gm)].map(([, name]) => name);
    expect(named).toEqual([
      'better-sqlite3',
      'graceful-fs',
      'graphql',
      'graphql-request',
      'node-addon-api',
      'pickleparser',
      'proper-lockfile',
      'retry',
      'signal-exit',
      'undici',
      'write-file-atomic',
      'signal-exit',
      'zod',
    ]);
    expect(licences).toContain('SQLite, in the files of dist/prebuilds: in the public domain');
  });
});

describe('what Stash reads', () => {
  it('is accepted by a reader as strict as its own: one plugin, with the id of its settings', () => {
    const folder = unpacked();
    const { id, version, exec, interface: kind } = loadPlugin(join(folder, 'Stash2Plex.yml'));
    expect({ id, version, kind }).toEqual({ id: 'Stash2Plex', version: PLUGIN_VERSION, kind: 'raw' });
    // What is not in the zip has to be on PATH.
    expect(['node', ...launchers]).toContain(exec[0]);
    expect(zipEntries(release.zip).filter(({ name }) => name.endsWith('.yml'))).toHaveLength(1);
  });

  it("holds every file that Stash's web UI is to load, below the folder of the yml", () => {
    const names = new Set(zipEntries(release.zip).map(({ name }) => name));
    const { ui } = loadPlugin(join(unpacked(), 'Stash2Plex.yml'));
    expect(ui.javascript.filter((path) => !names.has(path))).toEqual([]);
    const [loader = ''] = ui.javascript.map((path) => readFileSync(join(unpacked(), path), 'utf8'));
    const [, page] = /([\w-]+\.js)\?v=/.exec(loader) ?? [];
    expect(names.has(`${ui.assets['/']}/${page}`)).toBe(true);
  });

  it('is an index of one package, with the sum of the zip and the time of the commit', () => {
    expect(readPackageIndex(release.index)).toEqual([
      {
        id: 'Stash2Plex',
        name: 'Stash2Plex',
        version: PLUGIN_VERSION,
        date: new Date(commitSecs() * 1000),
        path: 'Stash2Plex.zip',
        sha256: createHash('sha256').update(release.zip).digest('hex'),
        requires: [],
        metadata: { description: loadPlugin(join(REPOSITORY, 'Stash2Plex.yml')).description },
      },
    ]);
  });

  it.each([
    ['an unknown key', '- id: a\n  size: 1\n'],
    ['a key twice', '- id: a\n  id: b\n'],
    ['a map for a text', '- id: {a: 1}\n'],
    ['a text for a list', '- id: a\n  date: 2026-01-11 07:07:53\n  requires: b\n'],
    ["ISO's form of a date", '- id: a\n  date: 2026-01-11T07:07:53Z\n'],
    ['a date without a time', '- id: a\n  date: 2026-01-11\n'],
  ])('would be refused with %s', (_what, index) => {
    expect(() => readPackageIndex(index)).toThrow();
  });
});

describe('the version', () => {
  it('is that of package.json everywhere', () => {
    const { version } = JSON.parse(text('package.json')) as { version: string };
    const lock = JSON.parse(text('package-lock.json')) as {
      version: string;
      packages: Record<string, { version: string }>;
    };
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(PLUGIN_VERSION).toBe(version);
    expect(loadPlugin(join(REPOSITORY, 'Stash2Plex.yml')).version).toBe(version);
    expect([lock.version, lock.packages['']?.version]).toEqual([version, version]);
  });

  it('has its section in the changelog, which keeps the form of keepachangelog.com', () => {
    const headings = text('CHANGELOG.md').match(/^##+ .*$/gm) ?? [];
    for (const heading of headings) {
      expect(heading).toMatch(
        /^(## \[Unreleased\]|## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}|### (Added|Changed|Deprecated|Removed|Fixed|Security))$/,
      );
    }
    const sections = headings.filter((heading) => heading.startsWith('## '));
    expect(
      sections.some((heading) => heading === '## [Unreleased]' || heading.includes(`[${PLUGIN_VERSION}]`)),
    ).toBe(true);
  });
});
