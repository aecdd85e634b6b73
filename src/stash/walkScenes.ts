import * as z from 'zod/mini';
import { decodeScene, type Scene, type SceneFact, sceneFields } from './Scene.ts';
import type { ScenePage, SceneSelection, SceneSelections, SceneWalk } from './SceneWalk.ts';
import { StashError } from './StashError.ts';

/** A GraphQL answer: what could be resolved, and where what could not. */
export interface GraphqlAnswer {
  data: Record<string, unknown> | null;
  errors: readonly { path?: readonly (string | number)[] | undefined }[];
}

/** How a walk asks Stash. */
export interface WalkSource {
  /** @throws StashError when there is no answer. */
  ask: (document: string, variables: object) => Promise<GraphqlAnswer>;
  /** Scenes one by one: one that Stash fails at does not spoil the others. */
  scenes: (ids: readonly number[]) => Promise<Map<number, Scene | StashError>>;
  /** What is read of whole scenes beyond what a sync needs. */
  facts: readonly SceneFact[];
}

const PAGE_SIZES: Record<SceneSelection, number> = { ids: 1_000, whole: 250 };
const SINGLES_PER_REQUEST = 100;

const SELECTIONS = {
  whole: 'id created_at updated_at ...SceneFields',
  ids: 'id created_at updated_at',
  bare: 'id',
};

const rowSchema = z.object({
  id: z.string(),
  created_at: z.nullish(z.string()),
  updated_at: z.nullish(z.string()),
});
type Row = z.infer<typeof rowSchema>;

const pageSchema = z.object({ count: z.optional(z.number()), scenes: z.nullish(z.array(z.unknown())) });

/**
 * Walks through Stash's scenes by id, one request a page: it passes every scene that is there from beginning to end exactly once,
 * whatever comes and goes meanwhile, and holds one page at a time.
 *
 * @throws StashError while it is iterated.
 */
export async function* walkScenes<S extends SceneSelection>(
  walk: SceneWalk<S>,
  source: WalkSource,
): AsyncGenerator<ScenePage<S>> {
  const pageSize = walk.pageSize ?? PAGE_SIZES[walk.select];
  const bounds = exactBounds(walk);
  let last = 0;
  let walked = 0;
  let total = 0;
  for (;;) {
    const { rows, count, selection } = await readPage(walk, last, pageSize, source);
    walked += rows.length;
    total = Math.max(total, count ?? 0, walked);
    const wanted = rows.filter((row) => isWithin(bounds, row.stamp));
    const isPartial = walk.select === 'whole' && selection !== 'whole';
    const readable = isPartial ? await readSingly(wanted, source) : wanted;
    yield { ...decodeRows(walk.select, readable, source.facts), walked, total };
    if (rows.length < pageSize) return;
    last = lastId(rows, last);
  }
}

interface ReadRow {
  id: number;
  stamp: Row;
  answer: unknown;
  /** Stash failed at none of its members: what is null is really nothing. */
  isWhole: boolean;
  /** The scene as it was read on its own. */
  single?: Scene | StashError;
}

interface ReadPage {
  rows: ReadRow[];
  /** Counted for the first page only: it costs Stash a query of its own. */
  count: number | undefined;
  /** What was read in the end. */
  selection: keyof typeof SELECTIONS;
}

/** One page, and where Stash fails at one of its scenes, as much of it as Stash can tell. */
async function readPage(
  walk: SceneWalk,
  last: number,
  pageSize: number,
  { ask, facts }: WalkSource,
): Promise<ReadPage> {
  const variables = {
    scenes: { id: { value: last, modifier: 'GREATER_THAN' }, ...roughBounds(walk) },
    page: { sort: 'id', direction: 'ASC', per_page: pageSize },
  };
  const isCounted = walk.aboveUpdatedAt === undefined;
  const attempts = walk.select === 'whole' ? (['whole', 'ids', 'bare'] as const) : (['ids', 'bare'] as const);
  for (const selection of attempts) {
    const { data, errors } = await ask(pageQuery(selection, isCounted && last === 0, facts), variables);
    const failed = failedRows(errors);
    // An error without a path is about the whole request: what is missing then may exist all the same (W-46).
    if (errors.some(({ path }) => !path)) break;
    if (data) return { ...rowsOf(data['findScenes'], failed), selection };
    // A member that may not be null takes the whole answer with it.
    if (failed.size === 0) break;
  }
  throw new StashError('unavailable', 'Stash could not list its scenes; see its own log.');
}

function pageQuery(
  selection: keyof typeof SELECTIONS,
  isCounted: boolean,
  facts: readonly SceneFact[],
): string {
  return `query Stash2PlexScenePage($scenes: SceneFilterType!, $page: FindFilterType!) {
    findScenes(scene_filter: $scenes, filter: $page) {
      ${isCounted ? 'count' : ''}
      scenes { ${SELECTIONS[selection]} }
    }
  }
  ${selection === 'whole' ? sceneFields(facts) : ''}`;
}

