/** Something of a scene that is too long for its Plex item, for a warning with both numbers. */
export interface Shortened {
  /** Plex's name of the field: `title`, `studio`, `summary`, `genre`, `actor` or `collection`. */
  field: string;
  /** Names, or characters of a text, that there are. */
  total: number;
  /** Those that Plex gets: the first ones. */
  kept: number;
}
