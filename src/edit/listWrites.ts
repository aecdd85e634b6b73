import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';
import { removableCollections, wantedCollections } from './collections.ts';
import type { EditMemory } from './EditMemory.ts';
import { fold } from './listEdit.ts';
import { currentNames } from './listNames.ts';
import type { Details, ListTag } from './listPuts.ts';
import { type ListWrite, listWrite } from './listWrite.ts';
import type { WantedItem } from './WantedItem.ts';

/** How the lists of an item get right, in the order in which they are sent. */
export type ListWrites = (readonly [ListTag, ListWrite])[];

/** What one list is to be. */
interface WantedList {
  tag: ListTag;
  wanted: readonly string[] | undefined;
  ours: readonly string[] | undefined;
  keepsOthers: boolean;
}

/** Plans the lists that are synced. @param preserves what others put into a list stays. */
export function listWrites(
  item: PlexItem,
  wanted: WantedItem,
  memory: EditMemory,
  preserves: boolean,
  maxBytes: number,
): ListWrites {
  return wantedLists(wanted, memory, preserves).flatMap(({ tag, wanted: names, ours = [], keepsOthers }) => {
    if (!names) return [];
    const rule = { current: currentNames(item, tag), wanted: names, ours, keepsOthers };
    const details = tag === 'actor' ? rolesOf(item) : noDetails;
    const wasCut = memory.cutLists?.includes(tag) ?? false;
    return [[tag, listWrite(tag, rule, details, wasCut, maxBytes)] as const];
  });
}

function wantedLists(wanted: WantedItem, memory: EditMemory, preserves: boolean): WantedList[] {
  return [
    { tag: 'genre', wanted: wanted.genres, ours: memory.genres, keepsOthers: preserves },
    { tag: 'actor', wanted: wanted.actors, ours: memory.actors, keepsOthers: preserves },
    {
      tag: 'collection',
      wanted: wantedCollections(wanted),
      ours: removableCollections(wanted, memory),
      // Others are the user's; only one of an earlier studio or group goes (W-26).
      keepsOthers: true,
    },
    { tag: 'director', wanted: wanted.directors, ours: memory.directors, keepsOthers: preserves },
    // Others decide what a shared account may see.
    { tag: 'label', wanted: wanted.labels, ours: memory.labels, keepsOthers: true },
  ];
}

const noDetails: Details = () => [];

/** Actors keep their roles: a Plex that replaces its list would lose them (plex-http-api.md 3.6.5). */
function rolesOf({ actors }: PlexItem): Details {
  const roles = new Map(actors.map(({ name, role }) => [fold(name), role]));
  return (name, index): QueryPairs => {
    const role = roles.get(fold(name));
    return role ? [[`actor[${index}].tagging.text`, role]] : [];
  };
}
