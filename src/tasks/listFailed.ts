import { counted } from '../log/counted.ts';
import type { DeadLetterSummary } from '../queue/DeadLetter.ts';
import type { ItemOwners } from '../queue/ItemOwners.ts';
import { sharedText } from '../scene/SharedItem.ts';
import { remedyFor } from './remedyFor.ts';
import type { Task, TaskContext } from './Task.ts';
import { numberArg } from './taskArgs.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1_000;
/** A line of Stash's log has to stay readable, and below 64 KiB (W56). */
const MESSAGE_LENGTH = 200;

type SharedScenes = ReturnType<ItemOwners['shared']>;

/** Scenes that were given up for one reason. */
interface FailedGroup {
  type: string;
  count: number;
  remedy: string;
  /** The newest of them. */
  scenes: { sceneId: number | null; message: string; failedAt: string }[];
}

/**
 * Task "List Failed Jobs": the scenes that were given up, by reason, the most frequent first, with what helps. Of each reason the newest
 * `limit` scenes are listed; apart from them the first scenes that are not written because another scene owns their item (A2): nothing
 * failed there. Only looks.
 *
 * @throws TaskError when `limit` is no such number.
 */
export const listFailed: Task = async (context, args) => {
  const { log, deadLetters, jobs } = context;
  const rule = { default: DEFAULT_LIMIT, minimum: 1, maximum: MAX_LIMIT, isWhole: true, unit: 'scenes' };
  const limit = numberArg(args, 'limit', rule);
  const groups = Object.entries(deadLetters.errorSummary()).map(
    ([type, count]): FailedGroup => ({
      type,
      count,
      remedy: remedyFor(type),
      scenes: deadLetters.ofType(type, limit).map(listed),
    }),
  );
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const shared = jobs.owners.shared(limit);
  const note = shared.total > 0 ? ` ${sharedSentence(shared.total)}` : '';
  if (total === 0) {
    const summary = `No scenes were given up.${note}`;
    logShared(shared, context);
    log.info(summary);
    return { summary, total, groups, shared };
  }
  log.info('=== Failed Jobs ===');
  for (const group of groups) logGroup(group, context);
  logShared(shared, context);
  const reasons = groups.map(({ type, count }) => `${count} ${type}`).join(', ');
  const summary = `${counted(total, 'scene', ['was', 'were'])} given up (${reasons}). When the cause is gone, run "Retry Failed Jobs".${note}`;
  log.info(summary);
  return { summary, total, groups, shared };
};

function sharedSentence(count: number): string {
  return `${counted(count, 'scene', ['is', 'are'])} not written because another scene owns the Plex item.`;
}

function logShared({ total, scenes }: SharedScenes, { log }: TaskContext): void {
  if (total === 0) return;
  log.info('=== Shared Items ===');
  log.info(
    '  One scene writes to an item: the one of its first file. Split the item in Plex to have one for each scene.',
  );
  for (const { sceneId, ownerId, ratingKey, title } of scenes)
    log.info(`  scene ${sceneId}: ${sharedText({ ratingKey, title, ownerId: ownerId ?? undefined })}`);
  if (total > scenes.length) log.info(`  and ${total - scenes.length} more`);
}

function listed({ sceneId, errorMessage, failedAt }: DeadLetterSummary): FailedGroup['scenes'][number] {
  const message = errorMessage ?? 'no message';
  const cut = message.length > MESSAGE_LENGTH ? `${message.slice(0, MESSAGE_LENGTH).trimEnd()}…` : message;
  return { sceneId, message: cut, failedAt: `${failedAt.replace(' ', 'T')}Z` };
}

function logGroup({ type, count, remedy, scenes }: FailedGroup, { log }: TaskContext): void {
  log.info(`${type}: ${count}`);
  log.info(`  ${remedy}`);
  const names = scenes.map(({ sceneId }) => (sceneId === null ? 'no scene' : `scene ${sceneId}`));
  const width = Math.max(...names.map((name) => name.length));
  for (const [index, { message, failedAt }] of scenes.entries()) {
    const at = new Date(failedAt).toLocaleString('sv-SE');
    log.info(`  ${(names[index] ?? '').padEnd(width)}  ${at}  ${message}`);
  }
  if (count > scenes.length) log.info(`  and ${count - scenes.length} more`);
}
