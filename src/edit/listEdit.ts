/** How Plex's list of names becomes the wanted one. */
export interface ListChange {
  /** The whole list afterwards: names that stay, then names that are added. */
  desired: string[];
  /** Names that Plex has and that go. */
  gone: string[];
  /** Names that were not there. */
  added: string[];
}

/** What decides about a list. All comparisons ignore letter case: Plex changes it. */
export interface ListRule {
  current: readonly string[];
  wanted: readonly string[];
  /** Names this plugin added earlier. */
  ours: readonly string[];
  /** Keep every current name that is not ours. */
  keepsOthers: boolean;
}

/** The change that makes a list right, or undefined when it is right already. */
export function listChange({ current, wanted, ours, keepsOthers }: ListRule): ListChange | undefined {
  const isWanted = memberOf(wanted);
  const isOurs = memberOf(ours);
  const kept = current.filter((name) => isWanted(name) || (keepsOthers && !isOurs(name)));
  const isKept = memberOf(kept);
  const gone = current.filter((name) => !isKept(name));
  const isCurrent = memberOf(current);
  const added = wanted.filter((name) => !isCurrent(name));
  if (gone.length === 0 && added.length === 0) return undefined;
  return { desired: [...kept, ...added], gone, added };
}

/** A test for membership that ignores letter case. */
export function memberOf(names: readonly string[]): (name: string) => boolean {
  const folded = new Set(names.map(fold));
  return (name) => folded.has(fold(name));
}

/**
 * What two spellings of one name have in common. Plex ignores letter case and makes the first letter of a new collection a
 * capital, which for a few letters (ß, final sigma) is more than a change of case.
 */
export function fold(name: string): string {
  const [first = ''] = name;
  return (first.toUpperCase() + name.slice(first.length)).toLowerCase();
}
