// Builds what Stash runs into dist/: the bundle every invocation starts with (small: hooks end there), the bundle for
// tasks and drainers, and SQLite's prebuilt binaries for every platform.
import { cp, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, root));

await rm(at('dist'), { recursive: true, force: true });
await mkdir(at('dist'), { recursive: true });
const { metafile } = await build({
  entryPoints: { main: at('src/main/main.ts'), task: at('src/main/taskMain.ts') },
  outdir: at('dist/lib'),
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const HEAVY =
  /node_modules\/(undici|graphql|graphql-request|zod|proper-lockfile|write-file-atomic|pickleparser)\/|^src\/takeover\//;
const main = Object.entries(metafile.outputs).find(([path]) => path.endsWith('/main.cjs'))?.[1];
const heavy = Object.keys(main?.inputs ?? {}).filter((input) => HEAVY.test(input));
// Every one of them costs a hook 10 to 60 ms.
if (heavy.length > 0) throw new Error(`The hook's bundle must not contain ${heavy.join(', ')}.`);

await cp(at('node_modules/better-sqlite3/prebuilds'), at('dist/prebuilds'), { recursive: true });
for (const [path, output] of Object.entries(metafile.outputs)) {
  console.log(`${path}  ${(output.bytes / 1024).toFixed(0)} kB`);
}
