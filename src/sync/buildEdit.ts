import type { PlexItem } from '../plex/PlexItem.ts';
import { type QueryPairs, queryString } from '../plex/queryString.ts';
import type { WrittenMemory } from '../queue/Job.ts';
import {
  type Field,
  type ListChange,
  listChange,
  listFields,
  listFieldsInPieces,
  memberOf,
} from './listEdit.ts';
import type { WantedItem } from './WantedItem.ts';

/** What makes an item equal to what is wanted. */
export interface Edit {
  /** Parameters of each PUT; none when the item is right already, one in nearly every other case. */
  requests: QueryPairs[];
  /** Names of the fields that change, for the log. */
  changed: string[];
  /** What the plugin will have added once the edit is written; without the images. */
  memory: Pick<WrittenMemory, 'collection' | 'genres' | 'actors'>;
}

export interface EditOptions {
  /** Never change or clear what Plex has already; take away only names that the plugin added. */
  preservesPlexEdits: boolean;
}

/** Longest request line that Plex and reverse proxies are known to take, less room for method, path and id. */
const MAX_QUERY_BYTES = 7_800;

const TEXT_FIELDS = ['title', 'studio', 'summary', 'originallyAvailableAt'] as const;

/**
 * Compares an item (in full, never a listing row) with what is wanted. Pure: nothing is sent. Everything written
 * is locked, so that a metadata refresh in Plex does not undo it (W-30).
 */
export function buildEdit(
  item: PlexItem,
  wanted: WantedItem,
  memory: WrittenMemory,
  { preservesPlexEdits }: EditOptions,
): Edit {
  const parts: Field[][] = [];
  const changed: string[] = [];
  for (const field of TEXT_FIELDS) {
    const value = wanted[field];
    if (value === undefined || value === item[field]) continue;
    if (preservesPlexEdits && item[field] !== '') continue;
    changed.push(field);
    parts.push([
      [`${field}.value`, value],
      [`${field}.locked`, '1'],
    ]);
  }
  const lists = listChanges(item, wanted, memory, preservesPlexEdits);
  for (const [tag, change] of Object.entries(lists)) {
    if (!change) continue;
    changed.push(tag);
    parts.push(...listParts(tag, change, item));
  }
  return {
    requests: groupBySize(parts),
    changed,
    memory: {
      ...remembered('genres', wanted.genres, memory.genres, lists.genre),
      ...remembered('actors', wanted.actors, memory.actors, lists.actor),
      ...rememberedCollection(wanted.collection, memory, lists.collection, preservesPlexEdits),
    },
  };
}

/** One part where the list fits into a request, else several. Actors keep their roles: replacing would lose them. */
function listParts(tag: string, change: ListChange, { actors }: PlexItem): Field[][] {
  const roles = new Map(actors.map(({ name, role }) => [name.toLowerCase(), role]));
  const details = (name: string, index: number): Field[] => {
    const role = tag === 'actor' ? roles.get(name.toLowerCase()) : undefined;
    return role ? [[`actor[${index}].tagging.text`, role]] : [];
  };
  const whole = listFields(tag, change, details);
  if (queryString(whole).length <= MAX_QUERY_BYTES) return [whole];
  return listFieldsInPieces(tag, change, MAX_QUERY_BYTES, details);
}

function listChanges(item: PlexItem, wanted: WantedItem, memory: WrittenMemory, keepsOthers: boolean) {
  const { genres, actors, collection } = wanted;
  return {
    genre:
      genres && listChange({ current: item.genres, wanted: genres, ours: memory.genres ?? [], keepsOthers }),
    actor:
      actors &&
      listChange({
        current: item.actors.map(({ name }) => name),
        wanted: actors,
        ours: memory.actors ?? [],
        keepsOthers,
      }),
    // Other collections are the user's; only the one of an earlier studio goes (W-26).
    collection:
      collection === undefined
        ? undefined
        : listChange({
            current: item.collections,
            wanted: collection === '' ? [] : [collection],
            ours: ownCollections(memory),
            keepsOthers: true,
          }),
  };
}

/** Names that are there because of the plugin: added now or earlier, and still wanted. */
function remembered(
  key: 'genres' | 'actors',
  wanted: readonly string[] | undefined,
  ours: readonly string[] = [],
  change: ListChange | undefined,
): Pick<WrittenMemory, 'genres' | 'actors'> {
  if (wanted === undefined) return ours.length > 0 ? { [key]: [...ours] } : {};
  const isOurs = memberOf([...ours, ...(change?.added ?? [])]);
  const names = wanted.filter(isOurs);
  return names.length > 0 ? { [key]: names } : {};
}

/**
 * The studio's collection, to be taken away when the studio changes. One that the item had already is the user's when
 * Plex's own state is to be preserved.
 */
function rememberedCollection(
  wanted: string | undefined,
  memory: WrittenMemory,
  change: ListChange | undefined,
  keepsOthers: boolean,
): Pick<WrittenMemory, 'collection'> {
  if (wanted === undefined) return memory.collection ? { collection: memory.collection } : {};
  const isOurs = !keepsOthers || memberOf([...(change?.added ?? []), ...ownCollections(memory)])(wanted);
  return wanted !== '' && isOurs ? { collection: wanted } : {};
}

function ownCollections({ collection, formerCollection }: WrittenMemory): string[] {
  return [collection, formerCollection].filter((name) => name !== undefined);
}

/**
 * What to remember while it is not certain whether an edit took effect: names of before and after, so that neither
 * ever counts as the user's. The images' part stays as it was.
 */
export function intendedMemory(before: WrittenMemory, after: Edit['memory']): WrittenMemory {
  const union = (left: readonly string[] = [], right: readonly string[] = []) => [
    ...new Set([...left, ...right]),
  ];
  const former = before.collection === after.collection ? before.formerCollection : before.collection;
  return {
    ...before,
    ...after,
    genres: union(before.genres, after.genres),
    actors: union(before.actors, after.actors),
    ...(former ? { formerCollection: former } : {}),
  };
}

/** Puts the parts of an edit into as few requests as their encoded length allows. */
function groupBySize(parts: readonly Field[][]): QueryPairs[] {
  const groups: Field[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last && queryString([...last, ...part]).length <= MAX_QUERY_BYTES) last.push(...part);
    else groups.push([...part]);
  }
  return groups;
}
