import { askFileFilter } from '../plex/askFileFilter.ts';
import { nameKey } from '../plex/filePath.ts';
import type { FileHolder, PathIndex } from '../plex/PathIndex.ts';
import { MAX_IDS, type PlexClient } from '../plex/PlexClient.ts';
import type { PlexSection } from '../plex/PlexSection.ts';
import type { PathMap } from '../plex/pathMap.ts';
import { rankByFile } from '../plex/rankByFile.ts';
import { createIndexRefresher } from '../plex/refreshIndex.ts';
import type { SceneFiles } from '../stash/scenesByFileName.ts';
import type { Clock } from '../time/clock.ts';

/** What Plex has under the names of a scene's files. */
export interface LookedUpScene {
  scene: SceneFiles;
  /** In the libraries that are synced. */
  items: FileHolder[];
  /** In the others, asked only where the former have nothing. */
  elsewhere: { section: PlexSection; item: FileHolder }[];
  /** Whether everything that Plex has of the files is among the items. */
  isCertain: boolean;
}

/** What a look-up works with. */
export interface LookUpContext {
  plex: Pick<PlexClient, 'items' | 'rowsByFile' | 'pages' | 'sections'>;
  index: PathIndex;
  map: PathMap;
  clock: Clock;
  serverId: string;
  synced: readonly PlexSection[];
  others: readonly PlexSection[];
}

/** Most questions by Plex's file filter in one look-up; scenes for which none is left are left out. */
export const MOST_QUESTIONS = 250;
/** A scene with more files than that is found by one of the first. */
const MOST_FILES = 2;

/**
 * Finds what Plex has of some scenes, in as few requests as it can be had: what the path index surely knows is read in one request, and
 * the filter is asked for the rest, one request for a file and library, as a sync does. Where Plex takes no notice of the filter the index
 * is brought up to date in its place, once.
 *
 * @param onScene called with the share done, 0 to 1.
 * @returns the scenes that were looked up.
 * @throws PlexError
 */
export async function lookUpScenes(
  scenes: readonly SceneFiles[],
  context: LookUpContext,
  onScene: (share: number) => void,
): Promise<LookedUpScene[]> {
  const known = await knownScenes(scenes, context);
  const asker = createAsker(context);
  const found: LookedUpScene[] = [];
  for (const [index, scene] of scenes.entries()) {
    const own = known.get(scene.id) ?? (await asker.lookUp(scene));
    if (own) found.push(own);
    onScene((index + 1) / scenes.length);
  }
  return found;
}

/** Scenes whose item the index names beyond doubt, and which really is there: one request for all of them. */
async function knownScenes(
  scenes: readonly SceneFiles[],
  { plex, index, map, serverId, synced }: LookUpContext,
): Promise<Map<number, LookedUpScene>> {
  const sectionKeys = synced.map(({ key }) => key);
  const hints = scenes.flatMap((scene) => {
    const paths = scene.files.map(({ path }) => path);
    const match = rankByFile(scene.files, index.find(serverId, sectionKeys, paths), map);
    const isSure =
      match.outcome === 'match' && (match.agreement !== 'tail' || (match.isSameSize && match.tail > 1));
    return isSure ? [{ scene, path: match.path, ratingKey: match.item.ratingKey }] : [];
  });
  const keys = [...new Set(hints.map(({ ratingKey }) => ratingKey))].slice(0, MAX_IDS);
  const items = keys.length > 0 ? await plex.items(keys) : [];
  return new Map(
    hints.flatMap(({ scene, path, ratingKey }): [number, LookedUpScene][] => {
      const item = items.find((each) => each.ratingKey === ratingKey);
      if (!item?.files.some((file) => file.path === path)) return [];
      return [[scene.id, { scene, items: [item], elsewhere: [], isCertain: true }]];
    }),
  );
}

/** What one section has under the names of a scene's files. */
interface SectionAnswer {
  items: FileHolder[];
  isCertain: boolean;
}

/** Asks for one scene after another, as long as questions are left. */
function createAsker(context: LookUpContext) {
  const { synced, others, map } = context;
  const ask = createSectionAsker(context);
  return {
    async lookUp(scene: SceneFiles): Promise<LookedUpScene | undefined> {
      const found: LookedUpScene = { scene, items: [], elsewhere: [], isCertain: true };
      for (const section of synced) {
        const here = await ask(section, scene, { mayList: true });
        if (!here) return undefined;
        found.items.push(...here.items);
        found.isCertain &&= here.isCertain;
        // One of a further library would be the scene's as well, and change nothing.
        const match = rankByFile(scene.files, found.items, map);
        if (match.outcome === 'match' && match.confidence === 'high') return found;
      }
      if (found.items.length > 0) return found;
      for (const section of others) {
        const here = await ask(section, scene, { mayList: false });
        if (!here) break;
        found.elsewhere.push(...here.items.map((item) => ({ section, item })));
      }
      return found;
    },
  };
}

/** Asks one section at a time. @returns a function that answers undefined when no question is left. */
function createSectionAsker({ plex, index, map, clock, serverId }: LookUpContext) {
  const refresher = createIndexRefresher({ plex, index, clock });
  /** Sections of which the index knows all, because the filter is of no use there. */
  const listed = new Set<string>();
  let left = MOST_QUESTIONS;
  const named = (rows: readonly FileHolder[], scene: SceneFiles) =>
    rows.filter((item) => hasName(item, scene));
  const indexed = ({ key }: PlexSection, scene: SceneFiles) => {
    const paths = scene.files.map(({ path }) => path);
    return named(index.find(serverId, [key], paths), scene);
  };
  return async (
    section: PlexSection,
    scene: SceneFiles,
    { mayList }: { mayList: boolean },
  ): Promise<SectionAnswer | undefined> => {
    if (listed.has(section.key)) return { items: indexed(section, scene), isCertain: true };
    const items: FileHolder[] = [];
    let isCertain = true;
    for (const file of scene.files.slice(0, MOST_FILES)) {
      if (left === 0) return undefined;
      left -= 1;
      const answer = await askFileFilter(plex, section, file, map);
      if (answer.isIgnored && mayList) {
        await refresher.refresh(serverId, section);
        listed.add(section.key);
        return { items: indexed(section, scene), isCertain: true };
      }
      items.push(...named(answer.rows, scene));
      isCertain &&= answer.isComplete;
    }
    // Where the filter may have hidden something, the index perhaps knows it.
    if (!isCertain) items.push(...indexed(section, scene));
    return { items: eachOnce(items), isCertain };
  };
}

function eachOnce(items: readonly FileHolder[]): FileHolder[] {
  const byKey = new Map<string, FileHolder>();
  // What was asked just now stands above what the index says.
  for (const item of items) if (!byKey.has(item.ratingKey)) byKey.set(item.ratingKey, item);
  return [...byKey.values()];
}

function hasName({ files }: FileHolder, scene: SceneFiles): boolean {
  const names = scene.files.map(({ path }) => nameKey(path));
  return files.some(({ path }) => names.includes(nameKey(path)));
}
