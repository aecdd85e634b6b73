import { enabledPythonPlugin } from '../takeover/pythonFolders.ts';
import { takeoverNotice } from '../takeover/takeoverNotice.ts';
import type { SetupContext } from './SetupContext.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

const lines = linesOf('Python plugin');

/** Whether the earlier version is still there, and whether anything of it could not be taken over. */
export function checkPython({ installation, db }: Pick<SetupContext, 'installation' | 'db'>): SetupLine[] {
  const folder = enabledPythonPlugin(installation);
  const notice = takeoverNotice(db);
  const found = [
    ...(folder === undefined
      ? []
      : [lines.problem('Installed', `Stash still starts the one in ${folder}.`, 'python')]),
    ...(notice === undefined ? [] : [lines.warning('Taking over', notice, 'takeover')]),
  ];
  return found.length > 0 ? found : [lines.ok('Installed', 'not there, or taken over')];
}
