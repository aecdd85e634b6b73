import { SETTINGS, type SettingDefinition } from './settingsTable.ts';

/** Values of settings by their names, as Stash stores them. */
type StoredSettings = Readonly<Record<string, unknown>>;

/**
 * The defaults that Stash's settings page does not show as they are: it has no defaults of its own, so that an unset number is a 0
 * there and every unset switch is off. Nothing that the user stored is among them, nor a name under which {@link parseSettings} would find
 * another value than now.
 *
 * A default that the plugin wrote before is replaced while it is still there as it was written: nobody chose it, so it follows the default
 * of a later version. Who wants to keep such a value cannot be told apart from who never looked.
 *
 * @param stored the plugin's map in Stash.
 * @param written what the plugin wrote there by itself.
 */
export function missingDefaults(stored: StoredSettings, written: StoredSettings): Record<string, unknown> {
  const definitions: [string, SettingDefinition<unknown>][] = Object.entries(SETTINGS);
  const missing = definitions.filter(([key, { default: value, aliases = [] }]) => {
    // An empty text is shown as what it is.
    if (!['boolean', 'number', 'string'].includes(typeof value) || value === '') return false;
    if (aliases.some((alias) => stored[alias] !== undefined)) return false;
    return stored[key] === undefined || (stored[key] === written[key] && stored[key] !== value);
  });
  return Object.fromEntries(missing.map(([key, { default: value }]) => [key, value]));
}
