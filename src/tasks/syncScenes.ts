import type { QueuedScenes } from '../drain/queueScenes.ts';
import { counted } from '../log/counted.ts';
import { gatesInForce } from '../scene/gates/gateSettings.ts';
import { alignedLines } from './alignedLines.ts';
import { type Task, type TaskContext, TaskError, type TaskReport } from './Task.ts';
import { numberArg } from './taskArgs.ts';

const DEFAULT_HOURS = 24;
const HOUR_MS = 3_600_000;

/**
 * Task "Sync All": queues every scene of Stash for the drainer in the background, also those that were synced already: what is equal in
 * Plex costs next to nothing, and what is not is set right (W-70). It does not wait for the drainer: Stash runs one task at a time.
 */
export const syncAll: Task = (context) => queueInBackground('Sync All', undefined, context);

/** Task "Sync Recent": the same for scenes that were added or changed within the last `hours`. @throws TaskError */
export const syncRecent: Task = (context, args) => {
  const hours = numberArg(args, 'hours', { default: DEFAULT_HOURS, minimum: 0, unit: 'hours' });
  return queueInBackground('Sync Recent', context.clock.now() - hours * HOUR_MS, context);
};

/** @throws TaskError when Stash fails before all scenes are queued; what is queued stays queued. */
async function queueInBackground(
  title: string,
  changedSinceMs: number | undefined,
  context: TaskContext,
): Promise<TaskReport> {
  const { log } = context;
  let isWoken = false;
  log.progress(0);
  const figures = await context.queueScenes({
    ...(changedSinceMs === undefined ? {} : { changedSinceMs: Math.max(changedSinceMs, 0) }),
    onPage({ queued }, share) {
      // From the first page on: whoever stops this task leaves scenes behind that somebody must come for.
      if (queued > 0 && !isWoken) isWoken = context.wakeDrainer();
      log.progress(share);
    },
  });
  if (figures.queued + figures.alreadyQueued > 0) isWoken = context.wakeDrainer();
  const { problem, scenes, queued, alreadyQueued } = figures;
  if (problem) {
    throw new TaskError(
      `${problem} ${counted(queued, 'scene', WERE)} queued before that; run the task again for the rest.`,
    );
  }
  log.info(`=== ${title} ===`);
  const rows = [
    [changedSinceMs === undefined ? 'Scenes in Stash' : 'Scenes changed', scenes],
    ['Queued now', queued],
    ['Waiting already', alreadyQueued],
  ] as const;
  for (const line of alignedLines(rows)) log.info(line);
  const summary = `${sentence(figures)}${await outlook(figures, isWoken, context)}`;
  log.info(summary);
  log.progress(1);
  return { summary, scenes, queued, alreadyQueued };
}

const WERE = ['was', 'were'] as const;

function sentence({ scenes, queued, alreadyQueued }: QueuedScenes): string {
  if (scenes === 0) return 'Stash has no such scenes; there is nothing to sync.';
  if (queued === 0)
    return `${counted(alreadyQueued, 'scene', ['waits', 'wait'])} to be synced already, none was added.`;
  return `${counted(queued, 'scene', WERE)} queued${alreadyQueued > 0 ? `, ${alreadyQueued} waited already` : ''}.`;
}

/** What happens next, and when. */
async function outlook(
  { queued, alreadyQueued }: QueuedScenes,
  isWoken: boolean,
  { reliability, session }: TaskContext,
): Promise<string> {
  if (queued + alreadyQueued === 0) return '';
  if (!isWoken) return ' Run the task "Process Queue" for the sync.';
  const gates = gatesInForce(await session.open());
  const held = gates.length === 0 ? '' : ` Scenes that a gate holds back (${gates.join(', ')}) are left out.`;
  const isPlexThere = (await reliability.breaker.state()) === 'closed';
  return isPlexThere
    ? ` The background drainer works on them.${held}`
    : ` Plex does not answer at present; the sync goes on by itself when it is back.${held}`;
}
