import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';

/** What every page of Stash loads of this plugin, before it shows anything. */
export const LOADER_LIMIT_BYTES = 4_096;
/** What the plugin's own page loads. */
export const PAGE_LIMIT_BYTES = 80_000;
const PAGE_FILE = 'stash2plex-page.js';

/** Style sheets as minified texts: the page puts them in itself, so that other pages load none of them. */
const styleTexts: Plugin = {
  name: 'style-texts',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code, loader: 'text' };
    });
  },
};

const options = {
  bundle: true,
  minify: true,
  // What the browsers can do for which Stash's own UI is built.
  target: 'es2020',
  charset: 'utf8',
  legalComments: 'none',
  // That of the types has another form of JSX, for checking alone.
  tsconfigRaw: {},
  preserveSymlinks: true,
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Builds the page inside Stash: a classic script that Stash loads with every page, and the page itself, a module that the script loads on
 * demand.
 *
 * @param root the checkout, with a slash at its end.
 * @returns the bytes of each file.
 * @throws Error when one of them has grown beyond its limit, or holds somebody's package.
 */
export async function buildUi(root: string): Promise<Record<string, { bytes: number }>> {
  const page = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: ['src/ui/page.tsx'],
    outfile: `dist/ui/assets/${PAGE_FILE}`,
    format: 'esm',
    // Stash's React makes the elements; whoever writes some needs no import for it.
    inject: ['src/ui/api/react.ts'],
    jsxFactory: 'React.createElement',
    jsxFragment: 'React.Fragment',
    plugins: [styleTexts],
  });
  // A browser may keep a file of a former version: its content is part of its address.
  const content = await readFile(`${root}dist/ui/assets/${PAGE_FILE}`);
  const version = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const loader = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: ['src/ui/loader.ts'],
    outfile: 'dist/ui/stash2plex-loader.js',
    format: 'iife',
    define: { PAGE_FILE: JSON.stringify(`${PAGE_FILE}?v=${version}`) },
  });
  const outputs = { ...loader.metafile.outputs, ...page.metafile.outputs };
  for (const [path, { bytes, inputs }] of Object.entries(outputs)) {
    const limit = path.includes('loader') ? LOADER_LIMIT_BYTES : PAGE_LIMIT_BYTES;
    if (bytes > limit) throw new Error(`${path} has ${bytes} bytes; at most ${limit} are allowed.`);
    const foreign = Object.keys(inputs).filter((input) => !input.startsWith('src/ui/'));
    if (foreign.length > 0) throw new Error(`${path} must not contain ${foreign.join(', ')}.`);
  }
  return outputs;
}
