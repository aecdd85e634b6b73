import type { HookContext, PluginHost } from '../pluginHost/PluginHost.ts';
import type { PluginRun } from '../pluginHost/PluginProcess.ts';
import { pluginRunner, taskWork } from './attachPlugins.ts';
import {
  bulkSceneUpdateInput,
  cleanDestroyInput,
  type DestroyedScene,
  destroyedScene,
  identifyInput,
  scanUpdateInput,
  scenesDestroyInput,
  scenesUpdateInput,
  sceneUpdateInput,
} from './hookInputs.ts';
import type { NewScene, SceneChanges } from './SceneRecord.ts';
import type { SceneStore } from './SceneStore.ts';
import type { BulkSceneUpdateFields, SceneUpdateFields } from './SceneUpdateFields.ts';
import type { StashDouble } from './startStashDouble.ts';
import { bulkUpdateScenes, updateScenes } from './updateScenes.ts';

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

/**
 * Things that happen in Stash: each changes the double's state, then runs the hooks of section 8 one after another and
 * waits for them, as Stash does.
 */
export class ActingStash {
  readonly #double: StashDouble;
  readonly #hosts: readonly PluginHost[];

  /** `hosts` in walk order. Also lets the double's `runPluginTask` and `runPluginOperation` run them. */
  constructor(double: StashDouble, hosts: readonly PluginHost[]) {
    this.#double = double;
    this.#hosts = hosts;
    double.jobs.runner = pluginRunner(hosts);
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

  /** The identify task on one scene; `coverBase64` is the image that it found. */
  async identify(id: number, given: EditFields, coverBase64?: string): Promise<PluginRun[]> {
    const fields = updateFields(this.#double.scenes, given);
    const cover = coverBase64 === undefined ? {} : { cover_image: `data:image/jpeg;base64,${coverBase64}` };
    updateScenes(this.#double.scenes, [{ ...fields, ...cover, id: String(id) }]);
    return this.#fire('Scene.Update.Post', [identifyInput(id, fields, coverBase64)]);
  }

  /** `scenesDestroy`, which the UI uses also for one scene. */
  async destroy(...ids: readonly number[]): Promise<PluginRun[]> {
    return this.#fire('Scene.Destroy.Post', scenesDestroyInput(this.#remove(ids)));
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
        return taskWork(process);
      });
    });
  }

  #remove(ids: readonly number[]): DestroyedScene[] {
    const { scenes } = this.#double;
    const gone = ids.map((id) => destroyedScene(scenes.requireRecord(id)));
    for (const id of ids) scenes.destroy(id);
    return gone;
  }

  /** Runs the hooks of all plugins for each event; a plugin that cannot start ends the chain of that event. */
  async #fire(trigger: string, contexts: readonly HookContext[]): Promise<PluginRun[]> {
    const all: PluginRun[] = [];
    for (const context of contexts) {
      for (const host of this.#hosts) {
        const runs = await host.runHooks(trigger, context);
        all.push(...runs);
        if (runs.some(({ startFailed }) => startFailed)) break;
      }
    }
    return all;
  }
}

/** Acts as Stash around one plugin, or around several in walk order. */
export function createStash(double: StashDouble, host: PluginHost | readonly PluginHost[]): ActingStash {
  return new ActingStash(double, 'manifest' in host ? [host] : host);
}
