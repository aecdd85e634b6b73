import type { Settings } from '../config/settings.ts';
import { fieldWords } from '../edit/fieldWords.ts';
import type { PlexError, PlexErrorKind } from '../plex/PlexError.ts';
import type { Artwork, PlexImage } from '../plex/PlexImage.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { WrittenMemory } from '../queue/Job.ts';
import type { UnusableImage } from '../stash/readImage.ts';
import type { Scene } from '../stash/Scene.ts';
import { type ImagePlan, PICTURES, type PlannedPicture } from './planImages.ts';
import type { SceneContext } from './SceneContext.ts';
import { type Refusal, refusalOf } from './writeEdit.ts';
import { writePicture } from './writePicture.ts';

/** What is remembered of a scene's pictures. */
export type ImageMemory = Pick<
  WrittenMemory,
  'posterHash' | 'artHash' | 'posterNames' | 'artNames' | 'reselected' | 'saidCover'
>;

/** Images that were written, and what to remember of them. */
export interface ImageResult {
  changed: string[];
  memory: ImageMemory;
  /** Pictures that Plex does not accept; each is outstanding, and the other one is written all the same (W-37). */
  refused: Refusal[];
  /** The refused cover is another one than the one that was refused before. */
  isNews: boolean;
}

/** What syncing a scene's images needs. */
export interface ImageInput {
  scene: Scene;
  item: PlexItem;
  memory: WrittenMemory;
  plan: ImagePlan;
  /** The edit that came before carried the plan's locks. */
  hasSentLocks: boolean;
  /** Pictures that the item was just seen to hold. */
  listed?: ReadonlyMap<Artwork, readonly PlexImage[]> | undefined;
  /** Called around each write, so that a later failure neither repeats it nor takes an uncertain one for done. */
  keep: (images: ImageMemory) => void;
}

/**
 * Gives the item the scene's cover as poster and as background, when its bytes differ from what was selected last: a POST and a PUT for
 * bytes that the item does not hold, a PUT for those that it does, which Plex keeps for ever (W-50), and nothing for a picture that is
 * right. A cover that Plex cannot use is said once. The preview is a video and no background.
 *
 * @throws PlexError, StashError
 */
export async function syncImages(input: ImageInput, context: SceneContext): Promise<ImageResult> {
  const { scene, item, memory, plan, hasSentLocks, listed, keep } = input;
  const { log, plex } = context;
  if (plan.failure !== undefined) throw plan.failure;
  const { cover, sha1, pictures } = plan;
  const before = without(rememberedImages(memory, context.settings), 'reselected', 'saidCover');
  const isNews = cover?.hash !== memory.saidCover;
  const result: ImageResult = { changed: [], memory: before, refused: [], isNews };
  if (!cover) return result;
  if ('unusable' in cover) {
    if (isNews) log.warn(unusableText(scene.id, cover, pictures));
    return { ...result, memory: { ...before, saidCover: cover.hash } };
  }

  let failure: PlexError | undefined;
  const write = async ({ artwork, step, isLocked }: PlannedPicture) => {
    const { lock, word, hash, names } = PICTURES[artwork];
    if (step === 'nothing') return;
    const isReselected = memory[hash] === cover.hash;
    if (memory[hash] !== undefined && !isReselected) {
      // Once another one is on its way, what was selected last may be so no more.
      result.memory = without(result.memory, hash);
      keep(result.memory);
    }
    const send = async () => {
      const held = memory[names] ?? (step === 'upload' ? [] : undefined);
      const note = (now: readonly string[]) => {
        result.memory = { ...result.memory, [names]: now.slice(-MAX_NAMES) };
      };
      const { ratingKey, sectionKey } = item;
      const isWritten = await writePicture(
        { ratingKey, artwork, step, cover, sha1: sha1(), isLocked, held, listed: listed?.get(artwork), note },
        context,
      );
      if (isWritten) result.changed.push(word);
      if (!isReselected || isLocked || hasSentLocks) return;
      if (memory.reselected?.includes(artwork)) {
        await plex.edit(sectionKey, ratingKey, [[`${lock}.locked`, '1']]);
      } else {
        result.memory = { ...result.memory, reselected: [...(result.memory.reselected ?? []), artwork] };
      }
    };
    try {
      const error = await refusalOf(send, PICTURE_FAILURES);
      if (!error) result.memory = { ...result.memory, [hash]: cover.hash };
      else if (error.kind === 'serverError') failure ??= error;
      else {
        result.refused.push({ field: word, status: error.status, sizeBytes: cover.bytes.length });
        result.memory = { ...result.memory, saidCover: cover.hash };
      }
    } finally {
      keep(result.memory);
    }
  };
  for (const picture of pictures) await write(picture);
  if (failure) throw failure;
  return result;
}

/** What may be about one picture: the other one is uploaded all the same. */
const PICTURE_FAILURES: ReadonlySet<PlexErrorKind> = new Set(['rejected', 'serverError']);
/** Most uploads of an item that are remembered; one that was forgotten is uploaded in vain, which adds nothing. */
const MAX_NAMES = 20;

/** What is still true of what was remembered. A picture whose setting is off may change unseen; on again, it counts as never uploaded. */
export function rememberedImages(
  { posterHash, artHash, posterNames, artNames, reselected, saidCover }: WrittenMemory,
  { sync_poster, sync_background }: Pick<Settings, 'sync_poster' | 'sync_background'>,
): ImageMemory {
  return {
    ...(posterHash && sync_poster ? { posterHash } : {}),
    ...(posterNames && sync_poster ? { posterNames } : {}),
    ...(artHash && sync_background ? { artHash } : {}),
    ...(artNames && sync_background ? { artNames } : {}),
    ...(reselected ? { reselected } : {}),
    ...(saidCover ? { saidCover } : {}),
  };
}

function without(memory: ImageMemory, ...keys: (keyof ImageMemory)[]): ImageMemory {
  const rest = { ...memory };
  for (const key of keys) delete rest[key];
  return rest;
}

function unusableText(
  sceneId: number,
  { unusable }: UnusableImage,
  pictures: readonly PlannedPicture[],
): string {
  const words = pictures.map(({ artwork }) => PICTURES[artwork].word);
  const stay = `${fieldWords(words)} in Plex ${words.length > 1 ? 'stay as they are' : 'stays as it is'}`;
  return `Scene ${sceneId}: its cover ${unusable}, so the ${stay}: set a JPEG, PNG, WebP or GIF of less than 10 MB as its cover in Stash.`;
}
