import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PLUGIN_ID } from '../config/plugin.ts';
import { contentFiles, namesIn } from './pythonFiles.ts';

/** Where this plugin lies. */
export interface Installation {
  /** The folder that holds `Stash2Plex.yml`. */
  pluginFolder: string;
  dataFolder: string;
  /** Whether `STASH_PLUGIN_DATA` names the data folder: then the Python plugin had the same one. */
  isDataFolderGiven: boolean;
}

const MANIFEST = /\.ya?ml$/i;
const STARTS_PYTHON = /\.py\b|^\s*-\s*["']?python/im;

/**
 * The data folder with content of the Python plugin: our own, else the one last written of those in plugin folders beside ours. Looks at
 * names only, so that an ordinary start costs next to nothing.
 *
 * @param mayLookAround whether nothing was ever taken over: what lies elsewhere afterwards is somebody's copy.
 */
export function pythonDataFolder(installation: Installation, mayLookAround: boolean): string | undefined {
  const { dataFolder, isDataFolderGiven } = installation;
  if (contentFiles(dataFolder).length > 0) return dataFolder;
  if (isDataFolderGiven || !mayLookAround) return undefined;
  const others = pluginFoldersBeside(installation).map((folder) => join(folder, 'data'));
  return others
    .map((folder) => ({ folder, writtenAtMs: lastWrite(folder) }))
    .filter(({ writtenAtMs }) => writtenAtMs > 0)
    .sort((left, right) => right.writtenAtMs - left.writtenAtMs)[0]?.folder;
}

function lastWrite(folder: string): number {
  const times = contentFiles(folder).map((name) => statSync(join(folder, name)).mtimeMs);
  return Math.max(0, ...times);
}

/** A plugin folder beside ours from which Stash still starts the Python plugin. */
export function enabledPythonPlugin(installation: Installation): string | undefined {
  return pluginFoldersBeside(installation).find((folder) =>
    namesIn(folder)
      .filter((name) => MANIFEST.test(name))
      .some((name) => startsPython(join(folder, name))),
  );
}

/**
 * Folders that may be one of Stash2Plex: beside ours; beside the folder around ours, because Stash's package manager makes one per
 * source; and in such a folder beside ours.
 */
function pluginFoldersBeside({ pluginFolder }: Installation): string[] {
  const around = dirname(pluginFolder);
  const foldersIn = (folder: string) => namesIn(folder).map((name) => join(folder, name));
  const siblings = foldersIn(around);
  const packaged = siblings.map((folder) => join(folder, PLUGIN_ID));
  const candidates = [around, ...siblings, ...packaged, ...foldersIn(dirname(around))];
  return [...new Set(candidates)].filter((folder) => folder !== pluginFolder && isOfThisPlugin(folder));
}

function isOfThisPlugin(folder: string): boolean {
  if (basename(folder).toLowerCase().includes(PLUGIN_ID.toLowerCase())) return existsSync(folder);
  return [`${PLUGIN_ID}.yml`, `${PLUGIN_ID}.yaml`, `${PLUGIN_ID}.py`].some((name) =>
    existsSync(join(folder, name)),
  );
}

function startsPython(manifest: string): boolean {
  try {
    return STARTS_PYTHON.test(readFileSync(manifest, 'utf8'));
  } catch {
    return false;
  }
}
