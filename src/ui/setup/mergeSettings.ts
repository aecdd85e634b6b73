/** A plugin's settings as Stash stores them: an unset one is absent. */
export type StoredSettings = Readonly<Record<string, unknown>>;

/** What the user changed; undefined takes a setting away, which means its default. */
export type SettingsChanges = Readonly<Record<string, unknown>>;

/** The whole map to store: everything that is stored, also under keys that this page does not know, with the changes laid over it. */
export function mergeSettings(stored: StoredSettings, changes: SettingsChanges): Record<string, unknown> {
  const merged = Object.entries({ ...stored, ...changes });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

/** What is left of the changes when some of them were stored; a value that was changed again meanwhile stays. */
export function withoutStored(changes: SettingsChanges, stored: SettingsChanges): SettingsChanges {
  const left = Object.entries(changes).filter(
    ([key, value]) => !(key in stored && Object.is(stored[key], value)),
  );
  return Object.fromEntries(left);
}

/** The changes with one more; one that leads back to what is stored is none. */
export function withChange(
  changes: SettingsChanges,
  stored: StoredSettings,
  key: string,
  value: unknown,
): SettingsChanges {
  const { [key]: _, ...others } = changes;
  return Object.is(stored[key], value) ? others : { ...others, [key]: value };
}
