import { oshashOf } from './fileFingerprints.ts';
import type { NewScene, SceneChanges, SceneRecord, VideoFile } from './SceneRecord.ts';
import type { SceneStore } from './SceneStore.ts';

/** What auto-tag found for a scene, by name. */
export interface AutoTagFinds {
  readonly tags?: readonly string[];
  readonly performers?: readonly string[];
  /** Taken only if the scene has no studio yet. */
  readonly studio?: string;
}

function union(current: readonly string[], found: readonly string[] = []): string[] {
  return [...new Set([...current, ...found])];
}

/**
 * What changes scenes in Stash **without firing a scene hook**: the reason for a catch-up. All but {@link execSql} move the
 * scene's `updated_at`; a merge also makes scenes disappear.
 */
export class QuietChanges {
  readonly #scenes: SceneStore;

  constructor(scenes: SceneStore) {
    this.#scenes = scenes;
  }

  /** `sceneGenerateScreenshot`, and the covers of `metadataGenerate`. */
  generateCover(id: number, jpeg: Buffer): void {
    this.#scenes.update(id, { screenshot: jpeg });
  }

  /** `metadataAutoTag`: adds what it found; a scene about which it found nothing new stays as it is. */
  autoTag(id: number, { tags, performers, studio }: AutoTagFinds): void {
    const scene = this.#scenes.get(id);
    if (scene === undefined) throw new Error(`scene with id ${id} not found`);
    const changes: SceneChanges = {
      ...(union(scene.tags, tags).length > scene.tags.length && { tags: union(scene.tags, tags) }),
      ...(union(scene.performers, performers).length > scene.performers.length && {
        performers: union(scene.performers, performers),
      }),
      ...(studio !== undefined && scene.studio === null && { studio }),
    };
    if (Object.keys(changes).length > 0) this.#scenes.update(id, changes);
  }

  /** `sceneMerge`: the destination gets the sources' files, and `values`; the sources are gone. */
  mergeScenes(sources: readonly number[], destination: number, values: SceneChanges = {}): void {
    this.#scenes.merge(sources, destination);
    this.#scenes.update(destination, values);
  }

  /** `performerMerge`: scenes of the sources have the destination instead. */
  mergePerformers(sources: readonly string[], destination: string): void {
    for (const { id, performers } of this.#scenes.all()) {
      if (!performers.some((name) => sources.includes(name))) continue;
      const others = performers.filter((name) => !sources.includes(name));
      this.#scenes.update(id, { performers: union(others, [destination]) });
    }
  }

  /**
   * `sceneAssignFile`: the file becomes the last one of the scene, and leaves the scene that had it, whose `updated_at`
   * stays. Stash refuses to take a scene's primary file away.
   */
  assignFile(path: string, sceneId: number): void {
    const target = this.#scenes.requireRecord(sceneId);
    const { scene, file } = this.#holder(path);
    if (scene === target) return;
    if (scene.files[0] === file) throw new Error('cannot reassign primary file');
    scene.files = scene.files.filter((other) => other !== file);
    this.#scenes.updateRecord(sceneId, { files: [...target.files, file] });
  }

  /** `moveFiles`: the file has another path, the same content and the same id. */
  moveFile(path: string, newPath: string): void {
    const { scene, file } = this.#holder(path);
    const moved = { ...file, path: newPath, oshash: oshashOf(file), updated_at: this.#scenes.stamp() };
    this.#scenes.updateRecord(scene.id, {
      files: scene.files.map((other) => (other === file ? moved : other)),
    });
  }

  /**
   * An import: a scene appears, or one that exists is overwritten. A given `updated_at` (the exported file's) is stored as
   * it is and may lie in the past; otherwise it is now. Returns the id.
   */
  importScene(scene: NewScene): number {
    const { id, ...changes } = scene;
    if (id === undefined || this.#scenes.record(id) === undefined) return this.#scenes.add(scene);
    this.#scenes.update(id, changes);
    return id;
  }

  /** `execSQL`, or another program that writes to the database: `updated_at` changes only if it is given. */
  execSql(id: number, changes: SceneChanges): void {
    this.#scenes.touchWithoutBump(id, changes);
  }

  #holder(path: string): { scene: SceneRecord; file: VideoFile } {
    for (const scene of this.#scenes.records()) {
      const file = scene.files.find((candidate) => candidate.path === path);
      if (file !== undefined) return { scene, file };
    }
    throw new Error(`file with path ${path} not found`);
  }
}
