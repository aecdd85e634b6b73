import { PLUGIN_VERSION } from '../config/plugin.ts';
import type { SetupContext } from './SetupContext.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

/** What the plugin runs on. A Node that is too old never gets here: the launcher refuses it. */
export function checkMachine({ machine, env }: Pick<SetupContext, 'machine' | 'env'>): SetupLine[] {
  const lines = linesOf('Program');
  // Their names only: a value may be a folder.
  const variables = Object.keys(env).filter(
    (name) => name.startsWith('STASH2PLEX_') || name.startsWith('PLEX_'),
  );
  return [
    lines.ok('Stash2Plex', PLUGIN_VERSION),
    lines.ok('Node', machine.nodeVersion),
    lines.ok('System', `${machine.platform}, ${machine.arch}`),
    lines.ok('Variables', variables.length > 0 ? variables.sort().join(', ') : 'none is set'),
  ];
}
