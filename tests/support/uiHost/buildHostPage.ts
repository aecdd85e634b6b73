import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = `${ROOT}tests/support/uiHost/page`;

let built: Promise<Readonly<Record<string, string>>> | undefined;

/** The host page's own files by their path; built once in a process. */
export function buildHostPage(): Promise<Readonly<Record<string, string>>> {
  built ??= bundle();
  return built;
}

async function bundle(): Promise<Readonly<Record<string, string>>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`${FOLDER}/hostPage.tsx`],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const bootstrap = readFileSync(`${ROOT}node_modules/bootstrap/dist/css/bootstrap.min.css`, 'utf8');
  return {
    '/assets/host.js': outputFiles[0]?.text ?? '',
    '/assets/host.css': `${bootstrap}\n${readFileSync(`${FOLDER}/theme.css`, 'utf8')}`,
  };
}

/** The page as Stash's server keeps it. */
export const INDEX_HTML = `<!DOCTYPE html>
<html lang="en">
  <head>
    <base href="/" />
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="assets/host.css" />
    <title>Stash</title>
  </head>
  <body>
    <div id="root"></div>
    <script src="assets/host.js"></script>
  </body>
</html>
`;
