import type { UndoSelection } from '../queue/UndoLog.ts';
import { TaskError } from './Task.ts';
import { flagArg, sceneIdArg, type TaskArgs, textArg } from './taskArgs.ts';

const UNITS_MS = { h: 3_600_000, d: 86_400_000 } as const;

/** Which items a restore means. Several arguments narrow each other down. @throws TaskError when none says so, or one is wrong. */
export function selectionOf(args: TaskArgs, nowMs: number): UndoSelection {
  const sceneId = sceneIdArg(args, 'scene_id');
  const sceneIds = [...(sceneId === undefined ? [] : [sceneId]), ...sceneIdsArg(args)];
  const ratingKey = ratingKeyArg(args);
  const since = textArg(args, 'since');
  const isAll = flagArg(args, 'all');
  if (sceneIds.length === 0 && ratingKey === undefined && since === undefined && !isAll)
    throw new TaskError(
      'Say which Plex items are meant: "scene_id", "scene_ids", "rating_key", "since" (such as 24h) or "all".',
    );
  return {
    ...(sceneIds.length > 0 ? { sceneIds } : {}),
    ...(ratingKey === undefined ? {} : { ratingKeys: [ratingKey] }),
    ...(since === undefined ? {} : { changedSinceMs: timeOf(since, nowMs) }),
  };
}

/** Numbers of scenes with commas between them; also the number that Stash's API may give for one. */
function sceneIdsArg(args: TaskArgs): number[] {
  const { scene_ids: value } = args;
  const text = typeof value === 'number' ? String(value) : textArg(args, 'scene_ids');
  return (text ?? '')
    .split(',')
    .filter((id) => id.trim() !== '')
    .flatMap((id) => sceneIdArg({ scene_ids: id }, 'scene_ids') ?? []);
}

function ratingKeyArg(args: TaskArgs): string | undefined {
  const { rating_key: value } = args;
  const text = typeof value === 'number' ? String(value) : textArg(args, 'rating_key');
  if (text === undefined || /^\d+$/.test(text)) return text;
  throw new TaskError(
    `"rating_key" must be the number of a Plex item, not ${JSON.stringify(text.slice(0, 100))}.`,
  );
}

/** A span before now, such as `24h` or `7d`, or a date and time; a date alone begins at midnight where Stash runs. */
function timeOf(text: string, nowMs: number): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([hd])$/i.exec(text) ?? [];
  const atMs = amount
    ? nowMs - Number(amount) * UNITS_MS[unit?.toLowerCase() === 'd' ? 'd' : 'h']
    : Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (Number.isFinite(atMs) && atMs <= nowMs) return Math.max(Math.round(atMs), 0);
  throw new TaskError(
    `"since" must be a span such as 24h or 7d, or a date in the past such as 2026-01-31, not ${JSON.stringify(text.slice(0, 100))}.`,
  );
}
