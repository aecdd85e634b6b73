/** An actor of an item. */
export interface PlexRole {
  readonly tag: string;
  /** Character, of this item only. */
  readonly role?: string;
  /** Picture address, shared by every item with this actor (row 14). */
  readonly thumb?: string;
}

/** One picture an item could show. */
export interface ImageCandidate {
  /** Its name, for example `upload://posters/{sha1 of the bytes}`. */
  readonly ratingKey: string;
  readonly selected: boolean;
  readonly provider: string | undefined;
  /** Size of what was uploaded; 0 for a picture the double only pretends to have. */
  readonly bytes: number;
}

/** What an item holds right now: a copy for assertions, complete where list rows are cut. */
export interface PlexItem {
  readonly ratingKey: string;
  readonly sectionKey: string;
  readonly guid: string;
  readonly title: string;
  /** Only when it differs from what Plex derives from the title. */
  readonly titleSort: string | undefined;
  readonly originalTitle: string | undefined;
  readonly editionTitle: string | undefined;
  readonly contentRating: string | undefined;
  readonly summary: string;
  readonly studio: string | undefined;
  readonly tagline: string | undefined;
  readonly year: number | undefined;
  readonly originallyAvailableAt: string | undefined;
  readonly userRating: number | undefined;
  readonly rating: number | undefined;
  readonly audienceRating: number | undefined;
  readonly genres: string[];
  readonly collections: string[];
  readonly labels: string[];
  readonly directors: string[];
  readonly writers: string[];
  readonly producers: string[];
  readonly countries: string[];
  readonly roles: PlexRole[];
  readonly lockedFields: string[];
  readonly thumb: string | undefined;
  readonly art: string | undefined;
  readonly posters: ImageCandidate[];
  readonly arts: ImageCandidate[];
  readonly files: string[];
  /** Seconds since the epoch, as the next three. */
  readonly addedAt: number;
  readonly updatedAt: number;
  readonly lastRatedAt: number | undefined;
  /** Set while the item is in the trash. */
  readonly deletedAt: number | undefined;
  /** What the owner of the `userToken` gave; `userRating` is the admin's. */
  readonly ratingByUser: number | undefined;
}

/**
 * A new item. Its values are what the scanner found: `agentRefresh` and `reissue` come back to them. `locked` and
 * `userRating` are the user's and are lost with the item.
 */
export interface NewPlexItem {
  readonly title: string;
  /** A free number; the next one when left out. */
  readonly ratingKey?: string;
  /** One version of one part. */
  readonly file?: string;
  /** Further versions, of one part each. */
  readonly files?: readonly string[];
  /** Further versions with all their parts. */
  readonly parts?: readonly (readonly string[])[];
  readonly titleSort?: string;
  readonly originalTitle?: string;
  readonly editionTitle?: string;
  readonly contentRating?: string;
  readonly summary?: string;
  readonly studio?: string;
  readonly tagline?: string;
  readonly year?: number;
  readonly originallyAvailableAt?: string;
  readonly userRating?: number;
  readonly rating?: number;
  readonly audienceRating?: number;
  readonly genres?: readonly string[];
  readonly collections?: readonly string[];
  readonly labels?: readonly string[];
  readonly directors?: readonly string[];
  readonly writers?: readonly string[];
  readonly producers?: readonly string[];
  readonly countries?: readonly string[];
  readonly roles?: readonly (string | PlexRole)[];
  /** Edit names of locked fields, for example `title`, `genre`, `actor`, `thumb`. */
  readonly locked?: readonly string[];
  /** Path of the poster; empty: none. By default one made from the video. */
  readonly thumb?: string;
  readonly art?: string;
  /** Seconds since the epoch. */
  readonly addedAt?: number;
  readonly updatedAt?: number;
  readonly lastViewedAt?: number;
  /** In the trash since then. */
  readonly deletedAt?: number;
  readonly guid?: string;
  /** External ids such as `imdb://tt0000001`. */
  readonly guids?: readonly string[];
  readonly durationMs?: number;
}
