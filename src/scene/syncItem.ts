import { buildEdit, type Edit } from '../edit/buildEdit.ts';
import { type EditMemory, intendedMemory, partialMemory } from '../edit/EditMemory.ts';
import { fieldWords } from '../edit/fieldWords.ts';
import { memberOf } from '../edit/listEdit.ts';
import type { Shortened } from '../edit/Shortened.ts';
import { type WantedItem, wantedItem } from '../edit/WantedItem.ts';
import { SyncError } from '../failures/SyncError.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { Scene } from '../stash/Scene.ts';
import type { SceneContext } from './SceneContext.ts';
import { syncImages } from './syncImages.ts';
import { LimitFound, type Refusal, writeEdit } from './writeEdit.ts';

/** A scene and the item that was found for it. */
export interface ItemInput {
  scene: Scene;
  /** In full, as just read. */
  item: PlexItem;
  /** What earlier syncs left of this very item; empty for one that is new to the plugin. */
  memory: EditMemory;
  /** Keeps what was written so far, in case a later step fails. */
  keep: (memory: EditMemory) => void;
}

/** What was written to an item, and what is to be remembered of it. */
export interface ItemResult {
  changed: string[];
  memory: EditMemory;
}

/**
 * Makes an item equal to its scene: one PUT, one upload per changed image, nothing where nothing differs. A rating that goes
 * costs one request more, a list that one request cannot carry several and a look afterwards.
 *
 * @throws SyncError `partial` when single fields or pictures were refused and everything else is written.
 * @throws PlexError, StashError
 */
export async function syncItem(input: ItemInput, context: SceneContext): Promise<ItemResult> {
  const { scene, item, memory, keep } = input;
  const { settings, plex, log } = context;
  const wanted = wantedItem(scene, settings);
  const { edit, refused } = await writeWhatFits(wanted, input, context);
  const lost = await lostNames(edit, wanted, item, refused, plex);
  const written = memoryAfter(memory, edit, refused, lost);
  if (refused.length > 0) keep({ ...picturesOf(memory), ...written });

  const images = await syncImages(
    { scene, item, memory, keep: (hashes) => keep({ ...written, ...hashes }) },
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
  const isNew = outstanding.some(({ field }) => !memory.outstanding?.includes(field));
  if (isNew) log.warn(message);
  throw new SyncError('partial', message);
}

/** Builds and writes the edit; anew when a request turns out to be too long for the way to Plex. */
async function writeWhatFits(
  wanted: WantedItem,
  input: ItemInput,
  { plex, settings }: SceneContext,
): Promise<{ edit: Edit; refused: Refusal[] }> {
  const { item, memory, keep } = input;
  for (let round = 1; ; round += 1) {
    const longestEdit = plex.longestEdit();
    const options = { preservesPlexEdits: settings.preserve_plex_edits, longestEdit };
    const edit = buildEdit(item, wanted, memory, options);
    // Before the PUT: whether one that fails took effect is not known.
    if (edit.changed.length > 0) keep(intendedMemory(memory, edit.memory));
    try {
      return { edit, refused: await writeOrSuspect(edit, input, plex, longestEdit) };
    } catch (error) {
      if (!(error instanceof LimitFound)) throw error;
      if (round === MAX_ROUNDS) throw error.cause;
    }
  }
}

/** The limit is exact at once, as a rule; one more for another one on the way. */
const MAX_ROUNDS = 3;

/** Writes an edit. One at which Plex failed is remembered as such: it may have been the data of a single field. */
async function writeOrSuspect(
  edit: Edit,
  { item, memory, keep }: ItemInput,
  plex: PlexClient,
  longestEdit: number | undefined,
): Promise<Refusal[]> {
  try {
    return await writeEdit(edit, item, memory.outstanding ?? [], plex, longestEdit);
  } catch (error) {
    if (error instanceof PlexError && error.kind === 'serverError') {
      keep({ ...intendedMemory(memory, edit.memory), outstanding: edit.changed });
    }
    // Nothing of it was accepted, that is certain: no name is the plugin's that was not before.
    if (error instanceof PlexError && error.kind === 'rejected') keep(memory);
    throw error;
  }
}

/**
 * Looks at the lists that went in pieces: a Plex that adds to its lists has all names, one that replaces them only the head.
 *
 * @returns the lists with names missing.
 */
async function lostNames(
  { inPieces }: Edit,
  { genres = [], actors = [] }: WantedItem,
  { ratingKey }: PlexItem,
  refused: readonly Refusal[],
  plex: PlexClient,
): Promise<Shortened[]> {
  const tags = inPieces.filter((tag) => !refused.some(({ field }) => field === tag));
  if (tags.length === 0) return [];
  const [now] = await plex.items([ratingKey]);
  if (!now) return [];
  return tags.flatMap((tag) => {
    const [names, there] =
      tag === 'genre' ? [genres, now.genres] : [actors, now.actors.map(({ name }) => name)];
    const kept = names.filter(memberOf(there)).length;
    return kept < names.length ? [{ field: tag, total: names.length, kept }] : [];
  });
}

/** What is known of the pictures, which an edit does not touch. */
function picturesOf({ posterHash, artHash }: EditMemory): EditMemory {
  return { ...(posterHash ? { posterHash } : {}), ...(artHash ? { artHash } : {}) };
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

const TEXTS: ReadonlySet<string> = new Set(['title', 'studio', 'summary']);

function shortenedText({ field, total, kept }: Shortened): string {
  return TEXTS.has(field)
    ? `Plex gets ${kept} of the ${total} characters of its ${field}`
    : `Plex gets ${kept} of ${total} ${field === 'collection' ? 'collections' : fieldWords([field])}`;
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
  return `Plex refuses ${words} of scene ${sceneId} (status ${statuses}) and has the rest: change them in Stash if this goes on.`;
}
