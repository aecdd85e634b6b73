/** A Plex item in which a scene has a file, and which another scene owns (A2). */
export interface SharedItem {
  serverId: string;
  ratingKey: string;
  /** As it may be shown. */
  title: string;
  /** Undefined: no scene may write to it. */
  ownerId: number | undefined;
}

/** Half a sentence about such an item, for the user. */
export function sharedText({
  ratingKey,
  title,
  ownerId,
}: Pick<SharedItem, 'ratingKey' | 'title' | 'ownerId'>): string {
  const item = `Plex item ${ratingKey}${title === '' ? '' : ` "${title}"`}`;
  return ownerId === undefined
    ? `${item} holds only a copy of its file that Plex made (folder "Plex Versions")`
    : `${item} belongs to scene ${ownerId}`;
}
