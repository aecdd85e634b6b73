import type { Criterion, MultiCriterion } from './compareCriterion.ts';
import { unsupportedModifier } from './compareCriterion.ts';
import { compareText } from './compareText.ts';
import type { EntityStore, NamedEntity } from './EntityStore.ts';

/** What `findTags` and `findStudios` have in common. */
export interface FindEntitiesArgs {
  readonly by?: {
    readonly name?: Criterion<string> | null;
    /** Only tags know a depth: generations further down, -1 for all; without it the children themselves. */
    readonly parents?: (MultiCriterion & { readonly depth?: number | null }) | null;
  } | null;
  readonly filter?: { readonly page?: number | null; readonly per_page?: number | null } | null;
  readonly ids?: readonly string[] | null;
}

/** Tags or studios by ids, or by filter and page; they come by name (Stash's order without `sort`). */
export function findEntities(store: EntityStore, { by, filter, ids }: FindEntitiesArgs) {
  if (ids != null && ids.length > 0) {
    const found = ids.map((id) => store.require(id));
    return { count: found.length, found };
  }
  const all = store.all().filter((entity) => {
    const { name, parents } = by ?? {};
    return (
      (name == null || compareText([entity.name], name)) && (parents == null || isBelow(entity, parents))
    );
  });
  all.sort((left, right) => (left.name < right.name ? -1 : 1));
  const { per_page: perPage, page } = filter ?? {};
  const limit = perPage == null ? 25 : perPage < 0 ? all.length : perPage;
  const skip = (Math.max(1, page ?? 1) - 1) * limit;
  return { count: all.length, found: all.slice(skip, skip + limit) };
}

function isBelow(
  entity: NamedEntity,
  { value, modifier, depth }: MultiCriterion & { depth?: number | null },
): boolean {
  if (modifier !== 'INCLUDES') throw unsupportedModifier('related', modifier);
  const wanted = new Set(value ?? []);
  if (wanted.size === 0) return true;
  let generation = entity.parents;
  const seen = new Set<NamedEntity>();
  for (let left = depth ?? 0; generation.length > 0; left -= 1) {
    if (generation.some(({ id }) => wanted.has(String(id)))) return true;
    if (left === 0) return false;
    for (const parent of generation) seen.add(parent);
    generation = generation.flatMap(({ parents }) => parents).filter((parent) => !seen.has(parent));
  }
  return false;
}
