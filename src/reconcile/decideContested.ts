import { decideOwners, type OpenItem } from '../scene/decideOwners.ts';
import type { Scene } from '../stash/Scene.ts';
import { type Examination, examineScene, type Run } from './examineScene.ts';

/** A scene with items about which has to be decided. */
export type Contested = Extract<Examination, { outcome: 'contested' }>;

/**
 * Decides whose the items are, by the rule and the record of a sync, in a request or two for all of them, and looks at the scenes again.
 *
 * @throws StashError
 */
export async function decideContested(contested: readonly Contested[], run: Run): Promise<Examination[]> {
  if (contested.length === 0) return [];
  const { context, listing, scope } = run;
  const { serverId } = listing;
  const open = new Map<string, OpenItem & { scenes: Scene[] }>();
  for (const { scene, items } of contested) {
    for (const item of items) {
      const entry = open.get(item.ratingKey) ?? { item, scenes: [] };
      entry.scenes.push(scene);
      open.set(item.ratingKey, entry);
    }
  }
  const decisions = await decideOwners([...open.values()], serverId, context);
  // Who looks at all scenes looks at the owner as well, and queues it if there is anything to do.
  const looksAtAll = scope.withinSecs === undefined && !scope.isOnlyEmpty && context.limits.maxScenes === 0;
  context.db
    .transaction(() => {
      for (const [ratingKey, decision] of decisions) {
        const { sectionKey } = (open.get(ratingKey) as OpenItem).item;
        const bySceneId = looksAtAll ? decision.ownerId : undefined;
        context.jobs.owners.decide(
          { serverId, ratingKey, sectionKey },
          decision,
          bySceneId,
          context.clock.now(),
        );
      }
    })
    .immediate();
  run.hasDecisions ||= decisions.size > 0;
  return contested.map(({ scene, sceneId }) => {
    const examination = examineScene(scene, run);
    return examination.outcome === 'contested' ? { outcome: 'undecided', sceneId } : examination;
  });
}
