/** A library that can be chosen. */
export interface Choosable {
  key: string;
  title: string;
}

/** The entries of `plex_library`, without quotes; none: every library. */
export function chosenLibraries(setting: string): string[] {
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

/** Whether the setting chooses the library: by its number, or by its name in any letter case. */
export function isChosen(setting: string, { key, title }: Choosable): boolean {
  const entries = chosenLibraries(setting).map((entry) => entry.toLowerCase());
  return entries.length === 0 || entries.includes(title.trim().toLowerCase()) || entries.includes(key);
}

/** Entries that choose none of the libraries. */
export function unknownLibraries(setting: string, libraries: readonly Choosable[]): string[] {
  return chosenLibraries(setting).filter(
    (entry) => !libraries.some((library) => isChosen(quoted(entry), library)),
  );
}

/**
 * The setting after a library was switched. All of them are written as none, so that one that comes later is synced as well; the
 * last one cannot be switched off that way, and undefined is returned.
 */
export function switchLibrary(
  setting: string,
  libraries: readonly Choosable[],
  switched: Choosable,
): string | undefined {
  const chosen = libraries.filter((library) => isChosen(setting, library) !== (library.key === switched.key));
  const others = unknownLibraries(setting, libraries).map(quoted);
  if (chosen.length === 0) return undefined;
  if (chosen.length === libraries.length && others.length === 0) return '';
  return [...chosen.map((library) => entryOf(library, libraries)), ...others].join(', ');
}

/** The name where it is one beyond doubt, else the number. */
function entryOf(library: Choosable, libraries: readonly Choosable[]): string {
  const { key, title } = library;
  const isNamedAlike = (other: Choosable) => other.title.trim().toLowerCase() === title.trim().toLowerCase();
  const isPlain = !title.includes('"') && !/^\d*$/.test(title.trim());
  return isPlain && libraries.filter(isNamedAlike).length === 1 ? quoted(title.trim()) : key;
}

function quoted(entry: string): string {
  return entry.includes(',') ? `"${entry}"` : entry;
}
