import * as z from 'zod/mini';

/** What a setting may hold and what it is when nothing usable is stored. */
export interface SettingDefinition<T> {
  schema: z.ZodMiniType<T>;
  default: T;
  /** What is allowed, for the warning about a value that is not. */
  expects: string;
  /** Older or other names under which the value may be stored. */
  aliases?: readonly string[];
  /** Parts of a stored value that are left out of it, as they were written; each is named in a warning. */
  unusable?(stored: unknown): string[];
}

/** One folder under the names that Plex and Stash have for it, without trailing separators; the root is `/`. */
export interface FolderPair {
  plex: string;
  stash: string;
}

/** `true`/`false`, or their usual spellings from a hand-edited file. */
const booleanSchema = z.pipe(
  z.transform((value) => {
    const text = String(value).trim().toLowerCase();
    if (['true', '1', 'yes', 'on'].includes(text)) return true;
    if (['false', '0', 'no', 'off'].includes(text)) return false;
    return value;
  }),
  z.boolean(),
);

const numeric = z.transform((value) => (typeof value === 'string' ? Number(value.trim()) : value));

function flag(defaultValue: boolean): SettingDefinition<boolean> {
  return { schema: booleanSchema, default: defaultValue, expects: 'true or false' };
}

function integer(defaultValue: number, minimum: number, maximum: number): SettingDefinition<number> {
  return {
    schema: z.pipe(numeric, z.int().check(z.minimum(minimum), z.maximum(maximum))),
    default: defaultValue,
    expects: `a whole number from ${minimum} to ${maximum}`,
  };
}

function seconds(
  defaultValue: number,
  minimum: number,
  maximum: number,
  aliases: readonly string[] = [],
): SettingDefinition<number> {
  return {
    schema: z.pipe(numeric, z.number().check(z.minimum(minimum), z.maximum(maximum))),
    default: defaultValue,
    expects: `a number of seconds from ${minimum} to ${maximum}`,
    aliases,
  };
}

/** A number in a hand-edited file, such as a library's id, is a text as well. */
function text(): SettingDefinition<string> {
  return {
    schema: z.pipe(
      z.union([z.string(), z.number()]),
      z.transform((value) => String(value).trim()),
    ),
    default: '',
    expects: 'a text',
  };
}

function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  defaultValue: T[number],
): SettingDefinition<T[number]> {
  const lowered = z.transform((value) => (typeof value === 'string' ? value.trim().toLowerCase() : value));
  return { schema: z.pipe(lowered, z.enum(values)), default: defaultValue, expects: values.join(', ') };
}

/** Entries `plex folder=>stash folder`, separated by `;`. What is no such entry is left out with a warning (spec 12.2). */
function folderPairs(aliases: readonly string[]): SettingDefinition<readonly FolderPair[]> {
  const entries = (stored: unknown) =>
    String(stored)
      .split(';')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  return {
    schema: z.pipe(
      z.string(),
      z.transform((stored): readonly FolderPair[] =>
        entries(stored).flatMap((entry) => folderPair(entry) ?? []),
      ),
    ),
    default: [],
    expects: 'a list of "plex folder=>stash folder", separated by semicolons',
    aliases,
    unusable: (stored) => entries(stored).filter((entry) => !folderPair(entry)),
  };
}

function folderPair(entry: string): FolderPair | undefined {
  const [plex = '', stash = '', ...more] = entry.split('=>').map(folder);
  return plex !== '' && stash !== '' && more.length === 0 ? { plex, stash } : undefined;
}

/** Without blanks around it and separators behind it. */
function folder(text: string): string {
  const trimmed = text.trim();
  return trimmed.replace(/[\\/]+$/, '') || (trimmed.startsWith('/') ? '/' : '');
}

/** Every optional setting under the name that Stash stores it by, with its default and range. */
export const SETTINGS = {
  plex_library: text(),
  enabled: flag(true),
  max_retries: integer(5, 1, 20),
  poll_interval: seconds(1, 0.1, 60),
  connect_timeout: seconds(5, 1, 30, ['plex_connect_timeout']),
  read_timeout: seconds(30, 5, 120, ['plex_read_timeout']),
  plex_accept_any_certificate: flag(false),
  dlq_retention_days: integer(30, 1, 365),
  undo_retention_days: integer(90, 0, 3650),
  strict_matching: flag(true),
  preserve_plex_edits: flag(false),
  sync_master: flag(true),
  sync_studio: flag(true),
  sync_summary: flag(true),
  sync_tagline: flag(true),
  sync_date: flag(true),
  sync_performers: flag(true),
  sync_tags: flag(true),
  sync_poster: flag(true),
  sync_background: flag(true),
  sync_collection: flag(true),
  sync_rating: flag(false),
  trigger_plex_scan: flag(false),
  skip_not_found: flag(false),
  max_tags: integer(100, 10, 500),
  debug_logging: flag(false),
  obfuscate_paths: flag(false),
  reconcile_interval: choice(['never', 'hourly', 'daily', 'weekly'], 'never'),
  reconcile_scope: choice(['all', '24h', '7days'], '24h'),
  reconcile_missing: flag(true),
  reconcile_batch_size: integer(100, 10, 1000),
  path_map: folderPairs(['plex_unmatched_path_map']),
} as const;

type Definitions = typeof SETTINGS;

/** The optional settings with every blank filled in. */
export type OptionalSettings = {
  -readonly [Key in keyof Definitions]: Definitions[Key] extends SettingDefinition<infer Value>
    ? Value
    : never;
};
