import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const YML = new URL('../Stash2Plex.yml', import.meta.url);

/** The name under which the bundles, and the tests of the sources, find the texts. */
export const SETTING_TEXTS = 'STASH2PLEX_SETTING_TEXTS';

/** What `Stash2Plex.yml` says of each setting, for Stash's own page: the one place where it is written. @throws when it is not said */
export function settingTexts(): Record<string, { displayName: string; description: string }> {
  const { settings } = parse(readFileSync(YML, 'utf8')) as {
    settings: Record<string, Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(settings).map(([key, { displayName, description }]) => {
      if (typeof displayName !== 'string' || typeof description !== 'string') {
        throw new Error(`Stash2Plex.yml does not describe the setting ${key}.`);
      }
      return [key, { displayName, description }];
    }),
  );
}
