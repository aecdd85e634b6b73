import { createHash } from 'node:crypto';
import { buildEdit, type Edit } from '../edit/buildEdit.ts';
import { type EditMemory, intendedMemory, partialMemory } from '../edit/EditMemory.ts';
import { pairsOf } from '../edit/EditRequest.ts';
import { fieldWords } from '../edit/fieldWords.ts';
import { memberOf } from '../edit/listEdit.ts';
import { currentNames } from '../edit/listNames.ts';
import type { ListTag } from '../edit/listPuts.ts';
import type { Shortened } from '../edit/Shortened.ts';
import { shortenedText } from '../edit/shortenedText.ts';
import type { SyncExtent } from '../edit/syncExtent.ts';
import { type WantedItem, wantedItem } from '../edit/WantedItem.ts';
import { SyncError } from '../failures/SyncError.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import type { ItemChange, ItemSnapshot } from '../queue/ItemSnapshot.ts';
import { megabytes } from '../stash/readImage.ts';
import type { Scene } from '../stash/Scene.ts';
import { type ItemUndo, openItemUndo } from './itemUndo.ts';
import { planImages } from './planImages.ts';
import type { SceneContext } from './SceneContext.ts';
import { rememberedImages, syncImages } from './syncImages.ts';
import { LimitFound, type Refusal, writeEdit } from './writeEdit.ts';

/** A scene and the item that was found for it. */
export interface ItemInput {
  scene: Scene;
  /** In full, as just read. */
  item: PlexItem;
  /** How much of the scene the item gets; left out: everything. */
  extent?: SyncExtent;
  /** What earlier syncs left of this very item; empty for one that is new to the plugin. */
  memory: EditMemory;
  /** Keeps what was written so far, in case a later step fails, and before a change, which waits for it, what the item holds. */
  keep: (memory: EditMemory, change?: ItemChange) => Promise<void> | void;
  /** What is kept of the item of before the plugin changed it; left out: nothing is to be. */
  kept?: () => ItemSnapshot | undefined;
}

/** What was written to an item, and what is to be remembered of it. */
export interface ItemResult {
  changed: string[];
  memory: EditMemory;
}

/**
 * Makes an item equal to its scene: one PUT, one upload and one selection per changed image, nothing where nothing differs. A rating that
 * goes costs one request more, a list that one request cannot carry several and a look afterwards.
 *
 * @throws SyncError `partial` when single fields or pictures were refused and everything else is written.
 * @throws PlexError, StashError
 */
export async function syncItem(input: ItemInput, context: SceneContext): Promise<ItemResult> {
  const { scene, item, memory, keep } = input;
  const { settings, plex, log } = context;
  const wanted = wantedItem(scene, settings, input.extent);
  const plan = await planImages({ scene, item, wanted, memory }, context);
  const locks: QueryPairs = plan.locks.map((lock) => [`${lock}.locked`, '1']);
  const undo = await openItemUndo(input, plan, plex);
  const { edit, refused, apart } = await writeWhatFits(wanted, locks, { ...input, undo }, context);
  const lost = await lostNames(edit, wanted, item, refused, plex);
  const written = {
    ...memoryAfter(memory, edit, refused, lost),
    ...(apart && refused.length > 0 ? { apart } : {}),
  };
  if (refused.length > 0) keep({ ...rememberedImages(memory, settings), ...written });

  // With an edit it was kept before that one.
  const change = edit.changed.length === 0 && undo?.hasPictures ? undo.changeBy(edit) : undefined;
  if (change) await keep({ ...written, ...rememberedImages(memory, settings) }, change);
  const images = await syncImages(
    {
      scene,
      item,
      memory,
      plan,
      hasSentLocks: edit.requests.length > 0,
      listed: undo?.listed,
      keep: (pictures) => keep({ ...written, ...pictures }),
    },
    context,
  );
  const isWritten = (field: string) => !refused.some((refusal) => refusal.field === field);
  const changed = [...edit.changed.filter(isWritten), ...images.changed];
  const shortened = [...edit.shortened.filter(({ field }) => isWritten(field)), ...lost];
  for (const each of shortened) log.warn(`Scene ${scene.id}: ${shortenedText(each)}.`);
  log.debug(`Scene ${scene.id}: ${changedText(changed, edit.cleared, wanted)}.`);

  const outstanding = [...refused, ...images.refused];
  if (outstanding.length === 0) return { changed, memory: { ...written, ...images.memory } };
  keep({ ...written, ...images.memory, outstanding: outstanding.map(({ field }) => field) });
  const message = refusedText(scene.id, outstanding);
  // Once: the attempts that follow say nothing new.
  const isNew =
    outstanding.some(({ field }) => !memory.outstanding?.includes(field)) ||
    (images.refused.length > 0 && images.isNews);
  if (isNew) log.warn(message);
  throw new SyncError(
    'partial',
    message,
    outstanding.map(({ field }) => field),
  );
}

/** What was sent, and what was not accepted of it. */
interface WrittenEdit {
  edit: Edit;
  refused: Refusal[];
  /** What to remember of taking it apart. */
  apart?: EditMemory['apart'];
}

