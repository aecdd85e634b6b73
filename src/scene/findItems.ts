import { SyncError } from '../failures/SyncError.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { Doubt, FileMatch, FoundByFile } from '../plex/rankByFile.ts';
import type { Scene } from '../stash/Scene.ts';
import { chooseItems } from './chooseItems.ts';
import { type ChosenForScene, itemsChosen } from './itemsChosen.ts';
import { itemsOfLastSync } from './itemsOfLastSync.ts';
import type { PlexLibrary } from './PlexLibrary.ts';
import { requestScan } from './requestScan.ts';
import type { SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';

/** The items of a scene. */
export interface SceneFind {
  /** In full, each with its file that is the scene's; at least one. */
  found: FoundByFile[];
  /** Another file of the scene is in Plex as well, but not certainly in which item. */
  doubt?: SyncError;
}

/** A scene has an item other than those that it may write to at present ({@link SceneInput.onlyItems}): nothing was done. */
export class UnforeseenItem extends Error {
  override readonly name = 'UnforeseenItem';
}

/**
 * Every item that holds one of the scene's files (A3): those of the last sync that still do, and by look-up the others. Where the path
 * index knows of none beside the former, nothing is looked up.
 *
 * @throws SyncError `notInPlex` or `ambiguous`; the latter as well when strict matching is on and nothing but a file's name speaks
 *   for the item (W-01).
 * @throws PlexError when a look-up fails, which says nothing about the scene (W-10), or the libraries hold nothing at all.
 * @throws UnforeseenItem
 */
export async function findItems(input: SceneInput, scene: Scene, context: SceneContext): Promise<SceneFind> {
  const { settings, matching, log } = context;
  const { finder } = matching;
  const { readAhead } = input;
  const reader = readingOnce(input);
  const { items: chosen, lost } = await itemsChosen(reader, scene, context);
  const chosenKeys = chosen.map(({ choice: { ratingKey } }) => ratingKey);
  const known = await itemsOfLastSync(reader, scene, chosenKeys, context);
  const places = await context.library();
  const isKnown = (key: string) => known.some(({ item }) => item.ratingKey === key);
  // One that is gone may have come back under another key.
  if (known.length > 0 && known.length === input.previous.length && chosenKeys.every(isKnown)) {
    const isHinted = () => finder.hint(places, scene.files, chosenKeys).every(isKnown);
    if (isSimple(scene, places.sections) || isHinted()) {
      forgetChoices(lost, scene, input, context);
      return { found: known };
    }
  }
  const match = await finder.find(places, {
    files: scene.files,
    chosen: chosen.map(({ item }) => item),
    since: readAhead?.since ?? finder.moment(),
    isOneOfMany: readAhead?.areManyNew ?? false,
    read: (ratingKeys) => readItems(ratingKeys, known, input, context),
  });
  const { found, doubts } = chooseItems(match, known, { isStrict: settings.strict_matching });
  const { onlyItems } = input;
  if (onlyItems && !found.every(({ item }) => onlyItems.includes(item.ratingKey))) throw new UnforeseenItem();
  forgetChoices(lost, scene, input, context);
  for (const { choice } of chosen) {
    // A later one was for the same file.
    if (!found.some(({ item }) => item.ratingKey === choice.ratingKey)) input.book.dropChoice(choice);
  }
  if (match.outcome === 'match') advise(match, scene, context);
  const [first] = doubts;
  const doubt =
    first && new SyncError('ambiguous', `${doubtText(first, scene, context)} ${remedyFor(first)}`);
  if (found.length > 0) {
    for (const each of found.filter(({ confidence }) => confidence === 'low'))
      log.warn(guessText(each, match, scene, context));
    return { found, ...(doubt ? { doubt } : {}) };
  }
  if (doubt) throw doubt;
  await requestScan(scene, context);
  if (input.previous.length > 0) await refuseEmptied(places, context);
  throw new SyncError('notInPlex', missingText(match.outcome, scene, context));
}

function forgetChoices(
  lost: ChosenForScene['lost'],
  { id }: Scene,
  { book }: SceneInput,
  { log }: SceneContext,
): void {
  for (const { choice, reason } of lost) {
    book.dropChoice(choice);
    log.warn(
      `Scene ${id}: Plex item ${choice.ratingKey}, which was chosen for it, ${reason}. The choice is forgotten.`,
    );
  }
}

/**
 * A scene had an item, and none of the libraries holds anything now: they were emptied, as when a disk was away at a scan. That says nothing
 * about the scene, and nobody pays for it (A7).
 */
async function refuseEmptied(places: PlexLibrary, { plex }: SceneContext): Promise<void> {
  for (const { key } of places.sections) if (!(await plex.isEmpty(key))) return;
  const titles = places.sections.map(({ title }) => `"${title}"`).join(', ');
  throw new PlexError(
    'misconfigured',
    `Plex has nothing at all in ${titles}: see whether Plex reaches the folders of its libraries, and have it scan them.`,
  );
}

/** One file in one library has one item. */
function isSimple({ files }: Scene, sections: readonly unknown[]): boolean {
  return files.length === 1 && sections.length === 1;
}

/** An item of the last sync may be one that was chosen as well. */
function readingOnce(input: SceneInput): SceneInput {
  const read = new Map<string, Promise<PlexItem | undefined>>();
  return {
    ...input,
    knownItem(ratingKey) {
      const item = read.get(ratingKey) ?? input.knownItem(ratingKey);
      read.set(ratingKey, item);
      return item;
    },
  };
}

async function readItems(
  ratingKeys: readonly string[],
  known: readonly FoundByFile[],
  { readAhead }: SceneInput,
  { plex }: SceneContext,
): Promise<ReadonlyMap<string, PlexItem | undefined>> {
  const items = new Map<string, PlexItem | undefined>();
  for (const key of ratingKeys) {
    const own = known.find(({ item }) => item.ratingKey === key);
    const taken = own ?? readAhead?.take(key);
    if (taken) items.set(key, taken.item);
  }
  const unread = ratingKeys.filter((key) => !items.has(key));
  for (const item of await plex.items(unread)) items.set(item.ratingKey, item);
  return items;
}

function doubtText({ items, found }: Doubt, { id }: Scene, { names }: SceneContext): string {
  if (items.length === 1) {
    const [wanted, path] = [names.path(found.wanted.path), names.path(found.path)];
    return `Nothing but its name says that "${path}" in Plex is "${wanted}" of scene ${id}.`;
  }
  const list = items.map(({ title, ratingKey }) => `"${names.name(title)}" (${ratingKey})`).join(', ');
  return `The file "${names.path(found.wanted.path)}" of scene ${id} may belong to several Plex items: ${list}.`;
}

function remedyFor({ items }: Doubt): string {
  return items.length === 1
    ? 'Enter path_map, or switch strict_matching off.'
    : 'Choose one (task "Explain Scene"), remove the double, or switch strict_matching off.';
}

function guessText(found: FoundByFile, match: FileMatch, scene: Scene, context: SceneContext): string {
  const doubts = match.outcome === 'match' ? match.doubts : match.outcome === 'ambiguous' ? [match] : [];
  const doubt = doubts.find((each) => each.found.item === found.item) ?? { items: [found.item], found };
  const which = doubt.items.length === 1 ? 'It' : 'The first one';
  return `${doubtText(doubt, scene, context)} ${which} is used because strict_matching is off.`;
}

function missingText(outcome: FileMatch['outcome'], { id, files }: Scene, { names }: SceneContext): string {
  const paths = files.map(({ path }) => `"${names.path(path)}"`).join(', ');
  return outcome !== 'otherFile'
    ? `Plex has no item for ${paths} of scene ${id} (yet).`
    : `Plex has a file of the same name as ${paths} of scene ${id}, but of another size or elsewhere: another file, or one to be scanned again.`;
}

/** Tells once which `path_map` would let whole paths be compared. */
function advise(match: FoundByFile, { id }: Scene, { matching, settings, log }: SceneContext): void {
  if (
    match.confidence === 'chosen' ||
    match.agreement !== 'tail' ||
    matching.map.plexToStash(match.path) !== undefined
  )
    return;
  const entry = matching.advice.observe(id, match.wanted.path, match.path);
  if (entry === undefined) return;
  const what = 'Plex and Stash see the same files in different folders';
  const how = settings.obfuscate_paths
    ? 'switch obfuscate_paths off for a while to be told the path_map that says so'
    : `enter "${entry}" in path_map (add it after a semicolon if there is an entry already)`;
  log.info(`${what}. To have whole paths compared, ${how}.`);
}
