import { fieldWords } from '../edit/fieldWords.ts';
import { isMeaningful } from '../edit/isMeaningful.ts';
import type { Scene } from '../stash/Scene.ts';
import type { Gap } from './Gap.ts';

/** What is known of a scene and of its Plex item. */
export interface SceneFacts {
  scene: Scene;
  /** The item that holds one of the scene's files; undefined when no item of the libraries does, after a complete look. */
  item: ItemFacts | undefined;
  /** The scene was synced to some item of this server's libraries. */
  wasSynced: boolean;
  /** The Python plugin synced it, and nobody has since: to which item is not known. */
  wasSyncedByPython?: boolean;
  /** Fingerprint of what the item is wanted to be. */
  wantedHash: string;
}

export interface ItemFacts {
  ratingKey: string;
  isFilled: boolean;
  /** The scene was synced to this very item; otherwise it has never been synced, or its item came back under another key. */
  isSynced: boolean;
  /** What a sync would write now; unknown where nobody compared, because the scene was never synced to the item. */
  difference?: ItemDifference | undefined;
}

/** What a sync would write to an item. */
export interface ItemDifference {
  /** Plex's names of the fields, none when everything is right. */
  fields: readonly string[];
  /** Fingerprint of what would be written. */
  key: string;
}

/** Plex shows nothing of a scene that has something to show, and a sync would change that (W-53). */
export function detectEmptyMetadata({ scene, item, wantedHash }: SceneFacts): Gap | undefined {
  if (!isIdentified(scene) || !item || item.isFilled || !isMeaningful(scene)) return undefined;
  // A scene whose fields are all switched off leaves its item empty: that is right.
  if (item.isSynced && isRight(item)) return undefined;
  const reason = item.isSynced
    ? `its item ${item.ratingKey} is empty`
    : `its item ${item.ratingKey} is new and empty`;
  return { ...gapOf(scene, reason), type: 'empty_metadata', key: keyOf(item, wantedHash) };
}

/**
 * What was synced is not what Plex shows: changed in Stash since, or in Plex. Names of performers, tags and studios count, whatever
 * `updated_at` says.
 */
export function detectStaleSync({ scene, item, wantedHash, wasSyncedByPython }: SceneFacts): Gap | undefined {
  // Nobody knows what of the item is the plugin's own; the sync finds out.
  if (wasSyncedByPython && isIdentified(scene) && item && !item.isSynced) {
    const reason = `its item ${item.ratingKey} was synced by the Python version only`;
    return { ...gapOf(scene, reason), type: 'stale_sync', key: keyOf(item, wantedHash) };
  }
  if (!isIdentified(scene) || !item?.isSynced || isRight(item)) return undefined;
  const words = fieldWords([...(item.difference?.fields ?? [])]);
  return {
    ...gapOf(scene, `its item ${item.ratingKey} differs in ${words}`),
    type: 'stale_sync',
    key: keyOf(item, wantedHash),
  };
}

/**
 * The scene was never synced: no item has its file, or one has and nobody wrote to it, whatever agents put there (W-54). A scene
 * that was synced and whose item is gone is no gap: Plex may just be rebuilding, and it counts when its item is back.
 */
export function detectMissing({ scene, item, wasSynced, wantedHash }: SceneFacts): Gap | undefined {
  if (!isIdentified(scene)) return undefined;
  if (item) {
    if (item.isSynced) return undefined;
    const reason = `its item ${item.ratingKey} was never synced`;
    return { ...gapOf(scene, reason), type: 'missing', key: keyOf(item, wantedHash) };
  }
  if (wasSynced) return undefined;
  const paths = scene.files.map(({ path }) => path);
  const key = JSON.stringify(['none', paths, wantedHash]);
  return { ...gapOf(scene, 'Plex has no item for its file'), type: 'missing', key, isNotInPlex: true };
}

/** The one gap of a scene (W-62), if it has one. */
export function detectGap(facts: SceneFacts): Gap | undefined {
  return detectEmptyMetadata(facts) ?? detectStaleSync(facts) ?? detectMissing(facts);
}

function isIdentified({ id, files }: Scene): boolean {
  return Number.isSafeInteger(id) && files.some(({ path }) => path !== '');
}

function isRight({ difference }: ItemFacts): boolean {
  return difference === undefined || difference.fields.length === 0;
}

function gapOf({ id }: Scene, reason: string): Omit<Gap, 'type' | 'key'> {
  return { sceneId: id, reason, isNotInPlex: false };
}

function keyOf({ ratingKey, isSynced, difference }: ItemFacts, wantedHash: string): string {
  return JSON.stringify(
    isSynced ? ['item', ratingKey, difference?.key, wantedHash] : ['new', ratingKey, wantedHash],
  );
}
