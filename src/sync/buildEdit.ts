import type { PlexItem } from '../plex/PlexItem.ts';
import { type QueryPairs, queryString } from '../plex/queryString.ts';
import type { WrittenMemory } from '../queue/Job.ts';
import { type ListChange, listChange, listFields, memberOf } from './listEdit.ts';
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
  const parts = new Map<string, [string, string][]>();
  for (const field of TEXT_FIELDS) {
    const value = wanted[field];
    if (value === undefined || value === item[field]) continue;
    if (preservesPlexEdits && item[field] !== '') continue;
    parts.set(field, [
      [`${field}.value`, value],
      [`${field}.locked`, '1'],
    ]);
  }
  const lists = listChanges(item, wanted, memory, preservesPlexEdits);
  for (const [tag, change] of Object.entries(lists)) {
    if (change) parts.set(tag, tag === 'actor' ? actorFields(item, change) : listFields(tag, change));
  }
  return {
    requests: groupBySize([...parts.values()]),
    changed: [...parts.keys()],
    memory: {
      ...remembered('genres', wanted.genres, memory.genres, lists.genre),
      ...remembered('actors', wanted.actors, memory.actors, lists.actor),
      ...((wanted.collection ?? memory.collection)
        ? { collection: wanted.collection ?? memory.collection ?? '' }
        : {}),
    },
  };
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
            ours: memory.collection ? [memory.collection] : [],
            keepsOthers: true,
          }),
  };
}

/** Actors keep their roles: a server that replaces the list would lose them. */
function actorFields(item: PlexItem, change: ListChange): [string, string][] {
  const roles = new Map(item.actors.map(({ name, role }) => [name.toLowerCase(), role]));
  return listFields('actor', change).flatMap(([key, value]): [string, string][] => {
    const role = key.endsWith('.tag.tag') ? roles.get(value.toLowerCase()) : undefined;
    return role
      ? [
          [key, value],
          [key.replace('.tag.tag', '.tagging.text'), role],
        ]
      : [[key, value]];
  });
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

/** Puts the parts of an edit into as few requests as their encoded length allows. */
function groupBySize(parts: readonly [string, string][][]): QueryPairs[] {
  const groups: [string, string][][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last && queryString([...last, ...part]).length <= MAX_QUERY_BYTES) last.push(...part);
    else groups.push([...part]);
  }
  return groups;
}
