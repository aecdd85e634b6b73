import type { HookContext } from '../pluginHost/PluginHost.ts';
import { md5Of, oshashOf } from './fileFingerprints.ts';
import type { SceneRecord } from './SceneRecord.ts';
import type { BulkSceneUpdateFields, SceneUpdateFields } from './SceneUpdateFields.ts';

/** The part of a hook's context that depends on the operation. */
export type HookInput = Omit<HookContext, 'id'>;

/** `SceneUpdateInput` in Go's order, nothing set. */
const BLANK_UPDATE = {
  clientMutationId: null,
  id: '',
  title: null,
  code: null,
  details: null,
  director: null,
  url: null,
  urls: null,
  date: null,
  rating100: null,
  o_counter: null,
  organized: null,
  studio_id: null,
  gallery_ids: null,
  performer_ids: null,
  movies: null,
  groups: null,
  tag_ids: null,
  cover_image: null,
  stash_ids: null,
  resume_time: null,
  play_duration: null,
  play_count: null,
  primary_file_id: null,
};

/** Stash iterates over a Go map, so the order is random; backwards at least is never the order of the call. */
function fieldNames(...fields: readonly object[]): string[] {
  return fields.flatMap((part) => Object.keys(part)).toReversed();
}

function stashIdEntries(fields: SceneUpdateFields): SceneUpdateFields {
  if (fields.stash_ids == null) return fields;
  const links = fields.stash_ids.map(({ endpoint, stash_id, updated_at = null }) => ({
    stash_id,
    endpoint,
    updated_at,
  }));
  return { ...fields, stash_ids: links };
}

function updateObject(id: number, fields: SceneUpdateFields): object {
  return { ...BLANK_UPDATE, id: String(id), ...stashIdEntries(fields) };
}

/** `sceneUpdate`: all fields, null where not given; `inputFields` include `id`. */
export function sceneUpdateInput(id: number, fields: SceneUpdateFields): HookContext {
  return { id, input: updateObject(id, fields), inputFields: fieldNames({ id }, fields) };
}

/** `scenesUpdate`: one context per scene; each has the **whole list** as input and its own scene's `inputFields`. */
export function scenesUpdateInput(
  updates: readonly (SceneUpdateFields & { readonly id: number })[],
): HookContext[] {
  const input = updates.map(({ id, ...fields }) => updateObject(id, fields));
  return updates.map((update) => ({ id: update.id, input, inputFields: fieldNames(update) }));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Go's `omitempty`: null and empty lists are left out, also inside `{ids, mode}`. */
function withoutEmpty(value: object): Record<string, unknown> {
  const kept = Object.entries(value).filter(([, inner]) => inner != null && !isEmptyList(inner));
  return Object.fromEntries(
    kept.map(([key, inner]) => [
      key,
      typeof inner === 'object' && !Array.isArray(inner) ? withoutEmpty(inner) : inner,
    ]),
  );
}

/** The order of Go's `BulkSceneUpdateInput`. */
const BULK_KEYS: readonly (keyof BulkSceneUpdateFields | 'ids')[] = [
  'clientMutationId',
  'ids',
  'title',
  'code',
  'details',
  'director',
  'url',
  'urls',
  'date',
  'rating100',
  'organized',
  'studio_id',
  'gallery_ids',
  'performer_ids',
  'tag_ids',
  'group_ids',
];

/** `bulkSceneUpdate`: the same for every scene; fields not given are left out; `inputFields` include `ids`. */
export function bulkSceneUpdateInput(ids: readonly number[], fields: BulkSceneUpdateFields): HookInput {
  const given = { ...fields, ids: ids.map(String) };
  const input = withoutEmpty(Object.fromEntries(BULK_KEYS.map((key) => [key, given[key]])));
  return { input, inputFields: fieldNames({ ids }, fields) };
}

/** Identify task: like `sceneUpdate`, but the cover is bare base64 and `inputFields` are the non-null ones without `id`. */
export function identifyInput(id: number, fields: SceneUpdateFields, coverBase64?: string): HookContext {
  const given = coverBase64 === undefined ? fields : { ...fields, cover_image: coverBase64 };
  const nonNull = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  return { id, input: updateObject(id, given), inputFields: fieldNames(nonNull) };
}

/** Scan (update or create) and `sceneCreate`: null, no `inputFields`. */
export function scanUpdateInput(): HookInput {
  return { input: null };
}

/** What a destroy hook still knows of the scene. */
export interface DestroyedScene {
  readonly id: number;
  readonly checksum: string;
  readonly oshash: string;
  readonly path: string;
}

/** Takes down what a destroy hook will tell; call it before the scene is destroyed. */
export function destroyedScene({ id, files }: Pick<SceneRecord, 'id' | 'files'>): DestroyedScene {
  const file = files[0];
  if (file === undefined) return { id, checksum: '', oshash: '', path: '' };
  return { id, checksum: md5Of(file), oshash: oshashOf(file), path: file.path };
}

/** What a destroy was told about files; null where it was not told. */
export interface DestroyFlags {
  readonly delete_file?: boolean | null | undefined;
  readonly delete_generated?: boolean | null | undefined;
}

function destroyInput(identity: object, flags: DestroyFlags, scene: DestroyedScene): object {
  const { delete_file = null, delete_generated = null } = flags;
  const { checksum, oshash, path } = scene;
  return { ...identity, delete_file, delete_generated, checksum, oshash, path };
}

/** `sceneDestroy`. */
export function sceneDestroyInput(scene: DestroyedScene, flags: DestroyFlags): HookContext {
  return { id: scene.id, input: destroyInput({ id: String(scene.id) }, flags, scene) };
}

/** `scenesDestroy`: one context per scene, `ids` names all of them. */
export function scenesDestroyInput(scenes: readonly DestroyedScene[], flags: DestroyFlags): HookContext[] {
  const ids = scenes.map(({ id }) => String(id));
  return scenes.map((scene) => ({ id: scene.id, input: destroyInput({ ids }, flags, scene) }));
}

/** Clean task: as `sceneDestroy`, but the id in the input is empty and the flags are null. */
export function cleanDestroyInput(scene: DestroyedScene): HookContext {
  return { id: scene.id, input: destroyInput({ id: '' }, {}, scene) };
}
