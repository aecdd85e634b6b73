import { hash } from 'node:crypto';
import type { FileHolder } from '../plex/PathIndex.ts';
import type { PlexFile } from '../plex/PlexItem.ts';
import type { PathMap } from '../plex/pathMap.ts';
import { assignFiles } from '../plex/rankByFile.ts';
import type { KeptDecision, OwnerDecision } from '../queue/ItemOwners.ts';
import type { Scene } from '../stash/Scene.ts';
import { isPlexVersion } from './ownerOf.ts';
import type { SceneContext } from './SceneContext.ts';

/** An item as far as its owner is concerned. */
export interface OwnedItem extends FileHolder {
  title: string;
}

/** Whose item it is, as far as that can be told without a question. */
export type Ownership =
  /** Nobody else has anything to do with it. */
  | { owner: 'alone' }
  /** As it was decided. */
  | { owner: 'decided'; decision: OwnerDecision }
  /** Somebody else may have a file in it. */
  | { owner: 'open' };

/** So long a sync believes a decision: scenes that are merged or moved fire no hook. */
const DECISION_AGE_MS = 3_600_000;

/**
 * Whose item it is when one scene is known to have a file in it. An ordinary item has one file, or several of one scene, and nobody else
 * was ever synced to it: it costs nothing.
 *
 * @param options.maxAgeMs how old a decision may be; a reconciliation that goes through all scenes believes any.
 */
export function knownOwnership(
  item: OwnedItem,
  scene: Scene,
  serverId: string,
  context: Pick<SceneContext, 'owners' | 'clock'> & { map: PathMap },
  { maxAgeMs = DECISION_AGE_MS }: { maxAgeMs?: number } = {},
): Ownership {
  const place = { serverId, ratingKey: item.ratingKey };
  const decision = context.owners.decision(place);
  if (decision && isValid(decision, item, scene.id, context.clock.now(), maxAgeMs))
    return { owner: 'decided', decision };
  if (decision || context.owners.otherHolders(place, scene.id).length > 0) return { owner: 'open' };
  const paths = distinctPaths(item);
  if (paths.length > 1 && assignFiles(scene.files, item, context.map).size < paths.length)
    return { owner: 'open' };
  // A copy that Plex made owns nothing, not even an item of its own.
  return paths.some(isPlexVersion) ? { owner: 'open' } : { owner: 'alone' };
}

function isValid(
  { sceneIds, filesKey, decidedAtMs }: KeptDecision,
  item: OwnedItem,
  sceneId: number,
  nowMs: number,
  maxAgeMs: number,
): boolean {
  const ageMs = nowMs - decidedAtMs;
  const isFresh = decidedAtMs > 0 && ageMs >= 0 && ageMs < maxAgeMs;
  return isFresh && sceneIds.includes(sceneId) && filesKey === filesKeyOf(item.files);
}

/** Different files of an item. */
export function distinctPaths({ files }: FileHolder): string[] {
  return [...new Set(files.map(({ path }) => path))];
}

/** A short text that changes with an item's files, whatever their order. */
export function filesKeyOf(files: readonly PlexFile[]): string {
  const rows = files.map(({ path, sizeBytes = 0 }) => JSON.stringify([path, sizeBytes])).sort();
  return hash('sha256', JSON.stringify(rows), 'base64url').slice(0, 24);
}
