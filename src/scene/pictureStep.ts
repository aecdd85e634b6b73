/** What is known of one picture of an item and of the cover that it is to show. */
export interface PictureFacts {
  /** SHA-256 of the cover, and of the one that the last sync selected. */
  hash: string;
  lastHash: string | undefined;
  /** The picture is locked: whoever chose it last, the plugin or the user, means it. */
  isLocked: boolean;
  /** SHA-1 of the cover, which is wanted only where something is to be done. */
  sha1: () => string;
  /** SHA-1 of what was uploaded to the item; undefined when nobody knows. */
  held: readonly string[] | undefined;
  /** Nobody has ever written to the item: it can hold no upload of ours. */
  isUntouched: boolean;
}

/** What makes an item show the cover. */
export type PictureStep = 'nothing' | 'select' | 'upload' | 'look';

/**
 * Decides with the fewest requests; pure. A picture that a sync selected stays while the cover does, also when the user has chosen
 * another one since: choosing locks. One that is unlocked nobody has chosen.
 *
 * - `nothing`: no request.
 * - `select`: the item holds the cover already; one PUT.
 * - `upload`: it does not; a POST and a PUT, because Plex selects by itself only what is new to it (plex-http-api.md 9.1).
 * - `look`: whether it does is not known, as after a lost memory; a GET, and then one of the others.
 */
export function pictureStep({
  hash,
  lastHash,
  isLocked,
  sha1,
  held,
  isUntouched,
}: PictureFacts): PictureStep {
  if (hash === lastHash) return isLocked ? 'nothing' : 'select';
  if (held) return held.includes(sha1()) ? 'select' : 'upload';
  return isUntouched && lastHash === undefined ? 'upload' : 'look';
}
