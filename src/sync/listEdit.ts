import { encode, queryString } from '../plex/queryString.ts';

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

/** One parameter of an edit. */
export type Field = [key: string, value: string];

/**
 * The parameters for a list (plex-http-api.md 3.6.4), right whether Plex adds to its list or replaces it: the whole
 * list, and one removal whose names are encoded before they are joined.
 *
 * @param details further parameters of the name at `index`.
 */
export function listFields(
  tag: string,
  { desired, gone }: ListChange,
  details: (name: string, index: number) => Field[] = () => [],
): Field[] {
  const fields = desired.flatMap((name, index) => nameFields(tag, name, index, details));
  return [...fields, ...removal(tag, gone), lock(tag)];
}

/**
 * The same for a list that is too long for one request, in pieces of at most `maxBytes`: only what changes, a few names
 * at a time. Right where Plex adds to its list, as all measurements say it does.
 */
export function listFieldsInPieces(
  tag: string,
  { added, gone }: ListChange,
  maxBytes: number,
  details: (name: string, index: number) => Field[] = () => [],
): Field[][] {
  const removals = inPieces(gone, (names) => [...removal(tag, names), lock(tag)], maxBytes);
  const additions = inPieces(
    added,
    (names) => [...names.flatMap((name, index) => nameFields(tag, name, index, details)), lock(tag)],
    maxBytes,
  );
  return [...removals, ...additions];
}

function nameFields(
  tag: string,
  name: string,
  index: number,
  details: (name: string, index: number) => Field[],
): Field[] {
  return [[`${tag}[${index}].tag.tag`, name], ...details(name, index)];
}

function removal(tag: string, gone: readonly string[]): Field[] {
  return gone.length > 0 ? [[`${tag}[].tag.tag-`, gone.map(encode).join(',')]] : [];
}

function lock(tag: string): Field {
  return [`${tag}.locked`, '1'];
}

/** Cuts a list of names into the fewest runs whose parameters fit. */
function inPieces(
  names: readonly string[],
  fieldsOf: (names: readonly string[]) => Field[],
  maxBytes: number,
): Field[][] {
  const pieces: string[][] = [];
  for (const name of names) {
    const last = pieces.at(-1);
    if (last && queryString(fieldsOf([...last, name])).length <= maxBytes) last.push(name);
    else pieces.push([name]);
  }
  return pieces.map(fieldsOf);
}

/** A test for membership that ignores letter case. */
export function memberOf(names: readonly string[]): (name: string) => boolean {
  const folded = new Set(names.map((name) => name.toLowerCase()));
  return (name) => folded.has(name.toLowerCase());
}
