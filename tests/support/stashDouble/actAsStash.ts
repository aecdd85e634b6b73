import { isDeepStrictEqual } from 'node:util';
import type { HookContext, PluginHost } from '../pluginHost/PluginHost.ts';
import type { PluginRun } from '../pluginHost/PluginProcess.ts';
import { pluginRunner, taskWork } from './attachPlugins.ts';
import {
  bulkSceneUpdateInput,
  cleanDestroyInput,
  type DestroyedScene,
  type DestroyFlags,
  identifyInput,
  scanUpdateInput,
  sceneDestroyInput,
  scenesDestroyInput,
  scenesUpdateInput,
  sceneUpdateInput,
} from './hookInputs.ts';
import type { NewFile, NewScene, SceneChanges, SceneRecord, StashId, VideoFile } from './SceneRecord.ts';
import type { SceneStore } from './SceneStore.ts';
import type { BulkSceneUpdateFields, SceneUpdateFields } from './SceneUpdateFields.ts';
import { sceneUpdateChanges } from './sceneUpdateChanges.ts';
import type { StashDouble } from './startStashDouble.ts';
import { bulkUpdateScenes, destroyScenes, updateScenes } from './updateScenes.ts';

/** The fields of a `sceneUpdate`, with related objects by name if that is handier: they become ids. */
export interface EditFields extends SceneUpdateFields {
  readonly tags?: readonly string[];
  readonly performers?: readonly string[];
  readonly studio?: string | null;
}

function updateFields(store: SceneStore, fields: EditFields): SceneUpdateFields {
  const { tags, performers, studio, ...rest } = fields;
  return {
    ...rest,
    ...(tags && { tag_ids: tags.map((name) => store.tags.idOf(name)) }),
    ...(performers && { performer_ids: performers.map((name) => store.performers.idOf(name)) }),
    ...(studio !== undefined && { studio_id: studio === null ? null : store.studios.idOf(studio) }),
  };
}

/** True if an update would store anything that is not there yet; a link's time stamp alone is nothing. */
function wouldChange(store: SceneStore, id: number, fields: SceneUpdateFields): boolean {
  const scene = store.requireRecord(id);
  const stored = Object.entries(sceneUpdateChanges(store, scene, fields));
  const links = (value: readonly StashId[]) => value.map((link) => [link.endpoint, link.stash_id]);
  return stored.some(([key, value]) =>
    key === 'stash_ids'
      ? !isDeepStrictEqual(links(value as readonly StashId[]), links(scene.stash_ids))
      : !isDeepStrictEqual(value, scene[key as keyof SceneRecord]),
  );
}

/** A stored file in the form in which tests give one. */
function givenFile({ oshash, md5, phash, ...file }: VideoFile): NewFile {
  return { ...file, ...(oshash && { oshash }), ...(md5 && { md5 }), ...(phash && { phash }) };
}

/**
 * Things that happen in Stash: each changes the double's state, then runs the hooks of section 8 one after another and
 * waits for them, as Stash does.
 */
export class ActingStash {
  readonly #double: StashDouble;
  readonly #hosts: readonly PluginHost[];

  /** `hosts` in walk order. Also lets the double's mutations run their hooks, tasks and operations. */
  constructor(double: StashDouble, hosts: readonly PluginHost[]) {
    this.#double = double;
    this.#hosts = hosts;
    double.jobs.runner = pluginRunner(hosts, double.serverLog);
    double.hooks.attach(hosts);
  }

