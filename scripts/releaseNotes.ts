// Prints the changelog's section of this version, for the page of the release.
import { readFileSync } from 'node:fs';
import { PLUGIN_VERSION } from '../src/config/plugin.ts';

const changelog = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8');
const section = changelog.split(/^## /m).find((part) => part.startsWith(`[${PLUGIN_VERSION}] - `));
if (section === undefined) {
  throw new Error(`CHANGELOG.md has no section "## [${PLUGIN_VERSION}] - <date>": date what is unreleased.`);
}
console.log(section.slice(section.indexOf('\n')).trim());