/** Positions of the scenes at which Stash failed, by the errors' paths: `findScenes`, `scenes`, position, member. */
function failedRows(errors: GraphqlAnswer['errors']): Set<unknown> {
  return new Set(errors.flatMap(({ path = [] }) => (path[1] === 'scenes' ? path.slice(2, 3) : [])));
}

function rowsOf(answer: unknown, failed: ReadonlySet<unknown>): Omit<ReadPage, 'selection'> {
  const parsed = pageSchema.safeParse(answer);
  if (!parsed.success) throw unexpectedShape(parsed.error);
  const rows = (parsed.data.scenes ?? []).map((scene, index) => {
    const row = rowSchema.safeParse(scene);
    if (!row.success) throw unexpectedShape(row.error);
    return { id: Number(row.data.id), stamp: row.data, answer: scene, isWhole: !failed.has(index) };
  });
  return { rows, count: parsed.data.count };
}

function unexpectedShape(cause: unknown): StashError {
  return new StashError('rejected', 'Stash lists its scenes in another form than Stash2Plex knows.', {
    cause,
  });
}

/** @throws StashError when the page leads nowhere: the walk would never end. */
function lastId(rows: readonly ReadRow[], before: number): number {
  const last = rows.at(-1)?.id ?? before;
  if (last > before) return last;
  throw unexpectedShape(new Error(`after scene ${before} came scene ${last}`));
}

const DECODERS: {
  [S in SceneSelection]: (row: ReadRow, facts: readonly SceneFact[]) => SceneSelections[S];
} = {
  ids: ({ id, stamp }) => ({ id, updatedAt: stamp.updated_at ?? null }),
  whole({ answer, isWhole, single }, facts) {
    if (single instanceof StashError) throw single;
    if (!single && !isWhole) throw unexpectedShape(new Error('a member could not be read'));
    return single ?? decodeScene(answer, facts);
  },
};

function decodeRows<S extends SceneSelection>(
  select: S,
  rows: readonly ReadRow[],
  facts: readonly SceneFact[],
): Pick<ScenePage<S>, 'scenes' | 'unreadable'> {
  const result: Pick<ScenePage<S>, 'scenes' | 'unreadable'> = { scenes: [], unreadable: [] };
  for (const row of rows) {
    try {
      result.scenes.push(DECODERS[select](row, facts));
    } catch {
      result.unreadable.push(row.id);
    }
  }
  return result;
}

/** The scenes of a page that Stash could not answer in one piece; one that is gone by now is left out. */
async function readSingly(rows: readonly ReadRow[], { scenes }: WalkSource): Promise<ReadRow[]> {
  const result: ReadRow[] = [];
  for (let start = 0; start < rows.length; start += SINGLES_PER_REQUEST) {
    const portion = rows.slice(start, start + SINGLES_PER_REQUEST);
    const found = await scenes(portion.map(({ id }) => id));
    for (const row of portion) {
      const single = found.get(row.id);
      if (single) result.push({ ...row, single });
    }
  }
  return result;
}

/** Milliseconds since the epoch. */
interface ExactBounds {
  createdAtMs: number;
  updatedAtMs: number;
}

function exactBounds({ createdAfter, updatedAfter }: SceneWalk): ExactBounds {
  return { createdAtMs: boundOf(createdAfter), updatedAtMs: boundOf(updatedAfter) };
}

/** Stash stores whole seconds: what happened later within the same second counts as after. */
function boundOf(time: string | undefined): number {
  if (time === undefined) return Number.NEGATIVE_INFINITY;
  const atMs = Date.parse(time);
  if (Number.isNaN(atMs)) throw new RangeError(`"${time}" is no time.`);
  return Math.floor(atMs / 1000) * 1000;
}

function isWithin({ createdAtMs, updatedAtMs }: ExactBounds, { created_at, updated_at }: Row): boolean {
  const isSince = (time: string | null | undefined, boundMs: number) => !(Date.parse(time ?? '') < boundMs);
  return isSince(created_at, createdAtMs) && isSince(updated_at, updatedAtMs);
}

/**
 * Stash compares times as text, written with the offset of their day and place, up to 14 hours from UTC. Two days earlier, the day alone
 * sorts a text below every one that may count, in whatever form it was written.
 */
const SLACK_MS = 48 * 3_600_000;

function roughBounds(walk: SceneWalk): Record<string, object> {
  const { createdAtMs, updatedAtMs } = exactBounds(walk);
  const criterion = (atMs: number) => ({
    value: `${new Date(atMs - SLACK_MS).toISOString().slice(0, 19)}Z`,
    modifier: 'GREATER_THAN',
  });
  return {
    ...(walk.createdAfter === undefined ? {} : { created_at: criterion(createdAtMs) }),
    ...(walk.updatedAfter === undefined ? {} : { updated_at: criterion(updatedAtMs) }),
    ...(walk.aboveUpdatedAt === undefined
      ? {}
      : { updated_at: { value: walk.aboveUpdatedAt, modifier: 'GREATER_THAN' } }),
  };
}
