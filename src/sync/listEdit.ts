import { encode } from '../plex/queryString.ts';

/** How Plex's list of names becomes the wanted one. */
export interface ListChange {
  /** The whole list afterwards. */
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

/**
 * The parameters for a list (plex-http-api.md 3.6.4), right whether Plex adds to its list or replaces it: the whole
 * list, and one removal whose names are encoded before they are joined.
 */
export function listFields(tag: string, { desired, gone }: ListChange): [string, string][] {
  const fields = desired.map((name, index): [string, string] => [`${tag}[${index}].tag.tag`, name]);
  if (gone.length > 0) fields.push([`${tag}[].tag.tag-`, gone.map(encode).join(',')]);
  return [...fields, [`${tag}.locked`, '1']];
}

/** A test for membership that ignores letter case. */
export function memberOf(names: readonly string[]): (name: string) => boolean {
  const folded = new Set(names.map((name) => name.toLowerCase()));
  return (name) => folded.has(name.toLowerCase());
}
