import { editChanges, type FieldChange } from '../edit/editChanges.ts';
import { fieldWord } from '../edit/fieldWords.ts';
import { type ItemField, itemFields } from '../edit/itemFields.ts';
import { SORT_TITLE } from '../edit/sortTitle.ts';
import { wantedItem } from '../edit/WantedItem.ts';
import { silentLogger } from '../log/silentLogger.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { Scene } from '../stash/Scene.ts';
import type { GateHold } from './gates/Gate.ts';
import { type NotedWrites, notingPlex } from './notingPlex.ts';
import type { ReadAhead } from './ReadAhead.ts';
import { NO_DOUBTS, type SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';
import { type SharedItem, sharedText } from './SharedItem.ts';
import { type SyncOutcome, syncScene } from './syncScene.ts';

/** What the next sync of a scene would do to one of its items; without changes it is right already. */
export interface ItemPreview {
  item: string;
  ratingKey: string;
  changes: FieldChange[];
  /** Every field that is synced, changed or not, and the pictures that change. */
  fields: ItemField[];
}

/** An item in which the scene has a file, and that another scene owns; nothing is written to it. */
export type SharedPreview = Pick<SharedItem, 'ratingKey' | 'ownerId'> & { item: string };

/** What the next sync of a scene would do. */
export type ScenePreview =
  /** The item found; `further`: the scene's other items, where it has several. */
  | ({
      sceneId: number;
      outcome: 'found';
      confidence: Extract<SyncOutcome, { outcome: 'synced' }>['confidence'];
      further?: ItemPreview[];
      shared?: SharedPreview[];
    } & ItemPreview)
  /** Its items are other scenes'. */
  | { sceneId: number; outcome: 'shared'; reason: string; shared: SharedPreview[] }
  /** A gate holds it back. */
  | ({ sceneId: number; outcome: 'held_back' } & GateHold)
  /** There is nothing to sync. */
  | { sceneId: number; outcome: 'skipped'; reason: string }
  /** Plex or Stash does not allow it as things are. */
  | { sceneId: number; outcome: 'failed'; reason: string };

/**
 * Runs a scene's sync, the worker's own, against a Plex that is only read: what it would write is noted instead, in Plex and in the
 * queue's memory.
 *
 * @throws PlexError, StashError, SyncError as `syncScene` does.
 */
export async function previewScene(
  input: Omit<SceneInput, 'book'>,
  context: SceneContext,
): Promise<ScenePreview> {
  const { sceneId } = input;
  const noted: NotedWrites = { edits: [], images: [], items: new Map() };
  const knownItem = async (ratingKey: string) => note(await input.knownItem(ratingKey), noted);
  const readAhead = input.readAhead && noting(input.readAhead, noted);
  const book = {
    pass: () => {},
    remember: () => {},
    decide: () => {},
    leave: () => {},
    dropChoice: () => {},
  };
  const watched = { ...input, knownItem, ...(readAhead ? { readAhead } : {}), book };
  const outcome = await syncScene(watched, readingOnly(context, noted));
  if (outcome.outcome === 'heldBack') return { sceneId, outcome: 'held_back', ...outcome.hold };
  if (outcome.outcome === 'skipped') return { sceneId, outcome: 'skipped', reason: outcome.reason };
  const shared = outcome.shared.map(({ ratingKey, ownerId, title }) => ({ ratingKey, ownerId, item: title }));
  if (outcome.outcome === 'shared')
    return { sceneId, outcome: 'shared', reason: outcome.shared.map(sharedText).join('; '), shared };
  const previews: ItemPreview[] = [];
  for (const { ratingKey } of outcome.items.syncs)
    previews.push(await previewItem(ratingKey, input.scene, noted, context));
  const [first, ...further] = previews as [ItemPreview, ...ItemPreview[]];
  return {
    sceneId,
    outcome: 'found',
    ...first,
    confidence: outcome.confidence,
    ...(further.length > 0 ? { further } : {}),
    ...(shared.length > 0 ? { shared } : {}),
  };
}

async function previewItem(
  ratingKey: string,
  scene: Scene | undefined,
  noted: NotedWrites,
  { plex, names, settings }: SceneContext,
): Promise<ItemPreview> {
  const item = noted.items.get(ratingKey) ?? (await plex.items([ratingKey]))[0];
  const title = names.name(item?.title ?? '');
  if (!item || !scene) return { item: title, ratingKey, changes: [], fields: [] };
  const changes = [...textChanges(item, noted), ...imageChanges(item, noted)];
  const fields = itemFields(item, wantedItem(scene, settings), changes);
  return {
    item: title,
    ratingKey,
    changes: changes.map((each) => hidingTitle(each, ['from', 'to'], names)),
    fields: fields.map((each) => hidingTitle(each, ['stash', 'now', 'next'], names)),
  };
}

/** A title often is a file's name, and a sort title is made of it. */
const TITLES = ['title', SORT_TITLE].map(fieldWord);

function hidingTitle<T extends { field: string }>(
  each: T,
  values: readonly (keyof T)[],
  names: SceneContext['names'],
): T {
  if (!TITLES.includes(each.field)) return each;
  const hidden = values.map((key) => [key, names.name(String(each[key]))]);
  return { ...each, ...Object.fromEntries(hidden) };
}

function textChanges(item: PlexItem, { edits }: NotedWrites): FieldChange[] {
  const own = edits.filter(({ ratingKey }) => ratingKey === item.ratingKey).map(({ fields }) => fields);
  return editChanges(item, own);
}

function note(item: PlexItem | undefined, { items }: NotedWrites): PlexItem | undefined {
  if (item) items.set(item.ratingKey, item);
  return item;
}

function noting(readAhead: ReadAhead, noted: NotedWrites): ReadAhead {
  return {
    ...readAhead,
    take(ratingKey) {
      const taken = readAhead.take(ratingKey);
      note(taken?.item, noted);
      return taken;
    },
  };
}

/** Nobody is asked to do anything, and warnings about what was done would not be true. */
function readingOnly(context: SceneContext, noted: NotedWrites): SceneContext {
  return {
    ...context,
    log: silentLogger,
    plex: notingPlex(context.plex, noted),
    settings: { ...context.settings, trigger_plex_scan: false },
    doubts: NO_DOUBTS,
  };
}

function imageChanges(
  { ratingKey: key, hasThumb, hasArt }: PlexItem,
  { images }: NotedWrites,
): FieldChange[] {
  // A picture that is new to Plex is uploaded and then selected.
  const own = new Set(images.filter(({ ratingKey }) => ratingKey === key).map(({ artwork }) => artwork));
  return [...own].map((artwork) => {
    const isThere = artwork === 'poster' ? hasThumb : hasArt;
    const field = artwork === 'poster' ? 'poster' : 'background';
    return { field, from: isThere ? 'another picture' : '', to: "the scene's cover" };
  });
}
