// Builds what Stash runs into dist/: the bundle every invocation starts with (small: hooks that do not matter end there), the one for
// recording an event, the one for tasks and drainers, the one for what the page inside Stash asks for, the large libraries that they load
// only when they need them, and SQLite's prebuilt binaries for every platform.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { buildUi } from './build/buildUi.ts';
import { SETTING_TEXTS, settingTexts } from './settingTexts.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const at = (path: string) => `${root}${path}`;

/** Packages with a file of their own: each costs 2 to 50 ms. They are imported by `await import()` where they are used. */
const LAZY = ['undici', 'graphql-request', 'proper-lockfile', 'write-file-atomic'] as const;

const lazyPackages: Plugin = {
  name: 'lazy-packages',
  setup({ onResolve }) {
    for (const name of LAZY) {
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.cjs`, external: true } : undefined,
      );
    }
  },
};

/** The bundle that holds SQLite is read when an event has to be recorded, after Node's compile cache is in place. */
const hookBundle: Plugin = {
  name: 'hook-bundle',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/hookMain\.ts$/ }, () => ({ path: './hook.cjs', external: true }));
  },
};

const options = {
  absWorkingDir: root,
  outdir: 'dist/lib',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  // Whoever links his packages gets the same names of modules, hence the same bytes.
  preserveSymlinks: true,
  target: 'node22.19',
  format: 'cjs',
  // `import()` would start the loader of ES modules, for nothing.
  supported: { 'dynamic-import': false },
  minifySyntax: true,
  minifyWhitespace: true,
  // The package brings the licences as whole texts.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

await rm(at('dist'), { recursive: true, force: true });
await mkdir(at('dist'), { recursive: true });
const own = await build({
  ...options,
  entryPoints: {
    main: 'src/main/main.ts',
    hook: 'src/main/hookMain.ts',
    task: 'src/main/taskMain.ts',
    view: 'src/main/viewMain.ts',
  },
  plugins: [lazyPackages, hookBundle],
  define: { [SETTING_TEXTS]: JSON.stringify(settingTexts()) },
});
const libraries = await build({
  ...options,
  entryPoints: Object.fromEntries(LAZY.map((name) => [name, name])),
});
const outputs = { ...own.metafile.outputs, ...libraries.metafile.outputs };

/** @throws when a bundle holds one of `packages` or `rooms`, which every start would then pay for. */
function refuse(bundle: string, packages: readonly string[], rooms: readonly string[]): void {
  const inputs = Object.keys(outputs[bundle]?.inputs ?? {});
  const places = [...packages.map((name) => `node_modules/${name}/`), ...rooms];
  const heavy = inputs.filter((input) => places.some((place) => input.startsWith(place)));
  if (heavy.length > 0) throw new Error(`The bundle ${bundle} must not contain ${heavy.join(', ')}.`);
}
refuse('dist/lib/main.cjs', [...LAZY, 'graphql', 'zod', 'pickleparser', 'better-sqlite3'], ['src/queue/']);
refuse('dist/lib/hook.cjs', [...LAZY, 'graphql', 'zod', 'pickleparser'], ['src/takeover/', 'src/notify/']);
refuse('dist/lib/task.cjs', [...LAZY, 'graphql'], []);
refuse(
  'dist/lib/view.cjs',
  [...LAZY, 'graphql', 'pickleparser'],
  ['drain', 'scene', 'plex', 'stash', 'takeover'].map((room) => `src/${room}/`),
);

await cp(at('node_modules/better-sqlite3/prebuilds'), at('dist/prebuilds'), { recursive: true });
// The page inside Stash.
const uiFiles = await buildUi(root);
// For the package: whose licences belong to it.
await writeFile(at('dist/bundles.json'), JSON.stringify(outputs));
for (const [path, output] of Object.entries({ ...outputs, ...uiFiles })) {
  console.log(`${path}  ${(output.bytes / 1024).toFixed(0)} kB`);
}
