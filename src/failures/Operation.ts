/**
 * What a scene's sync asks of a server, by kind: the unit in which evidence is gathered. What works for one scene may fail for another
 * because of its data; what fails for all of them is no scene's fault.
 *
 * - Stash: `scene` reads it, `image` fetches its cover.
 * - Plex: `library` (which server, which libraries), `listing` (pages of a library), `filter` (a look-up by file name), `read` (items in
 *   full), `edit`, `picture` (uploading and selecting). `lookup` concludes from proper answers that do not fit together.
 * - `internal`: something unexpected in this program.
 * - `part …`: writing one field or picture, while the rest of the edit is accepted.
 */
export type Operation = SceneOperation | `part ${string}`;

export type SceneOperation =
  | 'scene'
  | 'image'
  | 'library'
  | 'lookup'
  | 'listing'
  | 'filter'
  | 'read'
  | 'edit'
  | 'picture'
  | 'internal';

/** Pictures have servers' limits of their own, and a scene is of use without: their trouble holds up nothing else. */
export const PICTURE_OPERATIONS: readonly Operation[] = [
  'image',
  'picture',
  'part poster',
  'part background',
];
