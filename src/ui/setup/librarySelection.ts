/** A library that can be chosen, or that only has a name that may be meant. */
export interface Choosable {
  key: string;
  title: string;
  isUsable: boolean;
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

/** Whether the setting chooses a library among all of them; an empty one chooses every usable one. */
export function isChosen(setting: string, { key, isUsable }: Choosable, all: readonly Choosable[]): boolean {
  const entries = chosenLibraries(setting);
  if (!isUsable || entries.length === 0) return isUsable;
  return entries.some((entry) => named(entry, all).some((library) => library.key === key));
}

/** Entries that choose none of the libraries. */
export function unknownLibraries(setting: string, all: readonly Choosable[]): string[] {
  return chosenLibraries(setting).filter((entry) => named(entry, all).length === 0);
}

/**
 * The setting after a library was switched. All of them are written as none, so that one that comes later is synced as well; the
 * last one cannot be switched off that way, and undefined is returned.
 */
export function switchLibrary(
  setting: string,
  all: readonly Choosable[],
  switched: Choosable,
): string | undefined {
  const usable = all.filter(({ isUsable }) => isUsable);
  const chosen = usable.filter(
    (library) => isChosen(setting, library, all) !== (library.key === switched.key),
  );
  const unknown = unknownLibraries(setting, all).map(quoted);
  if (chosen.length === 0) return undefined;
  if (chosen.length === usable.length && unknown.length === 0) return '';
  return [...chosen.map((library) => entryFor(library, all)), ...unknown].join(', ');
}

/** Those that an entry means, as the plugin reads it: the exact name first, then the name in any letter case, then the number. */
function named(entry: string, all: readonly Choosable[]): Choosable[] {
  const ways = [
    ({ title }: Choosable) => title.trim() === entry,
    ({ title }: Choosable) => title.trim().toLowerCase() === entry.toLowerCase(),
    ({ key }: Choosable) => key === entry,
  ];
  return ways.map((isMeant) => all.filter(isMeant)).find((found) => found.length > 0) ?? [];
}

/** The name where it means this library alone, else the number. */
function entryFor({ key, title }: Choosable, all: readonly Choosable[]): string {
  const name = title.trim();
  // A quote in front, or beside a comma, would be taken for one around the name.
  const canBeWritten = !name.startsWith('"') && !(name.includes('"') && name.includes(','));
  return canBeWritten && named(name, all).length === 1 ? quoted(name) : key;
}

function quoted(entry: string): string {
  return entry.includes(',') ? `"${entry}"` : entry;
}
