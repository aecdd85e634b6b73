import type { QueuedReport } from './pageReports.ts';
import type { TaskReport } from './Task.ts';
import { requiredSceneId } from './taskArgs.ts';
import type { View } from './View.ts';

/**
 * `sync_scene`: has one scene looked at before all others, as after an edit of it: what is right in Plex already costs one look. Nobody is
 * asked here; a scene that Stash does not have comes to its end at its turn.
 *
 * @throws TaskError when `scene_id` is no scene's number; StorageError when it could not be queued.
 */
export const syncScene: View = async ({ queueFirst }, args): Promise<TaskReport & QueuedReport> => {
  const sceneId = requiredSceneId(args, 'scene_id');
  const next = queueFirst(sceneId)
    ? 'the background process works on it.'
    : 'run the task "Process Queue" for it, because background work is switched off.';
  return { summary: `Scene ${sceneId} is queued before all others; ${next}`, queued: 1 };
};
