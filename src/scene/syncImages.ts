import type { Artwork } from '../plex/PlexClient.ts';
import type { PlexError, PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { WrittenMemory } from '../queue/Job.ts';
import type { Scene } from '../stash/Scene.ts';
import type { SceneContext } from './SceneContext.ts';
import { type Refusal, refusalOf } from './writeEdit.ts';

/** Images that were written, and what to remember of them. */
export interface ImageResult {
  changed: string[];
  memory: Pick<WrittenMemory, 'posterHash' | 'artHash'>;
  /** Pictures that Plex does not accept; each is outstanding, and the other one is written all the same (W-37). */
  refused: Refusal[];
}

/** What syncing a scene's images needs. */
export interface ImageInput {
  scene: Scene;
  item: PlexItem;
  memory: WrittenMemory;
  /** Called after each upload, so that a later failure does not repeat it. */
  keep: (images: ImageResult['memory']) => void;
}

/**
 * Gives the item the scene's screenshot as poster and as background, when its bytes differ from what was uploaded last:
 * Plex keeps every upload for ever, and offers no way to delete one (W-50). It names uploads by their content, so one that is
 * repeated because its memory was lost adds nothing. The preview is a video and no background.
 *
 * @throws PlexError, StashError
 */
export async function syncImages(
  { scene, item, memory, keep }: ImageInput,
  { settings, stash, plex }: SceneContext,
): Promise<ImageResult> {
  const { posterHash, artHash } = memory;
  const result: ImageResult = {
    changed: [],
    // A picture whose setting is off may change unseen; when it is on again, it counts as never uploaded.
    memory: {
      ...(posterHash && settings.sync_poster ? { posterHash } : {}),
      ...(artHash && settings.sync_background ? { artHash } : {}),
    },
    refused: [],
  };
  const isWanted = {
    poster: settings.sync_poster && !(settings.preserve_plex_edits && item.hasThumb),
    art: settings.sync_background && !(settings.preserve_plex_edits && item.hasArt),
  };
  if (!scene.screenshotUrl || !(isWanted.poster || isWanted.art)) return result;
  const image = await stash.image(scene.screenshotUrl);
  if (!image) return result;

  let failure: PlexError | undefined;
  const upload = async (artwork: Artwork, name: string, lastHash: string | undefined) => {
    // A picture that we uploaded is locked; unlocked, it is somebody else's by now.
    const isOurs = lastHash === image.hash && item.locked.has(artwork === 'poster' ? 'thumb' : 'art');
    if (!isWanted[artwork] || isOurs) return;
    const { bytes, contentType } = image;
    const send = () => plex.uploadImage(item.ratingKey, artwork, bytes, contentType);
    const error = await refusalOf(send, PICTURE_FAILURES);
    if (error?.kind === 'rejected') result.refused.push({ field: name, status: error.status });
    else failure ??= error;
    if (error) return;
    result.changed.push(name);
    result.memory[artwork === 'poster' ? 'posterHash' : 'artHash'] = image.hash;
    keep(result.memory);
  };
  await upload('poster', 'poster', posterHash);
  await upload('art', 'background', artHash);
  if (failure) throw failure;
  return result;
}

/** What may be about one picture: the other one is uploaded all the same. */
const PICTURE_FAILURES: ReadonlySet<PlexErrorKind> = new Set(['rejected', 'serverError']);
