import type { RecordChanges, SceneRecord, VideoFile } from './SceneRecord.ts';
import type { SceneStore } from './SceneStore.ts';
import type {
  BulkSceneUpdateFields,
  BulkUpdateIds,
  ScalarUpdateFields,
  SceneUpdateFields,
} from './SceneUpdateFields.ts';

/** The scalars that single and bulk updates share: absent = untouched, null = cleared. */
function scalarChanges(fields: ScalarUpdateFields, store: SceneStore): RecordChanges {
  const changes: RecordChanges = {};
  for (const key of ['title', 'code', 'details', 'director'] as const) {
    if (fields[key] !== undefined) changes[key] = fields[key] ?? '';
  }
  if (fields.url !== undefined) changes.urls = fields.url === null ? [] : [fields.url];
  if (fields.date !== undefined) changes.date = fields.date === '' ? null : fields.date;
  if (fields.rating100 !== undefined) changes.rating100 = fields.rating100;
  if (fields.organized != null) changes.organized = fields.organized;
  if (fields.studio_id !== undefined) {
    changes.studio = fields.studio_id === null ? null : store.studios.require(fields.studio_id);
  }
  return changes;
}

function decodeCover(cover: string): Buffer {
  const data = /^data:[^;,]*;base64,(.*)$/s.exec(cover);
  if (data?.[1] === undefined) throw new Error('the double takes cover_image as a base64 data URL only');
  return Buffer.from(data[1], 'base64');
}

function primaryFirst(files: readonly VideoFile[], primaryId: string): VideoFile[] {
  const primary = files.find((file) => String(file.id) === primaryId);
  if (primary === undefined) throw new Error(`file with id ${primaryId} not found`);
  return [primary, ...files.filter((file) => file !== primary)];
}

function listChanges(fields: SceneUpdateFields, store: SceneStore): RecordChanges {
  const changes: RecordChanges = {};
  const stamp = store.stamp();
  if (fields.urls !== undefined) changes.urls = fields.urls ?? [];
  if (fields.tag_ids !== undefined) changes.tags = (fields.tag_ids ?? []).map((id) => store.tags.require(id));
  if (fields.performer_ids !== undefined) {
    changes.performers = (fields.performer_ids ?? []).map((id) => store.performers.require(id));
  }
  if (fields.groups !== undefined) {
    changes.groups = (fields.groups ?? []).map(({ group_id: id, scene_index: index }) => ({
      group: store.groups.require(id),
      scene_index: index ?? null,
    }));
  }
  if (fields.stash_ids !== undefined) {
    changes.stash_ids = (fields.stash_ids ?? []).map((link) => ({
      ...link,
      updated_at: link.updated_at ?? stamp,
    }));
  }
  return changes;
}

/**
 * What a `sceneUpdate` would store. Checks everything first and changes nothing, so that several updates can be one
 * transaction. Throws for an unknown object, and for an empty title of a scene without file.
 */
export function sceneUpdateChanges(
  store: SceneStore,
  scene: SceneRecord,
  fields: SceneUpdateFields,
): RecordChanges {
  const changes: RecordChanges = { ...scalarChanges(fields, store), ...listChanges(fields, store) };
  if (fields.resume_time != null) changes.resume_time = fields.resume_time;
  if (fields.play_duration != null) changes.play_duration = fields.play_duration;
  if (fields.cover_image != null) changes.screenshot = decodeCover(fields.cover_image);
  if (fields.primary_file_id != null) changes.files = primaryFirst(scene.files, fields.primary_file_id);
  // o_counter and play_count are ignored with a warning.
  if (changes.title === '' && scene.files.length === 0)
    throw new Error('title must be set if scene has no files');
  return changes;
}

function combine<T>(current: readonly T[], given: readonly T[], mode: BulkUpdateIds['mode']): T[] {
  if (mode === 'SET') return [...given];
  if (mode === 'REMOVE') return current.filter((item) => !given.includes(item));
  return [...current, ...given.filter((item) => !current.includes(item))];
}

/** What a `bulkSceneUpdate` would store for one of its scenes; lists are set, added to or taken from. */
export function bulkUpdateChanges(
  store: SceneStore,
  scene: SceneRecord,
  fields: BulkSceneUpdateFields,
): RecordChanges {
  const { urls, tag_ids: tags, performer_ids: performers, group_ids: groups, ...scalars } = fields;
  const changes = scalarChanges(scalars, store);
  if (urls != null) changes.urls = combine(scene.urls, urls.values ?? [], urls.mode);
  if (tags != null) {
    const given = (tags.ids ?? []).map((id) => store.tags.require(id));
    changes.tags = combine(scene.tags, given, tags.mode);
  }
  if (performers != null) {
    const given = (performers.ids ?? []).map((id) => store.performers.require(id));
    changes.performers = combine(scene.performers, given, performers.mode);
  }
  if (groups != null) {
    const current = scene.groups.map(({ group }) => group);
    const given = (groups.ids ?? []).map((id) => store.groups.require(id));
    changes.groups = combine(current, given, groups.mode).map((group) => ({
      group,
      scene_index: scene.groups.find((member) => member.group === group)?.scene_index ?? null,
    }));
  }
  return changes;
}
