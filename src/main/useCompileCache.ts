import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { PLUGIN_VERSION } from '../config/plugin.ts';
import type { Launch } from './launch.ts';
import { pathsOf } from './pathsOf.ts';

/**
 * Has Node keep the compiled form of what is loaded from here on in the data folder, which saves a task a quarter of its start. Node checks
 * each entry against the code and replaces it whole; where it cannot read or write one it compiles as without. Another version of the
 * plugin or of Node begins a new folder and removes the former ones.
 */
export function useCompileCache(launch: Launch): void {
  const { compileCache } = pathsOf(launch);
  const own = `${PLUGIN_VERSION}-node-${process.versions.node}-${process.arch}`;
  try {
    if (mkdirSync(join(compileCache, own), { recursive: true }) !== undefined) {
      for (const name of readdirSync(compileCache)) {
        if (name !== own) rmSync(join(compileCache, name), { recursive: true, force: true });
      }
    }
    enableCompileCache(join(compileCache, own));
  } catch {
    // A data folder that cannot be written; whoever needs it for more than speed tells the user.
  }
}
