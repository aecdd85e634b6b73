import { createPathIndex } from '../../src/plex/PathIndex.ts';
import { createPathMap } from '../../src/plex/pathMap.ts';
import type { WrittenMemory } from '../../src/queue/Job.ts';
import { createSceneSyncs } from '../../src/queue/sceneSyncs.ts';
import type { ReconciliationResult } from '../../src/reconcile/ReconciliationResult.ts';
import {
  createReconciliationScheduler,
  type ReconciliationScheduler,
} from '../../src/reconcile/ReconciliationScheduler.ts';
import {
  type RunEnd,
  type RunnerContext,
  type RunRequest,
  runReconciliation,
} from '../../src/reconcile/runReconciliation.ts';
import type { ReconcileScope } from '../../src/reconcile/scopes.ts';
import { type Bench, type BenchOptions, startBench } from './startBench.ts';
import type { NewScene } from './stashDouble/startStashDouble.ts';
import { itemAsSynced } from './syncedLibrary.ts';

/** A bench on which reconciliations run. */
export interface ReconcileBench extends Bench {
  scheduler: ReconciliationScheduler;
  /** Settings of the runs to come. */
  runnerSettings: Record<string, unknown>;
  runner(): RunnerContext;
  /** A run of the user's, with a fresh look at the libraries. */
  run(scope?: ReconcileScope, request?: Partial<RunRequest>): Promise<RunEnd>;
  /** The same, without its error: fails the test if there was one. */
  reconcile(scope?: ReconcileScope): Promise<ReconciliationResult>;
  /** A scene at `/data/films/<name>.mkv` whose item is as a sync leaves it, and is known to be. */
  synced(name: string, scene?: NewScene, written?: WrittenMemory): number;
  /** Notes a sync of a scene that was added otherwise. */
  markSynced(sceneId: number, name: string, written?: WrittenMemory): void;
  /** Scenes that wait in the queue. */
  queued(): number[];
  clearQueue(): void;
}

export interface ReconcileBenchOptions extends BenchOptions {
  limits?: RunnerContext['limits'];
}

/** Starts it; it is gone after the test. */
export async function startReconcileBench(options: ReconcileBenchOptions = {}): Promise<ReconcileBench> {
  const bench = await startBench(options);
  const { db, clock, plex, stash } = bench;
  const syncs = createSceneSyncs(db);
  const scheduler = createReconciliationScheduler({
    path: `${bench.dataFolder}/reconciliation_state.json`,
    clock,
    log: bench.context.log,
  });
  const runner = (): RunnerContext => ({
    ...bench.restart(bench2.runnerSettings),
    db,
    scheduler,
    limits: options.limits ?? { usesPlexUnmatched: true, maxScenes: 0 },
    index: createPathIndex(db),
    map: createPathMap(bench.context.settings.path_map),
  });
  const run: ReconcileBench['run'] = (scope = 'all', request = {}) =>
    runReconciliation({ scope, trigger: 'manual', ...request }, runner());
  const bench2: ReconcileBench = Object.assign(bench, {
    scheduler,
    runnerSettings: {},
    runner,
    run,
    async reconcile(scope: ReconcileScope = 'all') {
      const { result, error } = await run(scope);
      if (error !== undefined) throw error;
      return result;
    },
    synced(name: string, scene: NewScene = {}, written: WrittenMemory = {}) {
      const full = { details: `About ${name}.`, ...scene };
      const id = bench.scanned(name, full, itemAsSynced(name, full));
      bench2.markSynced(id, name, written);
      return id;
    },
    markSynced(sceneId: number, name: string, written: WrittenMemory = {}) {
      const { ratingKey, sectionKey } = bench.item(name);
      const sync = {
        sceneUpdatedAt: stash.scenes.get(sceneId)?.updated_at ?? null,
        serverId: plex.library.machineIdentifier,
        sectionKey,
        ratingKey,
        written: { file: `/media/films/${name}.mkv`, ...written },
      };
      syncs.save(sceneId, sync, clock.now());
    },
    queued: () => db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all() as number[],
    clearQueue: () => void db.exec('DELETE FROM jobs'),
  });
  return bench2;
}
