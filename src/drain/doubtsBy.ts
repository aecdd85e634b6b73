import type { Evidence } from '../failures/Evidence.ts';
import { PICTURE_OPERATIONS } from '../failures/Operation.ts';
import type { SceneDoubts } from '../scene/SceneContext.ts';
import type { Clock } from '../time/clock.ts';

/** What the evidence of this process says to the sync of a scene. */
export function doubtsBy(evidence: Evidence, clock: Clock): SceneDoubts {
  return {
    isEditProven: (sceneId) => evidence.isProven('edit', sceneId),
    doPicturesFail: () =>
      PICTURE_OPERATIONS.some((operation) => evidence.isBlocked(operation, clock.monotonic())),
  };
}
