import { SETTINGS } from '../config/settingsTable.ts';

/** What a setting did in the Python plugin and does here, where the two differ; said when the user has chosen a value. */
const DIFFERENCES: readonly [names: readonly string[], difference: string][] = [
  [
    ['max_retries'],
    'is now the number of attempts of every scene that fails; it had no effect on most errors',
  ],
  [
    ['poll_interval'],
    'is now how often the waiting background process looks for new work; it was a pause while Plex was away',
  ],
  [
    ['connect_timeout', 'plex_connect_timeout'],
    'is now the longest wait for a connection to Plex; it had no effect',
  ],
  [['read_timeout'], 'is now the longest wait for an answer of Plex; it had no effect under this name'],
  [
    ['trigger_plex_scan'],
    'now asks Plex to scan the folder of a file that it does not have; it had no effect',
  ],
  [
    ['preserve_plex_edits'],
    'now protects every field, picture and list of an item; empty fields of Stash, covers and names changed it all the same',
  ],
  [
    ['reconcile_interval'],
    'now means what it says; any interval meant a look at recent scenes once an hour at most',
  ],
  [['reconcile_scope'], 'is now the scope of automatic reconciliation; it had no effect'],
  [
    ['plex_unmatched_path_map'],
    'now counts for every sync (its new name is path_map); it counted for "Reconcile Missing Metadata Only"',
  ],
];

/** Settings under other names, and what they stand for. */
const ALIASES: Readonly<Record<string, keyof typeof SETTINGS>> = {
  plex_connect_timeout: 'connect_timeout',
  plex_unmatched_path_map: 'path_map',
};

/**
 * A sentence for each stored setting that the Python plugin accepted and that means something else here. Defaults and blanks are nobody's
 * choice.
 *
 * @param stored the plugin's map in Stash.
 */
export function settingsNotes(stored: Readonly<Record<string, unknown>>): string[] {
  return DIFFERENCES.flatMap(([names, difference]) => {
    const name = names.find((each) => isChosen(each, stored[each]));
    return name === undefined ? [] : [`Setting ${name} (${JSON.stringify(stored[name])}) ${difference}.`];
  });
}

function isChosen(name: string, value: unknown): boolean {
  // Stash stores 0 for a number field that was emptied.
  if (value === undefined || value === null || value === 0 || String(value).trim() === '') return false;
  const fallback = SETTINGS[ALIASES[name] ?? (name as keyof typeof SETTINGS)].default;
  return Array.isArray(fallback) || String(value).trim().toLowerCase() !== String(fallback);
}
