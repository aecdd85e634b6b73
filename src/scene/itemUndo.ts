import type { Edit } from '../edit/buildEdit.ts';
import { type PictureChange, snapshotChange } from '../edit/snapshotChange.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import type { PlexErrorKind } from '../plex/PlexError.ts';
import type { Artwork, PlexImage } from '../plex/PlexImage.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { ItemChange, ItemSnapshot } from '../queue/ItemSnapshot.ts';
import { type ImagePlan, PICTURES } from './planImages.ts';
import { refusalOf } from './writeEdit.ts';

/** Keeps what an item holds before a sync changes it. */
export interface ItemUndo {
  /** Pictures are going to be changed. */
  hasPictures: boolean;
  /** Pictures that the item was seen to hold, where somebody had to look. */
  listed: ReadonlyMap<Artwork, readonly PlexImage[]>;
  /** What is to be kept before an edit is sent, with the pictures that come after it. */
  changeBy(edit: Pick<Edit, 'requests' | 'clearsRating'>): ItemChange;
}

/**
 * Gets ready to keep what an item holds. It costs nothing unless something is changed, and a request only for a picture that is changed
 * for the first time: which one an item shows is in the list of its pictures and nowhere else.
 *
 * @returns undefined when nothing is to be kept.
 * @throws PlexError when Plex does not answer; a list that it does not give is done without.
 */
export async function openItemUndo(
  { item, kept }: { item: PlexItem; kept?: () => ItemSnapshot | undefined },
  plan: ImagePlan,
  plex: Pick<PlexClient, 'images'>,
): Promise<ItemUndo | undefined> {
  if (!kept) return undefined;
  const planned = plan.pictures.filter(({ step }) => step !== 'nothing');
  const listed = new Map<Artwork, readonly PlexImage[]>();
  const pictures: PictureChange[] = [];
  let last: { snapshot: ItemSnapshot | undefined } | undefined;
  const current = () => {
    last ??= { snapshot: kept() };
    return last.snapshot;
  };
  for (const { artwork } of planned) {
    const { lock } = PICTURES[artwork];
    const isFirst = current()?.fields[lock] === undefined;
    const was = isFirst ? await shownPicture(item, artwork, plex, listed) : undefined;
    pictures.push({ lock, was, sha1: plan.sha1() });
  }
  return {
    hasPictures: pictures.length > 0,
    listed,
    changeBy(edit) {
      const change = snapshotChange(current(), item, edit, pictures);
      last = { snapshot: change.snapshot };
      return change;
    },
  };
}

/** @returns empty when the item shows none, undefined when nobody can tell. */
async function shownPicture(
  { ratingKey, hasThumb, hasArt }: PlexItem,
  artwork: Artwork,
  plex: Pick<PlexClient, 'images'>,
  listed: Map<Artwork, readonly PlexImage[]>,
): Promise<string | undefined> {
  if (!(artwork === 'poster' ? hasThumb : hasArt)) return '';
  const read = async () => void listed.set(artwork, await plex.images(ratingKey, artwork));
  await refusalOf(read, NO_LIST);
  return listed.get(artwork)?.find(({ isSelected }) => isSelected)?.name;
}

const NO_LIST: ReadonlySet<PlexErrorKind> = new Set(['rejected', 'serverError', 'notFound']);
