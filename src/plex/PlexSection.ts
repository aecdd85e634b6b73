import * as z from 'zod/mini';
import { comparablePath, depthBelow } from './filePath.ts';
import { PlexError } from './PlexError.ts';

/** A library of the server. */
export interface PlexSection {
  key: string;
  title: string;
  /** `movie` covers films and "other videos"; only these hold one item per video file. */
  type: string;
  /** Which agent looks for metadata; those ending in `.none` look for none. Absent where Plex does not say. */
  agent?: string;
  /** Folders, as the server sees them. */
  locations: string[];
  /** When Plex last scanned it, in seconds since the epoch; files come, go and move by scans only. */
  scannedAtSecs?: number;
}

const sectionsSchema = z.object({
  MediaContainer: z.object({
    Directory: z.optional(
      z.array(
        z.object({
          key: z.union([z.string(), z.number()]),
          title: z.string(),
          type: z.string(),
          agent: z.nullish(z.string()),
          Location: z.optional(z.array(z.object({ path: z.string() }))),
          scannedAt: z.nullish(z.pipe(z.union([z.string(), z.number()]), z.transform(Number))),
        }),
      ),
    ),
  }),
});

/** Decodes `GET /library/sections`. @throws ZodError when the answer has another shape. */
export function decodeSections(answer: unknown): PlexSection[] {
  return (sectionsSchema.parse(answer).MediaContainer.Directory ?? []).map((row) => ({
    key: String(row.key),
    title: row.title,
    type: row.type,
    ...(row.agent ? { agent: row.agent } : {}),
    locations: row.Location?.map(({ path }) => path) ?? [],
    ...(row.scannedAt ? { scannedAtSecs: row.scannedAt } : {}),
  }));
}

/**
 * The sections to work in (W-08, W-09): those that `setting` names, or every section with video items when it is
 * empty. Names are compared without outer blanks and letter case, an exact one first; `"quotes"` allow commas, and a section's id
 * works as well.
 *
 * @throws PlexError `misconfigured` when a name is unknown, ambiguous, or no section of films or other videos.
 */
export function resolveSections(setting: string, sections: readonly PlexSection[]): PlexSection[] {
  const wanted = splitNames(setting);
  if (wanted.length === 0) {
    const all = sections.filter(isVideoSection);
    if (all.length > 0) return all;
    throw new PlexError('misconfigured', 'Plex has no library of films or other videos.');
  }
  return [...new Set(wanted.map((name) => findSection(name, sections)))];
}

function findSection(name: string, sections: readonly PlexSection[]): PlexSection {
  const candidates = [
    sections.filter(({ title }) => title.trim() === name),
    sections.filter(({ title }) => title.trim().toLowerCase() === name.toLowerCase()),
    sections.filter(({ key }) => key === name),
  ].find((found) => found.length > 0);
  const known = sections.map(({ title }) => `"${title}"`).join(', ') || 'none';
  if (!candidates) {
    throw new PlexError('misconfigured', `plex_library: Plex has no library "${name}" (it has ${known}).`);
  }
  const [section] = candidates;
  if (!section || candidates.length > 1) {
    const keys = candidates.map(({ key }) => key).join(' or ');
    throw new PlexError(
      'misconfigured',
      `plex_library: several libraries are called "${name}"; enter the id ${keys} instead.`,
    );
  }
  if (!isVideoSection(section)) {
    throw new PlexError('misconfigured', `plex_library: "${name}" holds no films or other videos.`);
  }
  return section;
}

/** Whether scenes can be synced to it. */
export function isVideoSection({ type }: Pick<PlexSection, 'type'>): boolean {
  return type === 'movie';
}

/** Splits at commas outside of double quotes. */
function splitNames(setting: string): string[] {
  const parts = setting.match(/\s*"[^"]*"\s*|[^,]+/g) ?? [];
  return parts
    .map((part) =>
      part
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
    .filter((part) => part !== '');
}

/** Whether a file, as Plex sees it, can be in a section: below one of its folders, or anywhere when Plex does not tell them. */
export function mayHold({ locations }: PlexSection, path: string): boolean {
  const file = comparablePath(path);
  return (
    locations.length === 0 ||
    locations.some((folder) => depthBelow(comparablePath(folder), file) !== undefined)
  );
}
