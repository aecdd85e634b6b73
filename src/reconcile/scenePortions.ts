import type { Scene } from '../stash/Scene.ts';
import type { SceneWalk } from '../stash/SceneWalk.ts';
import { StashError } from '../stash/StashError.ts';
import type { ReconcileContext } from './ReconcileContext.ts';
import type { RunTables } from './RunTables.ts';
import type { ScopeDefinition } from './scopes.ts';

/** Some scenes of a run's scope. */
export interface ScenePortion {
  scenes: Scene[];
  /** Scenes that exist, and that Stash cannot read. */
  unreadable: number;
  /** How far the run has got, 0 to 1. */
  share: number;
}

/** Scenes that one request to Stash names one by one. */
const NAMED_PER_REQUEST = 100;

/**
 * Every scene of a scope, each once, a portion at a time; all scenes that Stash has are noted in the run's tables when the scope is
 * everything. With a cap the newest come first, by their numbers, which count up in Stash; who takes the portions ends the walk.
 *
 * @throws StashError while it is iterated.
 */
export function scenePortions(
  scope: ScopeDefinition,
  context: Pick<ReconcileContext, 'stash' | 'settings' | 'limits' | 'clock'>,
  tables: RunTables,
): AsyncIterable<ScenePortion> {
  const walks = walksOf(scope, context.clock.now());
  return context.limits.maxScenes > 0 ? newestFirst(walks, context, tables) : inOrder(walks, context, tables);
}

/** A scene that was created or updated within the time: two walks, because Stash joins conditions by "and". */
function walksOf(
  { withinSecs }: ScopeDefinition,
  nowMs: number,
): Pick<SceneWalk, 'createdAfter' | 'updatedAfter'>[] {
  if (withinSecs === undefined) return [{}];
  // With a zone, so that it means the same wherever Stash runs (W-65).
  const since = new Date(nowMs - withinSecs * 1000).toISOString();
  return [{ createdAfter: since }, { updatedAfter: since }];
}

async function* inOrder(
  walks: ReturnType<typeof walksOf>,
  { stash, settings }: Pick<ReconcileContext, 'stash' | 'settings'>,
  tables: RunTables,
): AsyncGenerator<ScenePortion> {
  const pageSize = settings.reconcile_batch_size;
  for (const [position, bounds] of walks.entries()) {
    for await (const page of stash.scenePages({ select: 'whole', ...bounds, pageSize })) {
      const isNew = newOnes(tables, [...page.scenes.map(({ id }) => id), ...page.unreadable]);
      yield {
        scenes: page.scenes.filter(({ id }) => isNew.has(id)),
        unreadable: page.unreadable.filter((id) => isNew.has(id)).length,
        share: (position + (page.total === 0 ? 1 : page.walked / page.total)) / walks.length,
      };
    }
  }
}

async function* newestFirst(
  walks: ReturnType<typeof walksOf>,
  { stash }: Pick<ReconcileContext, 'stash'>,
  tables: RunTables,
): AsyncGenerator<ScenePortion> {
  let total = 0;
  for (const bounds of walks) {
    for await (const page of stash.scenePages({ select: 'ids', ...bounds })) {
      total += newOnes(tables, [...page.scenes.map(({ id }) => id), ...page.unreadable]).size;
    }
  }
  let passed = 0;
  for (let below = Number.MAX_SAFE_INTEGER; ; ) {
    const ids = tables.seenBelow(below, NAMED_PER_REQUEST);
    const last = ids.at(-1);
    if (last === undefined) return;
    below = last;
    passed += ids.length;
    const found = [...(await stash.scenes(ids)).values()];
    const scenes = found.filter((scene) => !(scene instanceof StashError)) as Scene[];
    yield {
      scenes: scenes.sort((left, right) => right.id - left.id),
      unreadable: found.length - scenes.length,
      share: passed / total,
    };
  }
}

function newOnes(tables: RunTables, ids: readonly number[]): Set<number> {
  // A number that is none could not be noted.
  return new Set(tables.see(ids.filter(Number.isSafeInteger)));
}
