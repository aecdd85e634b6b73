import { isRecord } from '../config/pluginInput.ts';

/** `args.hookContext` of Stash's input document; every member is untrusted. */
export interface HookContext {
  /** The affected object; a number, while ids inside `input` are strings. */
  id: number;
  /** The trigger, for example `Scene.Update.Post`. */
  type: string;
  /** Object, array, string or null, depending on the operation that fired the hook. */
  input?: unknown;
  /** Names of the fields that the caller passed; absent when empty or not applicable. */
  inputFields?: readonly string[];
}

/** Whether `args.hookContext` has what every hook of Stash has. */
export function isHookContext(value: unknown): value is HookContext {
  return isRecord(value) && typeof value['id'] === 'number' && typeof value['type'] === 'string';
}

/** What an event asks for. */
export type SceneEvent =
  | { action: 'ignore' }
  | { action: 'sync'; sceneId: number }
  | { action: 'forget'; sceneId: number };

const IGNORE: SceneEvent = { action: 'ignore' };

/**
 * Input fields whose change can change the Plex item. Others (play count, organised flag, markers, links) have
 * nothing to show there. `stash_ids` is how an identification shows.
 */
const SYNCED_FIELDS: ReadonlySet<string> = new Set([
  'title',
  'details',
  'date',
  'rating',
  'rating100',
  'studio_id',
  'studio',
  'performer_ids',
  'performers',
  'tag_ids',
  'tags',
  'cover_image',
  'stash_ids',
  'primary_file_id',
]);

/**
 * Decides what a hook event asks for (W-41 to W-43).
 *
 * `Scene.Update.Post` matters when one of the fields that the caller really passed is synced. A null input is a
 * file scan: no metadata was changed. `Scene.Destroy.Post` makes a waiting job pointless.
 */
export function sceneEvent(context: HookContext): SceneEvent {
  if (!Number.isSafeInteger(context.id) || context.id <= 0) return IGNORE;
  if (context.type === 'Scene.Destroy.Post') return { action: 'forget', sceneId: context.id };
  if (context.type !== 'Scene.Update.Post') return IGNORE;
  const matters = changedFields(context).some((field) => SYNCED_FIELDS.has(field));
  return matters ? { action: 'sync', sceneId: context.id } : IGNORE;
}

/**
 * The fields that the caller passed: `inputFields`, or without it the members of this scene's input object that
 * are present and not null (`sceneUpdate` fills in null for all that was not given).
 */
function changedFields({ id, input, inputFields }: HookContext): readonly string[] {
  if (Array.isArray(inputFields)) return inputFields;
  const own = Array.isArray(input)
    ? input.find((entry) => isRecord(entry) && entry['id'] === String(id))
    : input;
  if (!isRecord(own)) return [];
  return Object.keys(own).filter((key) => own[key] !== null && own[key] !== undefined);
}
