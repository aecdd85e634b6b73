import { dirname } from 'node:path';
import type { Paths } from '../config/paths.ts';
import type { Installation } from '../takeover/pythonFolders.ts';
import type { Launch } from './launch.ts';

/** Where the plugin that `launch` belongs to lies, and where its data. */
export function installationOf(
  { launcherPath }: Pick<Launch, 'launcherPath'>,
  { paths, env }: { paths: Pick<Paths, 'dataFolder'>; env: NodeJS.ProcessEnv },
): Installation {
  return {
    pluginFolder: dirname(dirname(launcherPath)),
    dataFolder: paths.dataFolder,
    isDataFolderGiven: (env['STASH_PLUGIN_DATA']?.trim() ?? '') !== '',
  };
}
