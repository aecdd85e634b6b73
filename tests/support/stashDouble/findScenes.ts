import { checkSceneFilter } from './checkSceneFilter.ts';
import type { Criterion } from './compareCriterion.ts';
import { matchScene, type SceneFilter, withOpenEnds } from './matchScene.ts';
import { checkSort, orderScenes } from './orderScenes.ts';
import type { SceneRecord } from './SceneRecord.ts';
import type { SceneStore } from './SceneStore.ts';

const DAY_MS = 86_400_000;

/** Arguments of `findScenes`. */
export interface FindScenesArgs {
  readonly filter?: FindFilter | null;
  readonly scene_filter?: SceneFilter | null;
  readonly ids?: readonly string[] | null;
  readonly scene_ids?: readonly number[] | null;
}

interface FindFilter {
  readonly page?: number | null;
  readonly per_page?: number | null;
  readonly sort?: string | null;
  readonly direction?: 'ASC' | 'DESC' | null;
}

/** A page of scenes; the other members are functions, so that they cost nothing unless they are selected. */
export interface SceneResult {
  readonly scenes: readonly SceneRecord[];
  readonly count: () => number;
  readonly duration: () => number;
  readonly filesize: () => number;
}

/** Positions [from, to) in the list of all ids, and what a scene there must still fulfil. */
interface Candidates {
  readonly from: number;
  readonly to: number;
  readonly rest: SceneFilter | null;
}

function idBounds({ value, value2, modifier }: Criterion<number>): [number, number] | null {
  if (modifier === 'GREATER_THAN') return [value + 1, Number.POSITIVE_INFINITY];
  if (modifier === 'LESS_THAN') return [Number.NEGATIVE_INFINITY, value];
  if (modifier === 'EQUALS') return [value, value + 1];
  if (modifier === 'BETWEEN') return [value, (value2 ?? value) + 1];
  return null;
}

/** Turns an id criterion into a range of the id list; this is what makes the stable walk O(page). */
function candidates(store: SceneStore, filter: SceneFilter | null): Candidates {
  const everything = { from: 0, to: store.ids.length, rest: filter };
  if (filter === null || filter.id == null || filter.OR != null) return everything;
  const bounds = idBounds(filter.id);
  if (bounds === null) return everything;
  const { id: _, ...others } = filter;
  const rest = Object.values(others).some((member) => member != null) ? others : null;
  const from = store.ids.lowerBound(bounds[0]);
  return { from, to: Math.max(from, store.ids.lowerBound(bounds[1])), rest };
}

function* walk(store: SceneStore, { from, to, rest }: Candidates, descending: boolean, skip = 0) {
  const first = from + (rest === null ? skip : 0);
  let toSkip = rest === null ? 0 : skip;
  for (let step = 0; step < to - first; step += 1) {
    const position = descending ? to - 1 - step - (first - from) : first + step;
    const scene = store.requireRecord(store.ids.at(position) ?? 0);
    if (rest !== null && !matchScene(scene, rest)) continue;
    if (toSkip > 0) toSkip -= 1;
    else yield scene;
  }
}

function takePage(store: SceneStore, found: Candidates, filter: FindFilter): SceneRecord[] {
  const { per_page: perPage, page, sort } = filter;
  const limit = perPage == null ? 25 : perPage < 0 ? Number.POSITIVE_INFINITY : perPage;
  const skip = limit === Number.POSITIVE_INFINITY ? 0 : (Math.max(1, page ?? 1) - 1) * limit;
  const descending = filter.direction === 'DESC';
  if (sort != null && sort !== 'id') {
    checkSort(sort);
    const all = orderScenes([...walk(store, found, false)], sort, descending);
    return all.slice(skip, skip + limit);
  }
  const scenes: SceneRecord[] = [];
  if (limit === 0) return scenes;
  // Without `sort` the order is unspecified. Backwards makes a client notice that relies on ids counting up.
  for (const scene of walk(store, found, sort == null ? true : descending, skip)) {
    if (scenes.push(scene) >= limit) break;
  }
  return scenes;
}

function scenesById(store: SceneStore, ids: readonly (string | number)[]): SceneRecord[] {
  const numbers = ids.map((id) => parseListedId(String(id)));
  const twice = numbers.find((id, position) => numbers.indexOf(id) !== position);
  if (twice !== undefined) throw new Error(`validating ids: duplicate id found: ${twice}`);
  return numbers.map((id) => store.requireRecord(id));
}

function total(scenes: Iterable<SceneRecord>, of: 'duration' | 'size'): number {
  let sum = 0;
  for (const { files } of scenes) sum += files[0]?.[of] ?? 0;
  return sum;
}

/** As {@link parseSceneId}, for one of `findScenes(ids:)`. */
function parseListedId(id: string): number {
  try {
    return parseSceneId(id);
  } catch (cause) {
    throw new Error(`converting ids: ${(cause as Error).message}`, { cause });
  }
}

/** A GraphQL id as a number. Throws, as Stash does, if it is not one. */
export function parseSceneId(id: string): number {
  if (!/^-?\d+$/.test(id)) throw new Error(`strconv.Atoi: parsing "${id}": invalid syntax`);
  return Number(id);
}

/** The `findScenes` query (section 10): ids, or filter + sort + page. */
export function findScenes(store: SceneStore, args: FindScenesArgs): SceneResult {
  // An empty list of ids counts as none, also here.
  const ids = [args.ids, args.scene_ids].find((list) => list != null && list.length > 0);
  if (ids != null) {
    const scenes = scenesById(store, ids);
    return {
      scenes,
      count: () => scenes.length,
      duration: () => total(scenes, 'duration'),
      filesize: () => total(scenes, 'size'),
    };
  }
  const given = args.scene_filter ?? null;
  if (given !== null) checkSceneFilter(given);
  const found = candidates(store, given === null ? null : withOpenEnds(given, store.stamp(DAY_MS)));
  const all = () => walk(store, found, false);
  return {
    scenes: takePage(store, found, args.filter ?? {}),
    count: () => (found.rest === null ? found.to - found.from : [...all()].length),
    duration: () => total(all(), 'duration'),
    filesize: () => total(all(), 'size'),
  };
}
