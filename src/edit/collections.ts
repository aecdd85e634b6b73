import type { EditMemory } from './EditMemory.ts';
import { ownCollections } from './EditMemory.ts';
import { memberOf } from './listEdit.ts';
import type { WantedItem } from './WantedItem.ts';

type WantedCollections = Pick<WantedItem, 'collection' | 'parentCollections' | 'groupCollections'>;

/**
 * The collections that an item is to be in because of its studio, the studios above it and its groups, each once.
 *
 * @returns undefined when none of these is synced.
 */
export function wantedCollections(wanted: WantedCollections): string[] | undefined {
  const { collection, parentCollections, groupCollections } = wanted;
  if (collection === undefined && !parentCollections && !groupCollections) return undefined;
  const names: string[] = [];
  for (const name of [collection ?? '', ...(parentCollections ?? []), ...(groupCollections ?? [])]) {
    if (name !== '' && !memberOf(names)(name)) names.push(name);
  }
  return names;
}

/** Collections that may be taken away: the plugin's own, but none that a source which is switched off now has left there. */
export function removableCollections(wanted: WantedCollections, memory: EditMemory): string[] {
  const sources = [
    { isSynced: wanted.collection !== undefined, names: ownCollections(memory) },
    { isSynced: wanted.parentCollections !== undefined, names: memory.parentCollections ?? [] },
    { isSynced: wanted.groupCollections !== undefined, names: memory.groupCollections ?? [] },
  ];
  const of = (isSynced: boolean) =>
    sources.filter((source) => source.isSynced === isSynced).flatMap(({ names }) => names);
  const stays = memberOf(of(false));
  return of(true).filter((name) => !stays(name));
}
