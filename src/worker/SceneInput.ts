import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync } from '../queue/Job.ts';
import type { Scene } from '../stash/Scene.ts';
import type { ReadAhead } from './ReadAhead.ts';

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