  /** `sceneUpdate`. */
  async editScene(id: number, given: EditFields): Promise<PluginRun[]> {
    const fields = updateFields(this.#double.scenes, given);
    updateScenes(this.#double.scenes, [{ ...fields, id: String(id) }]);
    return this.#fire('Scene.Update.Post', [sceneUpdateInput(id, fields)]);
  }

  /** `scenesUpdate`: one transaction, then one hook per scene. */
  async editScenes(edits: readonly (EditFields & { readonly id: number })[]): Promise<PluginRun[]> {
    const { scenes } = this.#double;
    const updates = edits.map(({ id, ...given }) => ({ id, ...updateFields(scenes, given) }));
    const inputs = updates.map((update) => ({ ...update, id: String(update.id) }));
    updateScenes(scenes, inputs);
    return this.#fire('Scene.Update.Post', scenesUpdateInput(updates));
  }

  /** `bulkSceneUpdate`: one transaction, then one hook per scene. */
  async bulkEdit(ids: readonly number[], fields: BulkSceneUpdateFields): Promise<PluginRun[]> {
    bulkUpdateScenes(this.#double.scenes, ids.map(String), fields);
    const contexts = ids.map((id) => ({ id, ...bulkSceneUpdateInput(ids, fields) }));
    return this.#fire('Scene.Update.Post', contexts);
  }

  /**
   * The identify task on one scene; `coverBase64` is the image that it found. Nothing is stored, and no hook fires, if the
   * scene is like that already.
   */
  async identify(id: number, given: EditFields, coverBase64?: string): Promise<PluginRun[]> {
    const { scenes } = this.#double;
    const fields = updateFields(scenes, given);
    const cover = coverBase64 === undefined ? {} : { cover_image: `data:image/jpeg;base64,${coverBase64}` };
    if (!wouldChange(scenes, id, { ...fields, ...cover })) return [];
    updateScenes(scenes, [{ ...fields, ...cover, id: String(id) }]);
    return this.#fire('Scene.Update.Post', [identifyInput(id, fields, coverBase64)]);
  }

  /** `scenesDestroy` as the UI sends it, also for one scene: the files stay. */
  async destroy(...ids: readonly number[]): Promise<PluginRun[]> {
    const flags = { delete_file: false, delete_generated: true };
    return this.#fire('Scene.Destroy.Post', scenesDestroyInput(this.#remove(ids), flags));
  }

  /** `sceneDestroy`, as scripts send it; flags that are left out are null in the hook's input. */
  async destroyOne(id: number, flags: DestroyFlags = {}): Promise<PluginRun[]> {
    const contexts = this.#remove([id]).map((scene) => sceneDestroyInput(scene, flags));
    return this.#fire('Scene.Destroy.Post', contexts);
  }

  /** The clean task found the scene's only file gone. */
  async clean(id: number): Promise<PluginRun[]> {
    return this.#fire('Scene.Destroy.Post', this.#remove([id]).map(cleanDestroyInput));
  }

  /** A scan found a new file: a scene appears, whose id is the highest one (or the one given). */
  async scanNewFile(scene: NewScene): Promise<PluginRun[]> {
    const id = this.#double.scenes.add(scene);
    return this.#fire('Scene.Create.Post', [{ id, ...scanUpdateInput() }]);
  }

  /** A scan found the file changed or moved: the hook fires, but the scene's `updated_at` stays. */
  async scanChangedFile(id: number, changes: SceneChanges): Promise<PluginRun[]> {
    this.#double.scenes.touchWithoutBump(id, changes);
    return this.#fire('Scene.Update.Post', [{ id, ...scanUpdateInput() }]);
  }

  /** A scan found another file of the scene's content: the hook fires, and the scene's `updated_at` moves. */
  async scanAddedFile(id: number, path: string): Promise<PluginRun[]> {
    const { files = [] } = this.#double.scenes.get(id) ?? {};
    this.#double.scenes.update(id, { files: [...files.map(givenFile), path] });
    return this.#fire('Scene.Update.Post', [{ id, ...scanUpdateInput() }]);
  }

  /** `deleteFiles` of one that is not the only one: the hook fires as after a scan; `updated_at` stays. */
  async deleteFile(id: number, path: string): Promise<PluginRun[]> {
    const scene = this.#double.scenes.requireRecord(id);
    scene.files = scene.files.filter((file) => file.path !== path);
    return this.#fire('Scene.Update.Post', [{ id, ...scanUpdateInput() }]);
  }

  /** A scan with `rescan`: one hook per scene, though nothing changed; `updated_at` stays. */
  async rescan(...ids: readonly number[]): Promise<PluginRun[]> {
    for (const id of ids) this.#double.scenes.requireRecord(id);
    const contexts = ids.map((id) => ({ id, ...scanUpdateInput() }));
    return this.#fire('Scene.Update.Post', contexts);
  }

  /**
   * Runs a plugin task through the job queue, behind whatever waits there; settles when its process is over. Rejects if
   * no plugin has such a task; stays pending if the job is stopped before its turn.
   */
  runTask(taskName: string, args: Readonly<Record<string, unknown>> = {}): Promise<PluginRun> {
    const host = this.#hosts.find(({ manifest }) => manifest.tasks.some(({ name }) => name === taskName));
    if (host === undefined) return Promise.reject(new Error(`no task with name ${taskName}`));
    return new Promise((resolve) => {
      this.#double.jobs.add(`Running plugin task: ${taskName}`, () => {
        const process = host.startTask(taskName, args);
        process.finished.then(resolve);
        return taskWork(process, this.#double.serverLog);
      });
    });
  }

  #remove(ids: readonly number[]): DestroyedScene[] {
    return destroyScenes(this.#double.scenes, ids.map(String));
  }

  #fire(trigger: string, contexts: readonly HookContext[]): Promise<PluginRun[]> {
    return this.#double.hooks.fire(trigger, contexts, this.#hosts);
  }
}

/** Acts as Stash around one plugin, or around several in walk order. */
export function createStash(double: StashDouble, host: PluginHost | readonly PluginHost[]): ActingStash {
  return new ActingStash(double, 'manifest' in host ? [host] : host);
}
