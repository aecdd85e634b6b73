import { fileFingerprints } from '../fileFingerprints.ts';
import { type FindScenesArgs, findScenes, parseSceneId } from '../findScenes.ts';
import type { SceneRecord } from '../SceneRecord.ts';
import type { BulkSceneUpdateFields, SceneUpdateFields } from '../SceneUpdateFields.ts';
import { SceneView } from '../SceneView.ts';
import type { StashState } from '../StashState.ts';
import { sceneUpdateChanges } from '../sceneUpdateChanges.ts';
import { bulkUpdateScenes, destroyScenes, updateScenes } from '../updateScenes.ts';

type Input<T> = { readonly input: T };
type UpdateInput = SceneUpdateFields & { readonly id: string };
type CreateInput = SceneUpdateFields & { readonly file_ids?: readonly string[] | null };

function findByChecksum(state: StashState, checksum: string): SceneRecord | undefined {
  for (const scene of state.scenes.records()) {
    const prints = scene.files.flatMap(fileFingerprints);
    if (prints.some(({ type, value }) => type === 'md5' && value === checksum)) return scene;
  }
  return undefined;
}

function createScene(state: StashState, input: CreateInput): SceneRecord {
  const { file_ids: fileIds, ...fields } = input;
  if (fileIds != null && fileIds.length > 0)
    throw new Error('the double does not create scenes from file ids');
  if (fields.title == null || fields.title === '') throw new Error('title must be set if scene has no files');
  // Added before the check of the fields, so a refusal must take it back.
  const id = state.scenes.add({ title: fields.title });
  const scene = state.scenes.requireRecord(id);
  try {
    state.scenes.updateRecord(id, sceneUpdateChanges(state.scenes, scene, fields));
  } catch (error) {
    state.scenes.destroy(id);
    throw error;
  }
  return scene;
}

/** The resolvers of scenes, for the root value. */
export function sceneResolvers(state: StashState) {
  const { scenes } = state;
  const view = (scene: SceneRecord) => new SceneView(scene, () => state.auth.apiKey);
  return {
    findScene: ({ id, checksum }: { id?: string | null; checksum?: string | null }) => {
      const scene =
        id != null
          ? scenes.record(parseSceneId(id))
          : checksum != null
            ? findByChecksum(state, checksum)
            : undefined;
      return scene === undefined ? null : view(scene);
    },
    findScenes: (args: FindScenesArgs) => {
      const found = findScenes(scenes, args);
      return { ...found, scenes: found.scenes.map(view) };
    },
    sceneCreate: ({ input }: Input<CreateInput>) => view(createScene(state, input)),
    sceneUpdate: ({ input }: Input<UpdateInput>) => updateScenes(scenes, [input]).map(view)[0] ?? null,
    scenesUpdate: ({ input }: Input<readonly UpdateInput[]>) => updateScenes(scenes, input).map(view),
    bulkSceneUpdate: ({ input }: Input<BulkSceneUpdateFields & { ids?: readonly string[] | null }>) => {
      const { ids, ...fields } = input;
      const updated = bulkUpdateScenes(scenes, ids ?? [], fields).map(view);
      return updated.length === 0 ? null : updated;
    },
    sceneDestroy: ({ input }: Input<{ readonly id: string }>) => {
      destroyScenes(scenes, [input.id]);
      return true;
    },
    scenesDestroy: ({ input }: Input<{ readonly ids: readonly string[] }>) => {
      destroyScenes(scenes, input.ids);
      return true;
    },
  };
}
