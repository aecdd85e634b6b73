import { dirname } from 'node:path';
import { type Paths, resolvePaths } from '../config/paths.ts';
import type { Launch } from './launch.ts';

/** Where the plugin that `launch` belongs to keeps its files. */
export function pathsOf({ launcherPath }: Launch): Paths {
  return resolvePaths(process.env, dirname(dirname(launcherPath)));
}
