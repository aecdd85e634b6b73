import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync } from '../queue/Job.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import type { ReadAhead } from './ReadAhead.ts';
import type { Batch } from './readBatch.ts';
import type { SceneContext } from './SceneContext.ts';

/** What is known about a scene before its turn. */
export interface SceneInput {
  sceneId: number;
  /** As read from Stash just now; undefined when it does not exist any more. */
  scene: Scene | undefined;
  /** What the last sync left. */
  previous: SceneSync | undefined;
  /** The item of the last sync in full, or undefined when Plex has it no more. */
  knownItem: () => Promise<PlexItem | undefined>;
  /** What was read for a whole batch; left out: everything is asked now. */
  readAhead?: ReadAhead;
  /** Keeps what was written so far, in case a later step fails: otherwise it would count as the user's for ever. */
  remember: (sync: SceneSync) => void;
}

/** What a batch has of one of its scenes. @throws StashError when Stash could not read it. */
export function batchInput(
  sceneId: number,
  { scenes, syncs, items }: Batch,
  { plex }: Pick<SceneContext, 'plex'>,
): Omit<SceneInput, 'remember'> {
  const scene = scenes.get(sceneId);
  if (scene instanceof StashError) throw scene;
  const previous = syncs.get(sceneId);
  return {
    sceneId,
    scene,
    previous,
    async knownItem() {
      const key = previous?.ratingKey;
      if (!key) return undefined;
      const taken = items.take(key);
      return taken ? taken.item : (await plex.items([key]))[0];
    },
    readAhead: items,
  };
}
