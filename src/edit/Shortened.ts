/** Something of a scene that its Plex item does not get in full, for a warning with both numbers. */
export interface Shortened {
  /** Plex's name of the field, such as `summary`, `genre`, `actor` or `collection`. */
  field: string;
  /**
   * What became of it. Left out: of the names of a list, Plex gets the first ones.
   * - `characters`: the same of a text.
   * - `cutName`: the beginnings of single names.
   * - `sameName`: one for several names that Plex does not tell apart.
   * - `unnamed`: none for a name that shows nothing.
   */
  loss?: 'characters' | 'cutName' | 'sameName' | 'unnamed';
  /** Names, or characters of a text, that there are. */
  total: number;
  /** Those that Plex gets, as they are. */
  kept: number;
}
