import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Compiled into SQLite's binaries, or part of them, so that no bundle names them. */
const IN_BINARIES = ['node_modules/better-sqlite3', 'node_modules/node-addon-api'];

const SQLITE = `SQLite, in the files of dist/prebuilds: in the public domain, see https://www.sqlite.org/copyright.html`;

/**
 * The licences of all that the release holds and that somebody else wrote: of every package that esbuild put into a bundle, and of what
 * SQLite's binaries are made from.
 *
 * @param root a built checkout.
 * @throws Error for a package without a licence text: it must not be distributed.
 */
export function thirdPartyLicenses(root: string): string {
  const bundles = JSON.parse(readFileSync(join(root, 'dist/bundles.json'), 'utf8')) as Bundles;
  const folders = new Set(IN_BINARIES);
  for (const { inputs } of Object.values(bundles)) {
    for (const source of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0];
      if (folder) folders.add(folder);
    }
  }
  const sections = [...folders].sort().map((folder) => section(join(root, folder)));
  // The same package may lie at two places.
  return `${[SQLITE, ...new Set(sections)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The part of esbuild's metafile that counts here: the sources of each bundle. */
type Bundles = Record<string, { inputs: Record<string, unknown> }>;

function section(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (file === undefined) throw new Error(`The package ${name} has no licence text; it cannot be released.`);
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  return `${name} ${version} (${license})\n\n${text}`;
}
