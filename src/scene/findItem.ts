import { SyncError } from '../failures/SyncError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import { type FoundByFile, type MatchConfidence, rankByFile } from '../plex/rankByFile.ts';
import type { Scene } from '../stash/Scene.ts';
import { requestScan } from './requestScan.ts';
import type { SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';

/** An item in full, and its file that is the scene's. */
export interface FoundItem {
  item: PlexItem;
  /** As Plex sees it. */
  file: string;
  confidence: MatchConfidence;
}

/**
 * The item that holds one of the scene's files: the one of the last sync if it still does, else by look-up.
 *
 * @throws SyncError `notInPlex` or `ambiguous`; the latter as well when strict matching is on and nothing but a file's name speaks
 *   for the item (W-01).
 * @throws PlexError when a look-up fails, which says nothing about the scene (W-10).
 */
export async function findItem(input: SceneInput, scene: Scene, context: SceneContext): Promise<FoundItem> {
  const known = await itemOfLastSync(input, scene, context);
  if (known) return known;
  const { finder } = context.matching;
  const { readAhead } = input;
  const match = await finder.find(await context.library(), {
    files: scene.files,
    since: readAhead?.since ?? finder.moment(),
    isOneOfMany: readAhead?.areManyNew ?? false,
    read: (ratingKeys) => readItems(ratingKeys, input, context),
  });
  switch (match.outcome) {
    case 'match':
      advise(match, scene, context);
      return match.confidence === 'high' ? foundItem(match) : byNameAlone(match, scene, context);
    case 'ambiguous':
      return oneOfSeveral(match, scene, context);
    case 'none':
    case 'otherFile':
      await requestScan(scene, context);
      throw new SyncError('notInPlex', missingText(match.outcome, scene, context));
  }
}

/** Only while it still has the very file by which it was found, and that is still one of the scene's (W-05). */
async function itemOfLastSync(
  { previous, knownItem }: SceneInput,
  scene: Scene,
  { matching }: SceneContext,
): Promise<FoundItem | undefined> {
  const file = previous?.written.file;
  const item = file === undefined ? undefined : await knownItem();
  if (!item) return undefined;
  const holder = { ...item, files: item.files.filter(({ path }) => path === file) };
  const match = rankByFile(scene.files, [holder], matching.map);
  const isSure = match.outcome === 'match' && match.confidence === 'high';
  return isSure ? { item, file: match.path, confidence: 'high' } : undefined;
}

async function readItems(
  ratingKeys: readonly string[],
  { readAhead }: SceneInput,
  { plex }: SceneContext,
): Promise<ReadonlyMap<string, PlexItem | undefined>> {
  const items = new Map<string, PlexItem | undefined>();
  for (const key of ratingKeys) {
    const taken = readAhead?.take(key);
    if (taken) items.set(key, taken.item);
  }
  const unread = ratingKeys.filter((key) => !items.has(key));
  for (const item of await plex.items(unread)) items.set(item.ratingKey, item);
  return items;
}

function foundItem({ item, path, confidence }: FoundByFile): FoundItem {
  return { item, file: path, confidence };
}

function byNameAlone(match: FoundByFile, { id }: Scene, { settings, log, names }: SceneContext): FoundItem {
  const [wanted, path] = [names.path(match.wanted.path), names.path(match.path)];
  const message = `Nothing but its name says that "${path}" in Plex is "${wanted}" of scene ${id}.`;
  if (settings.strict_matching) {
    throw new SyncError('ambiguous', `${message} Enter path_map, or switch strict_matching off.`);
  }
  log.warn(`${message} It is used because strict_matching is off.`);
  return foundItem(match);
}

function oneOfSeveral(
  { items, found }: { items: readonly PlexItem[]; found: FoundByFile },
  { id }: Scene,
  { settings, log, names }: SceneContext,
): FoundItem {
  const list = items.map(({ title, ratingKey }) => `"${names.name(title)}" (${ratingKey})`).join(', ');
  const message = `The file "${names.path(found.wanted.path)}" of scene ${id} may belong to several Plex items: ${list}.`;
  if (settings.strict_matching) {
    throw new SyncError('ambiguous', `${message} Remove the double, or switch strict_matching off.`);
  }
  log.warn(`${message} The first one is used because strict_matching is off.`);
  return foundItem(found);
}

function missingText(outcome: 'none' | 'otherFile', { id, files }: Scene, { names }: SceneContext): string {
  const paths = files.map(({ path }) => `"${names.path(path)}"`).join(', ');
  return outcome === 'none'
    ? `Plex has no item for ${paths} of scene ${id} (yet).`
    : `Plex has a file of the same name as ${paths} of scene ${id}, but of another size or elsewhere: another file, or one to be scanned again.`;
}

/** Tells once which `path_map` would let whole paths be compared. */
function advise(match: FoundByFile, { id }: Scene, { matching, settings, log }: SceneContext): void {
  if (match.agreement !== 'tail' || matching.map.plexToStash(match.path) !== undefined) return;
  const entry = matching.advice.observe(id, match.wanted.path, match.path);
  if (entry === undefined) return;
  const what = 'Plex and Stash see the same files in different folders';
  const how = settings.obfuscate_paths
    ? 'switch obfuscate_paths off for a while to be told the path_map that says so'
    : `enter "${entry}" in path_map (add it after a semicolon if there is an entry already)`;
  log.info(`${what}. To have whole paths compared, ${how}.`);
}
