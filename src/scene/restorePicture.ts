import { pictureFingerprint } from '../edit/snapshotChange.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import type { PlexErrorKind } from '../plex/PlexError.ts';
import { type Artwork, uploadedSha1 } from '../plex/PlexImage.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { FieldSnapshot } from '../queue/ItemSnapshot.ts';
import { refusalOf } from './writeEdit.ts';

/**
 * How the restoring of a picture ended.
 *
 * - `right`: the item shows it already. `back`: it does now.
 * - `left`: somebody has chosen another one since.
 * - `gone`: Plex has it no more. `unknown`: which one it was, Plex did not tell at the time. `kept`: there was none, and this Plex does
 *   not take one away. In these three the picture of the plugin stays.
 */
export type PictureEnd = 'right' | 'back' | 'left' | 'gone' | 'unknown' | 'kept';

/**
 * Has an item show a picture that it showed before. Its lock is none of this: choosing one locks it, and the lock is put right afterwards
 * (plex-http-api.md 3.9).
 *
 * @throws PlexError
 */
export async function restorePicture(
  item: PlexItem,
  artwork: Artwork,
  snapshot: FieldSnapshot,
  isForced: boolean,
  plex: Pick<PlexClient, 'images' | 'selectImage' | 'deselectImage'>,
): Promise<PictureEnd> {
  const { was, ours } = snapshot;
  const { ratingKey } = item;
  const images = await plex.images(ratingKey, artwork);
  const shown = images.find(({ isSelected }) => isSelected);
  if (was !== undefined && (shown?.name ?? '') === was) return 'right';
  const isPlugins = shown && ours.includes(pictureFingerprint(uploadedSha1(shown) ?? ''));
  // A list that names no picture for an item that shows one was not told in full.
  const isUntold = !shown && (artwork === 'poster' ? item.hasThumb : item.hasArt);
  if (!isForced && !isPlugins && !isUntold) return 'left';
  if (was === undefined) return 'unknown';
  if (was === '') {
    return (await refusalOf(() => plex.deselectImage(ratingKey, artwork), NOT_POSSIBLE)) ? 'kept' : 'back';
  }
  return (await refusalOf(() => plex.selectImage(ratingKey, artwork, String(was)), NOT_POSSIBLE))
    ? 'gone'
    : 'back';
}

const NOT_POSSIBLE: ReadonlySet<PlexErrorKind> = new Set(['notFound', 'rejected']);
