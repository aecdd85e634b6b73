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
export type SceneEvent = { action: 'ignore' } | SceneChangeEvent;

/** Scenes that changed, or are gone. */
export interface SceneChangeEvent {
  action: 'sync' | 'forget';
  /** What only this hook tells: its own scene, or none. */
  sceneIds: number[];
  /** What the hooks of all scenes of one mutation tell alike. */
  bulk?: BulkMutation;
}

/**
 * A mutation of several scenes: it is committed as a whole before the first hook runs, and then each scene gets its hook, one after
 * another in this order, with the same input (protocol sections 7 and 8).
 */
export interface BulkMutation {
  /** Scenes that are concerned by what the input shows. */
  sceneIds: number[];
  /** Place of the hook's own scene among all of the mutation. */
  position: number;
  /** What is the same for all hooks of the mutation. */
  input: unknown;
}

const IGNORE: SceneEvent = { action: 'ignore' };

/**
 * Input fields whose change can change the Plex item, or whether a gate holds the scene back: `organized` and `stash_ids` (the latter is also
 * how an identification shows). Others (play count, markers, links) have nothing to show there. A hook knows no settings, for it would take a
 * question to Stash: those count as well that only some users sync or go by (code, director, groups, which were called movies and have a
 * name of their own in an edit of several scenes). A mark as organized that no gate waits for costs a look at the scene and its item, and
 * no write.
 */
const RELEVANT_FIELDS: ReadonlySet<string> = new Set([
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
  'code',
  'director',
  'groups',
  'group_ids',
  'movies',
  'movie_ids',
  'organized',
]);

/**
 * Decides what a hook event asks for (W-41 to W-43).
 *
 * `Scene.Update.Post` matters when one of the fields that the caller really passed is relevant. A null input is a
 * file scan: no metadata was changed. `Scene.Destroy.Post` makes a waiting job pointless. Where the input speaks of several scenes, the
 * event does: Stash may be stopped before the others get their hook.
 */
export function sceneEvent(context: HookContext): SceneEvent {
  const { id, type, input } = context;
  if (!isId(id)) return IGNORE;
  const ids = isRecord(input) ? idsOf(input['ids']) : [];
  if (type === 'Scene.Destroy.Post') {
    // The rest of the input is about this scene's file.
    return eventOf('forget', context, [id], { all: ids, concerned: ids, input: ids });
  }
  if (type !== 'Scene.Update.Post') return IGNORE;
  const own = isRelevant(changedFields(context)) ? [id] : [];
  if (!Array.isArray(input)) {
    return eventOf('sync', context, own, { all: ids, concerned: own.length === 0 ? [] : ids, input });
  }
  const entries = input.filter(isRecord);
  const all = idsOf(entries.map((entry) => entry['id']));
  const concerned = entries.filter((entry) => isRelevant(givenFields(entry)));
  return eventOf('sync', context, own, {
    all,
    concerned: idsOf(concerned.map((entry) => entry['id'])),
    input,
  });
}

/** @param own the hook's own scene, if it is concerned. @param mutation what the input says of all its scenes. */
function eventOf(
  action: SceneChangeEvent['action'],
  { id, type }: HookContext,
  own: readonly number[],
  { all, concerned, input }: { all: number[]; concerned: number[]; input: unknown },
): SceneEvent {
  const isBulk = all.length > 1 && all.includes(id) && concerned.length > 0;
  const sceneIds = own.filter((sceneId) => !isBulk || !concerned.includes(sceneId));
  if (!isBulk) return sceneIds.length === 0 ? IGNORE : { action, sceneIds };
  return { action, sceneIds, bulk: { sceneIds: concerned, position: all.indexOf(id), input: [type, input] } };
}

function isId(id: number): boolean {
  return Number.isSafeInteger(id) && id > 0;
}

/** Ids inside an input are texts. */
function idsOf(values: unknown): number[] {
  return Array.isArray(values) ? values.map(Number).filter(isId) : [];
}

function isRelevant(fields: readonly string[]): boolean {
  return fields.some((field) => RELEVANT_FIELDS.has(field));
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
  return isRecord(own) ? givenFields(own) : [];
}

function givenFields(entry: Record<string, unknown>): string[] {
  return Object.keys(entry).filter((key) => entry[key] !== null && entry[key] !== undefined);
}
