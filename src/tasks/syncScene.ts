import type { QueuedReport } from './pageReports.ts';
import type { Task, TaskReport } from './Task.ts';
import { requiredSceneId } from './taskArgs.ts';

/**
 * `sync_scene`: has one scene looked at before all others, as after an edit of it: what is right in Plex already costs one look. Nobody is
 * asked here; a scene that Stash does not have comes to its end at its turn.
 *
 * @throws TaskError when `scene_id` is no scene's number.
 */
export const syncScene: Task = async (context, args): Promise<TaskReport & QueuedReport> => {
  const sceneId = requiredSceneId(args, 'scene_id');
  context.queueFirst(sceneId);
  const isWoken = context.wakeDrainer();
  const next = isWoken
    ? 'the background process works on it.'
    : 'run the task "Process Queue" for it, because background work is switched off.';
  const summary = `Scene ${sceneId} is queued before all others; ${next}`;
  context.log.info(summary);
  return { summary, queued: 1 };
};
