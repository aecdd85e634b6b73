import type { QueuedReport } from './pageReports.ts';
import { type Task, type TaskContext, TaskError } from './Task.ts';
import { sceneIdArg, type TaskArgs, textArg } from './taskArgs.ts';

/** As Plex writes the numbers of its items. */
const RATING_KEY = /^\d{1,19}$/;

/**
 * Operation `choose_item`: the Plex item `rating_key` is the scene's from now on, where matching cannot tell or is wrong; a blank one
 * forgets what was chosen. The scene is queued at once, and leaves the dead letters. Nobody is asked: that the item holds a file of such
 * a name is seen at the sync, before anything is written.
 *
 * @throws TaskError when an argument is wrong, or `server_id` is missing where several Plex servers are known.
 */
export const chooseItem: Task = async (context, args) => {
  const { jobs, clock, log } = context;
  const sceneId = sceneIdArg(args, 'scene_id');
  if (sceneId === undefined)
    throw new TaskError('"scene_id" is missing: the number of a scene, as in the address of its page.');
  const ratingKey = ratingKeyArg(args);
  const given = textArg(args, 'server_id');
  if (ratingKey === undefined) {
    const forgotten = jobs.chosen.forget(sceneId, given, clock.now());
    return forgotten > 0
      ? queued(`What was chosen for scene ${sceneId} is forgotten`, context)
      : nothing(`Nothing was chosen for scene ${sceneId}; there is nothing to forget.`, log);
  }
  const serverId = serverOf(given, context.knownServers());
  jobs.chosen.choose(sceneId, { serverId, ratingKey }, clock.now());
  return queued(`Plex item ${ratingKey} was chosen for scene ${sceneId}`, context);
};

function queued(
  what: string,
  { log, wakeDrainer }: TaskContext,
): QueuedReport & { [figure: string]: unknown } {
  const outlook = wakeDrainer()
    ? 'The scene is queued, and the background drainer works on it.'
    : 'The scene is queued; run the task "Process Queue" for it.';
  const summary = `${what}. ${outlook}`;
  log.info(summary);
  return { summary, queued: 1 };
}

function nothing(summary: string, log: TaskContext['log']): QueuedReport & { [figure: string]: unknown } {
  log.info(summary);
  return { summary, queued: 0 };
}

/** @returns undefined for a blank one. @throws TaskError */
function ratingKeyArg(args: TaskArgs): string | undefined {
  const value = args['rating_key'];
  if (value === undefined || value === null)
    throw new TaskError(
      '"rating_key" is missing: the number of a Plex item, or blank to forget what was chosen.',
    );
  const text = typeof value === 'number' ? String(value) : (textArg(args, 'rating_key') ?? '');
  if (text === '') return undefined;
  if (RATING_KEY.test(text)) return text;
  throw new TaskError(
    `"rating_key" must be the number of a Plex item, as "Explain Scene" names it, not ${JSON.stringify(text.slice(0, 100))}.`,
  );
}

/** @throws TaskError unless it is clear which server is meant. */
function serverOf(given: string | undefined, known: readonly string[]): string {
  const [only] = known;
  if (given === undefined) {
    if (only !== undefined && known.length === 1) return only;
    throw new TaskError(
      only === undefined
        ? 'The plugin has not met a Plex server yet: run "Explain Scene" for the scene first.'
        : `"server_id" is missing, and several Plex servers are known: ${known.join(', ')}.`,
    );
  }
  if (known.length === 0 || known.includes(given)) return given;
  throw new TaskError(
    `"server_id" is "${given.slice(0, 100)}", which is no Plex server that the plugin knows; there are: ${known.join(', ')}.`,
  );
}
