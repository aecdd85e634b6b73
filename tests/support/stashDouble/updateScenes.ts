import { parseSceneId } from './findScenes.ts';
import { type DestroyedScene, destroyedScene } from './hookInputs.ts';
import type { SceneRecord } from './SceneRecord.ts';
import type { SceneStore } from './SceneStore.ts';
import type { BulkSceneUpdateFields, SceneUpdateFields } from './SceneUpdateFields.ts';
import { bulkUpdateChanges, sceneUpdateChanges } from './sceneUpdateChanges.ts';

/** `sceneUpdate` and `scenesUpdate`: one transaction, so nothing is stored if one of the updates is refused. */
export function updateScenes(
  store: SceneStore,
  inputs: readonly (SceneUpdateFields & { readonly id: string })[],
): SceneRecord[] {
  const planned = inputs.map(({ id, ...fields }) => {
    const scene = store.requireRecord(parseSceneId(id));
    return { scene, changes: sceneUpdateChanges(store, scene, fields) };
  });
  for (const { scene, changes } of planned) store.updateRecord(scene.id, changes);
  return planned.map(({ scene }) => scene);
}

/** `bulkSceneUpdate`: one transaction. */
export function bulkUpdateScenes(
  store: SceneStore,
  ids: readonly string[],
  fields: BulkSceneUpdateFields,
): SceneRecord[] {
  const planned = ids.map((id) => {
    const scene = store.requireRecord(parseSceneId(id));
    return { scene, changes: bulkUpdateChanges(store, scene, fields) };
  });
  for (const { scene, changes } of planned) store.updateRecord(scene.id, changes);
  return planned.map(({ scene }) => scene);
}

/** `sceneDestroy` and `scenesDestroy`: all of them or, if one does not exist, none. Tells what the hooks still know. */
export function destroyScenes(store: SceneStore, ids: readonly string[]): DestroyedScene[] {
  const scenes = ids.map((id) => store.requireRecord(parseSceneId(id)));
  const gone = scenes.map(destroyedScene);
  for (const scene of scenes) store.destroy(scene.id);
  return gone;
}
