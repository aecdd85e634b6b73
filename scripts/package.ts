// Makes release/Stash2Plex.zip and release/index.yml, which Stash installs the plugin from, out of a built checkout. The same commit gives
// the same bytes: every time in them is the commit's (or SOURCE_DATE_EPOCH).
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { PLUGIN_ID, PLUGIN_VERSION } from '../src/config/plugin.ts';
import { indexYml } from './package/indexYml.ts';
import { packageFiles } from './package/packageFiles.ts';
import { zipOf } from './package/zipOf.ts';

const ZIP_NAME = `${PLUGIN_ID}.zip`;
/** Stash gives a download 10 s in all. */
const MAX_ZIP_BYTES = 10_000_000;

process.env['TZ'] = 'UTC';
const root = fileURLToPath(new URL('../', import.meta.url));
const release = join(root, 'release');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const manifest = parse(readFileSync(join(root, `${PLUGIN_ID}.yml`), 'utf8')) as {
  name: string;
  description: string;
  version: string;
};
for (const [place, found] of [
  [`${PLUGIN_ID}.yml`, manifest.version],
  ['src/config/plugin.ts', PLUGIN_VERSION],
] as const) {
  if (found !== version) throw new Error(`${place} says version ${found}, package.json ${version}.`);
}
const tag = process.argv[2];
if (tag !== undefined && tag !== `v${version}`) {
  throw new Error(`The tag ${tag} is not "v${version}", the version in package.json.`);
}

const date = new Date(dateSecs() * 1000);
const zip = zipOf(packageFiles(root), date);
if (zip.length > MAX_ZIP_BYTES)
  throw new Error(`${ZIP_NAME} has ${zip.length} bytes, over ${MAX_ZIP_BYTES}.`);

rmSync(release, { recursive: true, force: true });
mkdirSync(release);
writeFileSync(join(release, ZIP_NAME), zip);
const { name, description } = manifest;
const index = indexYml({ id: PLUGIN_ID, name, description, version, date, path: ZIP_NAME, zip });
writeFileSync(join(release, 'index.yml'), index);
console.log(`release/${ZIP_NAME}  ${(zip.length / 1e6).toFixed(2)} MB\n\n${index}`);

/** Seconds since the epoch: a variable that builders agree on, else when the commit was made. */
function dateSecs(): number {
  const text =
    process.env['SOURCE_DATE_EPOCH'] ??
    execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  const secs = Number(text);
  if (!Number.isSafeInteger(secs) || secs <= 0) throw new Error(`${text} is no time: set SOURCE_DATE_EPOCH.`);
  return secs;
}
