import { readdirSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadPlugin } from '../support/pluginHost/loadPlugin.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Nothing of the repository, and nothing that it ships; a release is made where it is published from. */
const FOREIGN = new Set(['node_modules', '.git', 'data', 'release']);

/** Stash takes every file that ends in exactly `.yml`, at any depth, hidden folders included (protocol section 1). */
function filesThatStashLoads(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return FOREIGN.has(entry.name) ? [] : filesThatStashLoads(path);
    return extname(entry.name) === '.yml' ? [relative(ROOT, path)] : [];
  });
}

it('Stash loads one plugin from a checkout in its plugins folder, and logs no error about any other file', () => {
  expect(filesThatStashLoads(ROOT)).toEqual(['Stash2Plex.yml']);
  expect(loadPlugin(join(ROOT, 'Stash2Plex.yml')).id).toBe('Stash2Plex');
});
