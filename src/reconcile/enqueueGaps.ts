import { syncExtent } from '../edit/syncExtent.ts';
import { enqueueScenes } from '../queue/enqueueScenes.ts';
import type { Examination, Run } from './examineScene.ts';
import { fingerprint } from './fingerprint.ts';
import type { Gap } from './Gap.ts';
import type { Attempts } from './SceneMemory.ts';

/** What became of a gap. */
export type GapOutcome = 'enqueued' | 'alreadyQueued' | 'noMetadata' | 'leftAlone';

export type FoundGap = Extract<Examination, { outcome: 'gap' }>;

/** Scenes queued so often in a row for one and the same gap are left alone: writing does not help (W-53). */
const MAX_ATTEMPTS = 3;
/** A scene that Plex does not have gets one job with all its patience; when its item comes, that is another gap. */
const MAX_ATTEMPTS_NOT_IN_PLEX = 1;
/** After so long it may be tried again: somebody may be undoing what is written. */
const PAUSE_MS = 7 * 86_400_000;

/**
 * Queues the scenes of gaps, unless they wait already, have nothing to sync, or were queued in vain before; all in one transaction. A
 * job that ended long ago does not count (W-70).
 *
 * @returns what became of each gap, in their order.
 */
export function enqueueGaps(found: readonly FoundGap[], run: Run): GapOutcome[] {
  const { db, jobs } = run.context;
  if (found.length === 0) return [];
  return db
    .transaction(() => {
      const queued = jobs.queuedSceneIds(found.map(({ sceneId }) => sceneId));
      return found.map((each) => (queued.has(each.sceneId) ? 'alreadyQueued' : enqueue(each, run)));
    })
    .immediate();
}

function enqueue({ sceneId, gap, scene, wasSynced }: FoundGap, { context, memory }: Run): GapOutcome {
  // The rule of a sync: a scene that was synced and then emptied is emptied in Plex as well.
  if (!wasSynced && syncExtent(scene, undefined) === 'nothing') return 'noMetadata';
  const nowMs = context.clock.now();
  const gapKey = fingerprint(gap.key);
  const inVain = attemptsInVain(memory.attempts(sceneId), gapKey, gap, nowMs);
  if (inVain >= limitOf(gap)) return 'leftAlone';
  enqueueScenes(context.db, [sceneId], nowMs);
  memory.recordAttempt(sceneId, { gapKey, attempts: inVain + 1, lastAtMs: nowMs });
  return 'enqueued';
}

function limitOf({ isNotInPlex }: Gap): number {
  return isNotInPlex ? MAX_ATTEMPTS_NOT_IN_PLEX : MAX_ATTEMPTS;
}

/** How often the scene was queued for this very gap, as far as that still counts. */
function attemptsInVain(
  last: Attempts | undefined,
  gapKey: string,
  { isNotInPlex }: Gap,
  nowMs: number,
): number {
  if (!last || last.gapKey !== gapKey) return 0;
  const ageMs = nowMs - last.lastAtMs;
  // Nothing but Plex itself can bring the item; a time in the future was written before the clock was set back.
  const isOver = !isNotInPlex && (ageMs >= PAUSE_MS || ageMs < 0);
  return isOver ? 0 : last.attempts;
}
