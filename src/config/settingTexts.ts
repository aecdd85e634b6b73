/** What a setting is called and does, in the user's words. */
export interface SettingText {
  displayName: string;
  description: string;
}

/** Put in by the build, from `Stash2Plex.yml` (scripts/settingTexts.ts). */
declare const STASH2PLEX_SETTING_TEXTS: Readonly<Record<string, SettingText>>;

/** The words of `Stash2Plex.yml` for a setting; its bare name for one that is not described there. */
export function settingText(key: string): SettingText {
  const texts = STASH2PLEX_SETTING_TEXTS;
  const found = Object.hasOwn(texts, key) ? texts[key] : undefined;
  return found ?? { displayName: key, description: '' };
}
