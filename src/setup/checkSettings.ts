import { parseSettings, type Settings, SettingsError } from '../config/settings.ts';
import { SETTINGS, type SettingDefinition } from '../config/settingsTable.ts';
import { counted } from '../log/counted.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

/** What the settings came to. */
export interface SettingsFindings {
  lines: SetupLine[];
  /** What is in force; absent while the plugin is not set up. */
  settings?: Settings;
}

const lines = linesOf('Settings');
/** Indispensable, and never shown. */
const CONNECTION = ['plex_url', 'plex_token'];
/** What they hold is somebody's: names, folders, addresses. */
const isPrivate = (value: unknown) => typeof value !== 'boolean' && typeof value !== 'number';

/**
 * The settings, one by one where there is something to say: what is missing, what cannot be used, what switches the plugin off, what is no
 * setting at all, and what is not the default.
 *
 * @param stored the plugin's map in Stash.
 */
export function checkSettings(
  stored: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
): SettingsFindings {
  const found: SetupLine[] = [];
  let settings: Settings | undefined;
  try {
    const parsed = parseSettings(stored, env);
    ({ settings } = parsed);
    found.push(lines.ok('Connection', 'plex_url and plex_token are entered'));
    for (const warning of parsed.warnings)
      found.push(lines.warning(nameIn(warning), warning, 'settingValue'));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    found.push(lines.problem('Connection', error.message, 'notSetUp'));
  }
  for (const name of unknownNames(stored)) {
    found.push(lines.info('Unknown', `"${name}" is stored, and no setting of Stash2Plex.`, 'unknownSetting'));
  }
  return settings ? { lines: [...found, ...valueLines(settings)], settings } : { lines: found };
}

function valueLines(settings: Settings): SetupLine[] {
  const found: SetupLine[] = [];
  if (!settings.enabled) found.push(lines.warning('enabled', 'Stash2Plex is switched off.', 'switchedOff'));
  if (!settings.sync_master)
    found.push(lines.warning('sync_master', 'All fields are switched off.', 'masterOff'));
  const definitions: [string, SettingDefinition<unknown>][] = Object.entries(SETTINGS);
  const values = new Map<string, unknown>(Object.entries(settings));
  const told = new Set(['enabled', 'sync_master']);
  const changed = definitions.filter(
    ([key, { default: usual }]) =>
      !told.has(key) && JSON.stringify(values.get(key)) !== JSON.stringify(usual),
  );
  for (const [key, { default: usual }] of changed) {
    const value = values.get(key);
    const isShown = !isPrivate(value) || (typeof usual === 'string' && usual !== '');
    found.push(lines.ok(key, isShown ? `${String(value)} (default ${String(usual)})` : 'is set'));
  }
  const rest = definitions.length - changed.length;
  return [...found, lines.ok('All others', `${counted(rest, 'setting')} as by default`)];
}

/** The setting that a warning is about. */
function nameIn(warning: string): string {
  return /^Setting (\w+)/.exec(warning)?.[1] ?? 'Values';
}

function unknownNames(stored: Readonly<Record<string, unknown>>): string[] {
  const definitions: SettingDefinition<unknown>[] = Object.values(SETTINGS);
  const known = new Set([
    ...CONNECTION,
    ...Object.keys(SETTINGS),
    ...definitions.flatMap(({ aliases = [] }) => aliases),
  ]);
  return Object.keys(stored).filter((name) => !known.has(name));
}
