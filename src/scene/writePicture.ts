import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import { type Artwork, type PlexImage, uploadedSha1, uploadName } from '../plex/PlexImage.ts';
import type { StashImage } from '../stash/readImage.ts';
import type { PictureStep } from './pictureStep.ts';
import type { SceneContext } from './SceneContext.ts';
import { refusalOf } from './writeEdit.ts';

/** A cover and the place that it is to be shown in. */
export interface PictureWrite {
  ratingKey: string;
  artwork: Artwork;
  step: Exclude<PictureStep, 'nothing'>;
  cover: StashImage;
  /** SHA-1 of the cover's bytes. */
  sha1: string;
  isLocked: boolean;
  /** SHA-1 of what is known to have been uploaded to the item. */
  held: readonly string[] | undefined;
  /** Pictures that the item was just seen to hold; undefined: nobody has looked. */
  listed?: readonly PlexImage[] | undefined;
  /** Called when more is known of what the item holds, also where something fails later. */
  note: (held: readonly string[]) => void;
}

/** Looks for what was just uploaded: pictures appear a moment later (plex-http-api.md 3.9, 9.1). */
const LOOKS = 3;
const LOOK_PAUSE_MS = 300;

/**
 * Makes an item show a cover and locks it so.
 *
 * @returns whether anything had to be written.
 * @throws PlexError
 */
export async function writePicture(
  { ratingKey, artwork, step, cover, sha1, isLocked, held, listed: seen, note }: PictureWrite,
  { plex, clock }: Pick<SceneContext, 'plex' | 'clock'>,
): Promise<boolean> {
  let names = held;
  if (names) note(names);
  let isHeld = step === 'select';
  if (step === 'look') {
    const images = seen ?? (await listed());
    names = images.flatMap((image) => uploadedSha1(image) ?? []);
    isHeld = names.includes(sha1);
    const isShown = images.some((image) => image.isSelected && uploadedSha1(image) === sha1);
    note(names);
    if (isShown && isLocked) return false;
  }
  const select = (name: string) => plex.selectImage(ratingKey, artwork, name);
  const selectByName = () => refusalOf(() => select(uploadName(artwork, sha1)), NOT_HELD);
  // Plex may have lost what it held.
  if (isHeld && !(await selectByName())) return true;
  await plex.uploadImage(ratingKey, artwork, cover.bytes, cover.contentType);
  note([...(names ?? []).filter((name) => name !== sha1), sha1]);
  const error = await selectByName();
  if (!error) return true;
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await clock.sleep(LOOK_PAUSE_MS);
    const image = (await listed()).find(({ name }) => name.endsWith(sha1));
    if (!image) continue;
    await select(image.name);
    return true;
  }
  const { status } = error;
  throw new PlexError('rejected', 'Plex took a picture and does not show it in its list.', {
    ...(status === undefined ? {} : { status }),
  });

  /** A list that Plex does not give is done without: at worst a picture is uploaded in vain, which adds nothing. */
  async function listed(): Promise<PlexImage[]> {
    let images: PlexImage[] = [];
    const read = async () => {
      images = await plex.images(ratingKey, artwork);
    };
    await refusalOf(read, NO_LIST);
    return images;
  }
}

const NOT_HELD: ReadonlySet<PlexErrorKind> = new Set(['notFound', 'rejected']);
const NO_LIST: ReadonlySet<PlexErrorKind> = new Set(['rejected', 'serverError']);
