import { fileFingerprints } from '../fileFingerprints.ts';
import { type FindScenesArgs, findScenes, parseSceneId } from '../findScenes.ts';
import {
  bulkSceneUpdateInput,
  type DestroyFlags,
  scanUpdateInput,
  sceneDestroyInput,
  scenesDestroyInput,
  scenesUpdateInput,
  sceneUpdateInput,
} from '../hookInputs.ts';
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

/** The resolvers of scenes, for the root value. Mutations answer when all hooks that they fire are over. */
export function sceneResolvers(state: StashState) {
  const { scenes, hooks } = state;
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
    sceneCreate: async ({ input }: Input<CreateInput>) => {
      const scene = createScene(state, input);
      await hooks.fire('Scene.Create.Post', [{ id: scene.id, ...scanUpdateInput() }]);
      return view(scene);
    },
    sceneUpdate: async ({ input }: Input<UpdateInput>) => {
      const { id, ...fields } = input;
      const scenesUpdated = updateScenes(scenes, [input]);
      await hooks.fire('Scene.Update.Post', [sceneUpdateInput(parseSceneId(id), fields)]);
      return scenesUpdated.map(view)[0] ?? null;
    },
    scenesUpdate: async ({ input }: Input<readonly UpdateInput[]>) => {
      const scenesUpdated = updateScenes(scenes, input);
      const updates = input.map((update) => ({ ...update, id: parseSceneId(update.id) }));
      await hooks.fire('Scene.Update.Post', scenesUpdateInput(updates));
      return scenesUpdated.map(view);
    },
    bulkSceneUpdate: async ({ input }: Input<BulkSceneUpdateFields & { ids?: readonly string[] | null }>) => {
      const { ids, ...fields } = input;
      const updated = bulkUpdateScenes(scenes, ids ?? [], fields);
      const numbers = updated.map(({ id }) => id);
      const contexts = numbers.map((id) => ({ id, ...bulkSceneUpdateInput(numbers, fields) }));
      await hooks.fire('Scene.Update.Post', contexts);
      return updated.length === 0 ? null : updated.map(view);
    },
    sceneDestroy: async ({ input }: Input<DestroyFlags & { readonly id: string }>) => {
      const gone = destroyScenes(scenes, [input.id]);
      const contexts = gone.map((scene) => sceneDestroyInput(scene, input));
      await hooks.fire('Scene.Destroy.Post', contexts);
      return true;
    },
    scenesDestroy: async ({ input }: Input<DestroyFlags & { readonly ids: readonly string[] }>) => {
      await hooks.fire('Scene.Destroy.Post', scenesDestroyInput(destroyScenes(scenes, input.ids), input));
      return true;
    },
  };
}
