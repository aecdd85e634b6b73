import { editChanges, type FieldChange } from '../edit/editChanges.ts';
import { silentLogger } from '../log/silentLogger.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import { type NotedWrites, notingPlex } from './notingPlex.ts';
import type { ReadAhead } from './ReadAhead.ts';
import { NO_DOUBTS, type SceneContext } from './SceneContext.ts';
import type { SceneInput } from './SceneInput.ts';
import { type SyncOutcome, syncScene } from './syncScene.ts';

/** What the next sync of a scene would do. */
export type ScenePreview =
  /** The item found; without changes it is right already. */
  | {
      sceneId: number;
      outcome: 'found';
      item: string;
      ratingKey: string;
      confidence: Extract<SyncOutcome, { outcome: 'synced' }>['confidence'];
      changes: FieldChange[];
    }
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
  input: Omit<SceneInput, 'remember'>,
  context: SceneContext,
): Promise<ScenePreview> {
  const { sceneId } = input;
  const noted: NotedWrites = { edits: [], images: new Set(), items: new Map() };
  const knownItem = async () => note(await input.knownItem(), noted);
  const readAhead = input.readAhead && noting(input.readAhead, noted);
  const watched = { ...input, knownItem, ...(readAhead ? { readAhead } : {}), remember: () => {} };
  const outcome = await syncScene(watched, readingOnly(context, noted));
  if (outcome.outcome === 'skipped') return { sceneId, outcome: 'skipped', reason: outcome.reason };
  const { ratingKey } = outcome.sync;
  const item = noted.items.get(ratingKey) ?? (await context.plex.items([ratingKey]))[0];
  return {
    sceneId,
    outcome: 'found',
    item: context.names.name(item?.title ?? ''),
    ratingKey,
    confidence: outcome.confidence,
    changes: item ? [...textChanges(item, noted, context), ...imageChanges(item, noted)] : [],
  };
}

function textChanges(item: PlexItem, { edits }: NotedWrites, { names }: SceneContext): FieldChange[] {
  return editChanges(item, edits).map((change) =>
    change.field === 'title'
      ? { ...change, from: names.name(change.from), to: names.name(change.to) }
      : change,
  );
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

function imageChanges({ hasThumb, hasArt }: PlexItem, { images }: NotedWrites): FieldChange[] {
  return [...images].map((artwork) => {
    const isThere = artwork === 'poster' ? hasThumb : hasArt;
    const field = artwork === 'poster' ? 'poster' : 'background';
    return { field, from: isThere ? 'another picture' : '', to: "the scene's cover" };
  });
}
