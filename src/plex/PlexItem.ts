import * as z from 'zod/mini';

/** A file of an item, as Plex sees it. */
export interface PlexFile {
  path: string;
  sizeBytes?: number;
}

/** A Plex library item in full, as `GET /library/metadata/{id}` gives it. */
export interface PlexItem {
  ratingKey: string;
  sectionKey: string;
  title: string;
  /** What it is sorted by, where that is not what Plex makes of the title. */
  titleSort?: string;
  summary: string;
  studio: string;
  tagline: string;
  /** `YYYY-MM-DD`, or empty. */
  originallyAvailableAt: string;
  /** Rating by the token's user, 0 to 10; absent for none. */
  userRating?: number;
  genres: string[];
  collections: string[];
  /** Cast, in Plex's order, with what is known of each person's role here. */
  actors: PlexActor[];
  /** Names of locked fields, such as `title`, `genre`, `thumb`. */
  locked: Set<string>;
  /** All files of all versions, in Plex's order; none while the item is in the trash. */
  files: PlexFile[];
  /**
   * Its files are missing, and the row only waits for the trash to be emptied, maybe beside the living item of a file that moved
   * (plex-http-api.md 9.9). Plex counts the row, so it is known, but it is nobody's item.
   */
  isTrashed?: true;
  hasThumb: boolean;
  hasArt: boolean;
  /** Plex's time of the last change, seconds since the epoch. Edits of lists alone do not always move it: a hint. */
  updatedAtSecs?: number;
}

export interface PlexActor {
  name: string;
  role?: string;
}

// Lenient throughout (plex-http-api.md 2.4): numbers come as text, text as numbers, nothing as null or not at all.
const text = z.nullish(z.pipe(z.union([z.string(), z.number()]), z.transform(String)));
const number = z.nullish(z.pipe(z.union([z.string(), z.number()]), z.transform(Number)));
const list = <T extends z.ZodMiniType<object>>(element: T) => z.nullish(z.array(element));
const key = z.pipe(z.union([z.string(), z.number()]), z.transform(String));
const tags = list(z.object({ tag: z.string(), role: text }));

const rowSchema = z.object({
  ratingKey: key,
  librarySectionID: z.nullish(key),
  title: text,
  titleSort: text,
  summary: text,
  studio: text,
  tagline: text,
  originallyAvailableAt: text,
  userRating: number,
  thumb: text,
  art: text,
  updatedAt: number,
  deletedAt: number,
  Genre: tags,
  Collection: tags,
  Role: tags,
  Field: list(z.object({ name: z.string(), locked: z.optional(z.unknown()) })),
  Media: list(z.object({ Part: list(z.object({ file: text, size: number })) })),
});

const containerSchema = z.object({
  MediaContainer: z.object({
    totalSize: number,
    offset: number,
    librarySectionID: z.nullish(key),
    Metadata: z.nullish(z.array(z.unknown())),
  }),
});
const identitySchema = z.object({ ratingKey: key });

/** Items of one answer. */
export interface ItemPage {
  items: PlexItem[];
  /** Number of rows there are in all; undefined when Plex does not tell, which never means that these are all. */
  totalSize: number | undefined;
  /** Rows that cannot be read, and so are not among the items. */
  leftOut: number;
}

/** One row of an answer. */
export interface ItemRow {
  /** Undefined when not even that can be read. */
  ratingKey: string | undefined;
  /** Undefined when the row cannot be read. */
  item: PlexItem | undefined;
  /** It has files, and Plex does not show where: the token is not the owner's (plex-http-api.md 9.13). */
  hidesFiles: boolean;
}

/** The rows of one answer, in Plex's order. */
export interface ItemRows {
  rows: ItemRow[];
  /** See {@link ItemPage}. */
  totalSize: number | undefined;
  /** The answer says at which row it begins: it is a page, and not everything there is. */
  isPaged: boolean;
}

/**
 * Decodes a listing or a detail, row by row: one that has not the shape of an item costs itself only. Rows of a listing are cut
 * short by Plex (two genres, three actors, no locks): only their identity and files may be relied on.
 *
 * @throws ZodError when the answer as a whole has another shape.
 */
export function decodeItems(answer: unknown): ItemRows {
  const { MediaContainer: container } = containerSchema.parse(answer);
  const rows = (container.Metadata ?? []).map((raw): ItemRow => {
    const { success, data } = rowSchema.safeParse(raw);
    if (!success) {
      return { ratingKey: identitySchema.safeParse(raw).data?.ratingKey, item: undefined, hidesFiles: false };
    }
    const parts = (data.Media ?? []).flatMap(({ Part }) => Part ?? []);
    const hidesFiles = parts.length > 0 && parts.every(({ file }) => !file);
    return { ratingKey: data.ratingKey, item: itemOf(data, container.librarySectionID), hidesFiles };
  });
  return { rows, totalSize: countOf(container.totalSize), isPaged: countOf(container.offset) !== undefined };
}

function countOf(value: number | null | undefined): number | undefined {
  return Number.isSafeInteger(value) ? Number(value) : undefined;
}

function itemOf(row: z.infer<typeof rowSchema>, sectionKey: string | null | undefined): PlexItem {
  return {
    ratingKey: row.ratingKey,
    sectionKey: row.librarySectionID ?? sectionKey ?? '',
    title: row.title ?? '',
    ...(row.titleSort ? { titleSort: row.titleSort } : {}),
    summary: row.summary ?? '',
    studio: row.studio ?? '',
    tagline: row.tagline ?? '',
    originallyAvailableAt: row.originallyAvailableAt?.slice(0, 10) ?? '',
    ...(Number.isFinite(row.userRating) ? { userRating: Number(row.userRating) } : {}),
    genres: row.Genre?.map(({ tag }) => tag) ?? [],
    collections: row.Collection?.map(({ tag }) => tag) ?? [],
    actors: row.Role?.map(({ tag, role }) => ({ name: tag, ...(role ? { role } : {}) })) ?? [],
    locked: new Set(
      row.Field?.filter(({ locked }) => locked !== false && locked !== 0).map(({ name }) => name),
    ),
    files: row.deletedAt ? [] : filesOf(row),
    ...(row.deletedAt ? { isTrashed: true as const } : {}),
    hasThumb: isOwnImage(row.thumb),
    hasArt: isOwnImage(row.art),
    ...(row.updatedAt ? { updatedAtSecs: row.updatedAt } : {}),
  };
}

function filesOf({ Media }: z.infer<typeof rowSchema>): PlexFile[] {
  return (Media ?? [])
    .flatMap(({ Part }) => Part ?? [])
    .flatMap(({ file, size }) => (file ? [{ path: file, ...(size ? { sizeBytes: size } : {}) }] : []));
}

/** Generated and placeholder pictures come from `/:/resources/`. */
function isOwnImage(address: string | null | undefined): boolean {
  return Boolean(address) && !address?.startsWith('/:/');
}
