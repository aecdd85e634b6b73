import { createHash } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import type { WantedItem } from '../edit/WantedItem.ts';
import { SyncError } from '../failures/SyncError.ts';
import type { Artwork } from '../plex/PlexImage.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { WrittenMemory } from '../queue/Job.ts';
import type { StashImage, UnusableImage } from '../stash/readImage.ts';
import type { Scene } from '../stash/Scene.ts';
import { type PictureStep, pictureStep } from './pictureStep.ts';
import type { SceneContext } from './SceneContext.ts';

/** What is to become of an item's pictures. */
export interface ImagePlan {
  /** The scene's cover; undefined when it has none, or none is wanted. */
  cover?: StashImage | UnusableImage;
  /** SHA-1 of its bytes, by which Plex names it; hashed when it is first asked for, which is never for a picture that is right. */
  sha1: () => string;
  /** Pictures that are wanted, with what the item needs to show the cover. */
  pictures: PlannedPicture[];
  /** Lock parameters to send along with an edit: a server may lock neither at an upload nor at a selection (plex-http-api.md 9.2). */
  locks: LockName[];
  /** Why Stash did not give the cover. It is nothing to the edit, which comes first. */
  failure?: unknown;
}

/** One picture of an item. */
export interface PlannedPicture {
  artwork: Artwork;
  step: PictureStep;
  isLocked: boolean;
}

/** Plex's names of the locks of both pictures. */
export type LockName = 'thumb' | 'art';

/** Keys and names of both pictures. */
export const PICTURES = {
  poster: { lock: 'thumb', word: 'poster', hash: 'posterHash', names: 'posterNames' },
  art: { lock: 'art', word: 'background', hash: 'artHash', names: 'artNames' },
} as const satisfies Record<Artwork, { lock: LockName; word: string; hash: string; names: string }>;

/** Reads the scene's cover, if it is wanted, and decides what is to be done. Nothing is written. */
export async function planImages(
  {
    scene,
    item,
    wanted,
    memory,
  }: { scene: Scene; item: PlexItem; wanted: WantedItem; memory: WrittenMemory },
  { settings, stash, doubts }: Pick<SceneContext, 'settings' | 'stash' | 'doubts'>,
): Promise<ImagePlan> {
  const artworks = wantedPictures(item, settings, wanted);
  const nothing: ImagePlan = { sha1: () => '', pictures: [], locks: [] };
  if (!scene.screenshotUrl || artworks.length === 0) return nothing;
  if (doubts.doPicturesFail()) return { ...nothing, failure: picturesWait(scene.id) };
  let cover: StashImage | UnusableImage | undefined;
  try {
    cover = await stash.image(scene.screenshotUrl);
  } catch (failure) {
    return { ...nothing, failure };
  }
  if (!cover) return nothing;
  const unwritten = artworks.map((artwork): PlannedPicture => ({ artwork, step: 'nothing', isLocked: true }));
  if ('unusable' in cover) return { ...nothing, cover, pictures: unwritten };
  const { bytes, hash } = cover;
  let name: string | undefined;
  const sha1 = () => {
    name ??= createHash('sha1').update(bytes).digest('hex');
    return name;
  };
  const pictures = artworks.map((artwork): PlannedPicture => {
    const keys = PICTURES[artwork];
    const isLocked = item.locked.has(keys.lock);
    const step = pictureStep({
      hash,
      lastHash: memory[keys.hash],
      isLocked,
      sha1,
      held: memory[keys.names],
      isUntouched: item.locked.size === 0,
    });
    return { artwork, step, isLocked };
  });
  const unlocked = pictures.filter(({ step, isLocked }) => step !== 'nothing' && !isLocked);
  return { cover, sha1, pictures, locks: unlocked.map(({ artwork }) => PICTURES[artwork].lock) };
}

/** Pictures that the settings want in an item; what Plex has already stays when its own state is to be preserved. */
export function wantedPictures(
  item: PlexItem,
  settings: Pick<Settings, 'preserve_plex_edits' | 'sync_poster' | 'sync_background'>,
  { leavesPictures }: Pick<WantedItem, 'leavesPictures'>,
): Artwork[] {
  if (leavesPictures) return [];
  const { preserve_plex_edits: preserves, sync_poster, sync_background } = settings;
  return [
    ...(sync_poster && !(preserves && item.hasThumb) ? (['poster'] as const) : []),
    ...(sync_background && !(preserves && item.hasArt) ? (['art'] as const) : []),
  ];
}

function picturesWait(sceneId: number): SyncError {
  return new SyncError(
    'picturesWait',
    `Pictures fail for every scene at present; scene ${sceneId} has all else, and gets its own when they work again.`,
  );
}
