// Runs the packaged plugin on another Node: a hook records an event, a task finds it. For systems that the tests do not run on, such as
// musl: `npm run try:node -- node` inside Alpine, or elsewhere with the loader of musl (1.2.4 or newer) in front:
// `npm run try:node -- /lib/ld-musl-x86_64.so.1 --library-path <libs> <node>`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackZip } from '../tests/support/unpackZip.ts';

const [program, ...before] = process.argv.slice(2);
if (program === undefined) throw new Error('Name the Node to try: npm run try:node -- <program> [arguments]');

const folder = mkdtempSync(join(tmpdir(), 'stash2plex-try-'));
const launcher = JSON.stringify(join(folder, 'src', 'launcher.cjs'));
// Says on stderr, at its end, which of SQLite's binaries it has loaded.
const CODE = `process.on('exit', () => {
  const maps = process.platform === 'linux' ? require('fs').readFileSync('/proc/self/maps', 'latin1') : '';
  console.error('Node ' + process.versions.node + ', ' + (/[^/]+[.]node$/m.exec(maps) || ['?'])[0]);
});
require(${launcher});`;

function run(args: object): string {
  const { stdout, stderr, error, status, signal } = spawnSync(program ?? '', [...before, '-e', CODE], {
    input: JSON.stringify({ server_connection: { Scheme: 'http', Host: '127.0.0.1', Port: 9 }, args }),
    env: { ...process.env, STASH_PLUGIN_DATA: join(folder, 'data'), STASH2PLEX_HOOK_AUTODRAIN: '0' },
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`It ended with ${signal ?? status}: ${stdout}${stderr}`);
  console.log(stdout, stderr.trim().split('\n').at(-1));
  return stdout;
}

try {
  unpackZip(readFileSync(fileURLToPath(new URL('../release/Stash2Plex.zip', import.meta.url))), folder);
  const input = { id: '1', title: 'T' };
  run({ hookContext: { id: 1, type: 'Scene.Update.Post', input, inputFields: ['title'] } });
  const { output } = JSON.parse(run({ mode: 'queue_status' })) as { output: { due: number } };
  if (output.due !== 1) throw new Error(`The event did not arrive: ${JSON.stringify(output)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
