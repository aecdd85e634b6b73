import { type PlexAddress, readPlexUrl } from './plexUrl.ts';
import { type OptionalSettings, SETTINGS, type SettingDefinition } from './settingsTable.ts';

/** All settings: what the user stored in Stash, with defaults for the rest. */
export interface Settings extends OptionalSettings {
  /** Address of the Plex server without a trailing slash. */
  plex_url: string;
  plex_token: string;
  /** `user:password` that were in the address, for a proxy in front of Plex; empty for none. Not a setting of its own. */
  plex_login: string;
}

/** Settings that were read, and what was wrong with some of them. */
export interface ParsedSettings {
  settings: Settings;
  /** A sentence per value that could not be used. */
  warnings: string[];
}

/** A setting without which nothing works is missing or wrong. The message tells the user what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const MIN_TOKEN_LENGTH = 10;

/**
 * Reads the map that Stash stores for the plugin. Blank or unset means default; an optional value that cannot be
 * used means default and a warning (W-67); only the server's address and token are indispensable.
 *
 * @param stored the plugin's map in Stash; unknown keys are ignored.
 * @param env `PLEX_URL` and `PLEX_TOKEN` stand in for settings that are not stored.
 * @throws SettingsError naming every indispensable value that is missing or wrong.
 */
export function parseSettings(stored: Record<string, unknown>, env: NodeJS.ProcessEnv): ParsedSettings {
  const { plex_url, plex_token, plex_login, problems, warnings: ofServer } = readServer(stored, env);
  if (problems.length > 0) throw new SettingsError(problemText(problems));
  const optional = readOptional(stored);
  const warnings = [...ofServer, ...Object.values(optional).flatMap(({ warning }) => warning ?? [])];
  return { settings: { ...valuesOf(optional), plex_url, plex_token, plex_login }, warnings };
}

function valuesOf(optional: Record<string, ReadSetting>): OptionalSettings {
  return Object.fromEntries(
    Object.entries(optional).map(([key, { value }]) => [key, value]),
  ) as OptionalSettings;
}

/** The indispensable settings, as far as they can be read: empty where they cannot. */
export interface ServerSettings extends Pick<Settings, 'plex_url' | 'plex_token' | 'plex_login'> {
  /** `plex_url: …` or `plex_token: …`, for each that is missing or wrong. */
  problems: string[];
  /** Sentences about what was mended in the address. */
  warnings: string[];
}

/** Reads what says where Plex is and who asks; see {@link parseSettings}. */
export function readServer(stored: Record<string, unknown>, env: NodeJS.ProcessEnv): ServerSettings {
  const problems: string[] = [];
  const address = plexAddress(requiredText(stored['plex_url'], env['PLEX_URL']), problems);
  const enteredToken = requiredText(stored['plex_token'], env['PLEX_TOKEN']);
  const plexToken = enteredToken === '' ? address.token : enteredToken;
  if (plexToken === '') problems.push('plex_token: enter the X-Plex-Token of your Plex server');
  else if (plexToken.length < MIN_TOKEN_LENGTH) problems.push('plex_token: is too short to be a Plex token');
  else if (!/^[\x21-\x7e]+$/.test(plexToken)) {
    problems.push('plex_token: holds characters that no token has; copy it again');
  }
  const { url: plex_url, login: plex_login } = address;
  const warnings = plex_url === '' ? [] : addressWarnings(address, enteredToken);
  return { plex_url, plex_token: plexToken, plex_login, problems, warnings };
}

/** The sentence about indispensable settings. */
export function problemText(problems: readonly string[]): string {
  return `Stash2Plex is not set up (Settings > Plugins > Stash2Plex): ${problems.join('; ')}.`;
}

function plexAddress(text: string, problems: string[]): PlexAddress {
  const unknown: PlexAddress = { url: '', login: '', token: '', mended: [] };
  if (text === '') {
    problems.push('plex_url: enter the address of your Plex server, for example http://192.168.1.10:32400');
    return unknown;
  }
  const address = readPlexUrl(text);
  if (!('problem' in address)) return address;
  problems.push(`plex_url: ${address.problem}`);
  return unknown;
}

/** Never with anything of the address but what is left of it: it may have held secrets. */
function addressWarnings({ url, token, mended }: PlexAddress, enteredToken: string): string[] {
  const remarks = [...mended];
  if (token !== '' && enteredToken === '')
    remarks.push('the token in it is used because plex_token is empty');
  else if (token !== '' && token !== enteredToken) remarks.push('plex_token is used, not the token in it');
  return remarks.length > 0 ? [`Setting plex_url is read as ${url}: ${remarks.join(', ')}.`] : [];
}

/** The settings without which the plugin works, whatever the others are like; what is wrong with them is {@link parseSettings}'s to say. */
export function optionalSettings(stored: Record<string, unknown>): OptionalSettings {
  return valuesOf(readOptional(stored));
}

/** An optional setting as it was read. */
export interface ReadSetting {
  /** What is in force. */
  value: unknown;
  /** Whether anything is stored for it that is not blank. */
  isStored: boolean;
  /** Why the stored value is not used, or what was left out of it. */
  warning?: string;
}

/** Reads every optional setting; see {@link parseSettings}. */
export function readOptional(stored: Record<string, unknown>): Record<string, ReadSetting> {
  const entries = Object.entries(SETTINGS).map(([key, definition]) => {
    return [key, readOne(key, definition, stored)] as const;
  });
  return Object.fromEntries(entries);
}

function readOne(
  key: string,
  { schema, default: fallback, expects, aliases = [], unusable, problem }: SettingDefinition<unknown>,
  stored: Record<string, unknown>,
): ReadSetting {
  const candidates = [key, ...aliases].filter((candidate) => !isBlank(stored[candidate]));
  // Stash stores 0 for a number field that was emptied; an older name may still hold the user's value.
  const name = candidates.find((candidate) => stored[candidate] !== 0) ?? candidates[0];
  if (name === undefined) return { value: fallback, isStored: false };
  const parsed = schema.safeParse(stored[name]);
  if (parsed.success) {
    const ignored = unusable?.(stored[name]) ?? [];
    if (ignored.length === 0) return { value: parsed.data, isStored: true };
    const list = ignored.map((part) => JSON.stringify(part)).join(', ');
    const warning = `Setting ${name} must be ${expects}; left out: ${list}.`;
    return { value: parsed.data, isStored: true, warning };
  }
  if (stored[name] === 0) return { value: fallback, isStored: true };
  const wrong = problem?.(stored[name]);
  const warning =
    wrong === undefined
      ? `Setting ${name} must be ${expects}; the default ${JSON.stringify(fallback)} is used instead.`
      : `Setting ${name} ${wrong}. It is left out until that is corrected.`;
  return { value: fallback, isStored: true, warning };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function requiredText(setting: unknown, fallback: string | undefined): string {
  return typeof setting === 'string' && !isBlank(setting) ? setting.trim() : (fallback?.trim() ?? '');
}
