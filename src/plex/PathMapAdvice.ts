import { commonEnd, folderPairs } from './folderPairs.ts';

/** Watches how paths agree and works out an entry of `path_map` that would make them equal. */
export interface PathMapAdvice {
  /**
   * Takes note of a scene's file that was found under another path in Plex.
   *
   * @returns the entry as it is to be entered, once: when {@link AGREEING_SCENES} scenes call for the same one.
   */
  observe(sceneId: number, stashPath: string, plexPath: string): string | undefined;
}

/** One scene may lie in a folder of the same name by chance, three hardly do. */
export const AGREEING_SCENES = 3;
/** Folders without any system: nothing more is learned from them. */
const MAX_ENTRIES = 100;

/** Advice of one process; nothing is stored. */
export function createPathMapAdvice(): PathMapAdvice {
  const scenes = new Map<string, Set<number>>();
  return {
    observe(sceneId, stashPath, plexPath) {
      const entry = entryFor(stashPath, plexPath);
      if (entry === undefined) return undefined;
      const agreeing = scenes.get(entry) ?? new Set();
      if (agreeing.size >= AGREEING_SCENES || agreeing.has(sceneId)) return undefined;
      if (agreeing.size === 0 && scenes.size >= MAX_ENTRIES) return undefined;
      scenes.set(entry, agreeing.add(sceneId));
      return agreeing.size === AGREEING_SCENES ? entry : undefined;
    },
  };
}

/** The folders before the common end of two paths; undefined when no entry could say so. */
function entryFor(stashPath: string, plexPath: string): string | undefined {
  // With the name alone in common the folders say nothing about each other.
  if (commonEnd(stashPath, plexPath) < 2) return undefined;
  const [pair] = folderPairs(stashPath, plexPath);
  return pair && `${pair.plex}=>${pair.stash}`;
}
