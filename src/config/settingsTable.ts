import * as z from 'zod/mini';
import { eventOf, eventWords, NOTICE_EVENTS, type NoticeEvent } from './noticeEvents.ts';
import { notifyUrlProblems, notifyUrls, readNotifyUrl } from './notifyUrl.ts';
import { parseTitleTemplate } from './titleTemplate.ts';

/** What a setting may hold and what it is when nothing usable is stored. */
export interface SettingDefinition<T> {
  schema: z.ZodMiniType<T>;
  default: T;
  /** What is allowed, for the warning about a value that is not. */
  expects: string;
  /** Older or other names under which the value may be stored. */
  aliases?: readonly string[];
  /** What a number may be. */
  minimum?: number;
  maximum?: number;
  /** The words of which one is to be chosen. */
  choices?: readonly string[];
  /** The value as it is typed, where it is no text, number or switch. */
  show?(value: T): string;
  /** Parts of a stored value that are left out of it, as they were written; each is named in a warning. */
  unusable?(stored: unknown): string[];
  /** What is wrong with a value that cannot be used, as the end of a sentence; left out: {@link expects} says enough. */
  problem?(stored: unknown): string | undefined;
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
    minimum,
    maximum,
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
    minimum,
    maximum,
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

/** Text that is put in front of a name: the blank at its end counts. */
function prefix(): SettingDefinition<string> {
  return {
    schema: z.pipe(
      z.union([z.string(), z.number()]),
      z.transform((value) => String(value).trimStart()),
    ),
    default: '',
    expects: 'a text',
  };
}

/** Texts separated by `;`, each once; a number in a hand-edited file is one of them. */
function texts(expects: string): SettingDefinition<readonly string[]> {
  const split = (value: string | number) =>
    String(value)
      .split(';')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  return {
    schema: z.pipe(
      z.union([z.string(), z.number()]),
      z.transform((value): readonly string[] => [...new Set(split(value))]),
    ),
    default: [],
    expects,
    show: (entries) => entries.join('; '),
  };
}

/** A template for titles; see {@link parseTitleTemplate}. */
function template(): SettingDefinition<string> {
  const problem = (stored: unknown) => {
    const parsed = typeof stored === 'string' ? parseTitleTemplate(stored.trim()) : undefined;
    return parsed && 'problem' in parsed ? parsed.problem : undefined;
  };
  return {
    schema: z.pipe(
      z.string().check(z.refine((stored) => problem(stored) === undefined)),
      z.transform((stored) => stored.trim()),
    ),
    default: '',
    expects: 'a text with placeholders, such as {studio} - {title} ({year})',
    problem,
  };
}

function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  defaultValue: T[number],
): SettingDefinition<T[number]> {
  const lowered = z.transform((value) => (typeof value === 'string' ? value.trim().toLowerCase() : value));
  const schema = z.pipe(lowered, z.enum(values));
  return { schema, default: defaultValue, expects: values.join(', '), choices: values };
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
    show: (pairs) => pairs.map(({ plex, stash }) => `${plex}=>${stash}`).join('; '),
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

/** Addresses for notifications. A warning names those that cannot be used by their place: an address of this kind is a secret. */
function addresses(): SettingDefinition<readonly string[]> {
  return {
    schema: z.pipe(
      z.string(),
      z.transform((stored): readonly string[] =>
        notifyUrls(stored).flatMap((text) => {
          const read = readNotifyUrl(text);
          return 'url' in read ? [read.url] : [];
        }),
      ),
    ),
    default: [],
    expects: 'a list of addresses, separated by blanks',
    // The rest is a secret as a rule.
    show: (urls) => urls.map(hostOf).join(' '),
    unusable: notifyUrlProblems,
  };
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^@/?#]*@)?([^/?#]*)/.exec(url)?.[1] ?? '';
}

/** Words for what notifications are about; none means all. */
function noticeEvents(): SettingDefinition<readonly NoticeEvent[]> {
  return {
    schema: z.pipe(
      z.string(),
      z.transform((stored): readonly NoticeEvent[] =>
        eventWords(stored).flatMap((word) => eventOf(word) ?? []),
      ),
    ),
    default: [],
    expects: `a list of ${NOTICE_EVENTS.join(', ')}`,
    show: (events) => events.join(', '),
    unusable: (stored) => eventWords(stored).filter((word) => !eventOf(word)),
  };
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
  sync_performer_tags: flag(false),
  ignore_tags: texts('a list of names, separated by semicolons'),
  sync_labels: flag(false),
  label_prefix: prefix(),
  sync_groups: flag(false),
  group_prefix: prefix(),
  sync_studio_chain: flag(false),
  sync_director: flag(false),
  sync_code: flag(false),
  content_rating: text(),
  title_template: template(),
  sort_title_template: template(),
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
  notify_url: addresses(),
  notify_events: noticeEvents(),
  notify_gaps_over: integer(100, 1, 1_000_000),
  gate_organized: flag(false),
  gate_stash_id: texts('"any", or addresses of stash-boxes, separated by semicolons'),
  gate_include_tags: texts('names or ids of tags, separated by semicolons'),
  gate_exclude_tags: texts('names or ids of tags, separated by semicolons'),
  gate_include_studios: texts('names or ids of studios, separated by semicolons'),
  gate_exclude_studios: texts('names or ids of studios, separated by semicolons'),
  gate_include_paths: texts('patterns for paths, separated by semicolons'),
  gate_exclude_paths: texts('patterns for paths, separated by semicolons'),
  gate_min_rating: integer(0, 0, 100),
} as const;

type Definitions = typeof SETTINGS;

/** The optional settings with every blank filled in. */
export type OptionalSettings = {
  -readonly [Key in keyof Definitions]: Definitions[Key] extends SettingDefinition<infer Value>
    ? Value
    : never;
};
