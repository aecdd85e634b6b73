import * as z from 'zod/mini';

/** Which picture of an item, as Plex's paths call it. */
export type Artwork = 'poster' | 'art';

/** A picture that an item could show. */
export interface PlexImage {
  /** Plex's name of it; one that was uploaded is named after its content (plex-http-api.md 3.9). */
  name: string;
  isSelected: boolean;
}

const containerSchema = z.object({
  MediaContainer: z.object({
    Metadata: z.nullish(
      z.array(z.object({ ratingKey: z.nullish(z.string()), selected: z.nullish(z.unknown()) })),
    ),
  }),
});

/**
 * Decodes the listing of an item's posters or backgrounds.
 *
 * @throws ZodError when the answer has another shape.
 */
export function decodeImages(answer: unknown): PlexImage[] {
  const rows = containerSchema.parse(answer).MediaContainer.Metadata ?? [];
  return rows.flatMap(({ ratingKey, selected }) =>
    ratingKey
      ? [{ name: ratingKey, isSelected: selected === true || selected === 1 || selected === '1' }]
      : [],
  );
}

/** Name of uploaded bytes, by their SHA-1 in lower-case hexadecimal (plex-http-api.md 9.1). */
export function uploadName(artwork: Artwork, sha1: string): string {
  return `upload://${artwork === 'poster' ? 'posters' : 'art'}/${sha1}`;
}

/** SHA-1 of the bytes of an uploaded picture; undefined for one that was not uploaded as bytes. */
export function uploadedSha1({ name }: PlexImage): string | undefined {
  return /^upload:\/\/.*\/([0-9a-f]{40})$/.exec(name)?.[1];
}
