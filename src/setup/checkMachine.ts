import { PLUGIN_VERSION } from '../config/plugin.ts';
import type { SetupContext } from './SetupContext.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

/** What the plugin runs on. A Node that is too old never gets here: the launcher refuses it. */
export function checkMachine({ machine }: Pick<SetupContext, 'machine'>): SetupLine[] {
  const lines = linesOf('Program');
  return [
    lines.ok('Stash2Plex', PLUGIN_VERSION),
    lines.ok('Node', machine.nodeVersion),
    lines.ok('System', `${machine.platform}, ${machine.arch}`),
  ];
}