/** Builds and writes the edit; anew when a request turns out to be too long for the way to Plex. */
async function writeWhatFits(
  wanted: WantedItem,
  riders: QueryPairs,
  input: ItemInput & { undo: ItemUndo | undefined },
  context: SceneContext,
): Promise<WrittenEdit> {
  const { item, memory, keep, undo } = input;
  const { plex, settings } = context;
  for (let round = 1; ; round += 1) {
    const longestEdit = plex.longestEdit();
    const options = { preservesPlexEdits: settings.preserve_plex_edits, longestEdit };
    const edit = buildEdit(item, wanted, memory, options);
    // Before the PUT: whether one that fails took effect is not known.
    if (edit.changed.length > 0) await keep(intendedMemory(memory, edit.memory), undo?.changeBy(edit));
    try {
      return await writeOnce(edit, riders, longestEdit, input, context);
    } catch (error) {
      if (!(error instanceof LimitFound)) throw error;
      if (round === MAX_ROUNDS) throw error.cause;
    }
  }
}

/** The limit is exact at once, as a rule; one more for another one on the way. */
const MAX_ROUNDS = 3;
/** So long the same edit is not taken apart again: it would be refused in the same way. */
const APART_INTERVAL_MS = 24 * 3_600_000;

/** Writes an edit and takes it apart only where edits work for other scenes: then it is about this one's data. */
async function writeOnce(
  edit: Edit,
  riders: QueryPairs,
  longestEdit: number | undefined,
  { scene, item, memory, keep }: ItemInput,
  { plex, doubts, clock }: SceneContext,
): Promise<WrittenEdit> {
  let { apart } = memory;
  const wasApart =
    apart !== undefined && clock.now() - apart.atMs < APART_INTERVAL_MS && apart.key === editKey(edit);
  try {
    const refused = await writeEdit(edit, item, {
      plex,
      suspects: memory.outstanding ?? [],
      takesApart: doubts.isEditProven(scene.id) && !wasApart,
      onApart: () => {
        apart = { key: editKey(edit), atMs: clock.now() };
      },
      longestEdit,
      riders,
    });
    return { edit, refused, apart };
  } catch (error) {
    const mark = apart ? { apart } : {};
    if (error instanceof PlexError && error.kind === 'serverError') {
      keep({ ...intendedMemory(memory, edit.memory), ...mark });
    }
    // Nothing of it was accepted, that is certain: no name is the plugin's that was not before.
    if (error instanceof PlexError && error.kind === 'rejected') keep({ ...memory, ...mark });
    throw error;
  }
}

function editKey({ requests, clearsRating }: Edit): string {
  const text = JSON.stringify([requests.map(pairsOf), clearsRating]);
  return createHash('sha1').update(text).digest('hex');
}

/**
 * Looks at the lists that went in pieces: a Plex that adds to its lists has all names, one that replaces them only the head.
 *
 * @returns the lists with names missing.
 */
async function lostNames(
  { inPieces }: Edit,
  { genres, actors, directors }: WantedItem,
  { ratingKey }: PlexItem,
  refused: readonly Refusal[],
  plex: PlexClient,
): Promise<Shortened[]> {
  const tags = inPieces.filter((tag) => !refused.some(({ field }) => field === tag));
  if (tags.length === 0) return [];
  const [now] = await plex.items([ratingKey]);
  if (!now) return [];
  // Of collections and labels others stay, so they never go in pieces.
  const wanted: Partial<Record<ListTag, string[] | undefined>> = {
    genre: genres,
    actor: actors,
    director: directors,
  };
  return tags.flatMap((tag) => {
    const names = wanted[tag] ?? [];
    const kept = names.filter(memberOf(currentNames(now, tag))).length;
    return kept < names.length ? [{ field: tag, total: names.length, kept }] : [];
  });
}

function memoryAfter(
  before: EditMemory,
  edit: Edit,
  refused: readonly Refusal[],
  lost: readonly Shortened[],
): EditMemory {
  const fields = refused.map(({ field }) => field);
  const after: EditMemory = fields.length > 0 ? partialMemory(before, edit.memory, fields) : edit.memory;
  const cut = edit.inPieces.filter((tag) => lost.some(({ field }) => field === tag));
  return cut.length > 0 ? { ...after, cutLists: [...(after.cutLists ?? []), ...cut] } : after;
}

function changedText(changed: readonly string[], cleared: readonly string[], wanted: WantedItem): string {
  const filled = changed.filter((field) => !cleared.includes(field));
  const emptied = changed.filter((field) => cleared.includes(field));
  const parts = [
    ...(filled.length > 0 ? [`wrote ${fieldWords(filled)}`] : []),
    ...(emptied.length > 0 ? [`cleared ${fieldWords(emptied)}`] : []),
    ...(changed.length === 0 ? ['was up to date'] : []),
    // Plex needs one.
    ...(wanted.title === undefined ? ['has no title, the item keeps its own'] : []),
  ];
  return parts.join('; ');
}

function refusedText(sceneId: number, refused: readonly Refusal[]): string {
  const words = fieldWords(refused.map(({ field }) => field));
  const statuses = [...new Set(refused.map(({ status }) => status ?? 'unknown'))].join(', ');
  const tooLarge = refused.find(({ status, sizeBytes }) => status === 413 && sizeBytes !== undefined);
  return [
    `Plex refuses ${words} of scene ${sceneId} (status ${statuses}) and has the rest: change them in Stash if this goes on.`,
    ...(tooLarge?.sizeBytes === undefined
      ? []
      : [
          `Its cover has ${megabytes(tooLarge.sizeBytes)}, more than Plex or a proxy before it takes: set a smaller one in Stash, or raise the proxy's limit.`,
        ]),
  ].join(' ');
}
