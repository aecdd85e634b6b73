import { EntityStore } from './EntityStore.ts';
import { formatTimestamp } from './formatTimestamp.ts';
import { SceneFiles } from './SceneFiles.ts';
import type { NewScene, RecordChanges, SceneChanges, SceneRecord, StoredScene } from './SceneRecord.ts';
import { SortedIds } from './SortedIds.ts';

function blankScene(id: number, stamp: string): SceneRecord {
  return {
    id,
    title: '',
    code: '',
    details: '',
    director: '',
    urls: [],
    date: null,
    rating100: null,
    organized: false,
    studio: null,
    performers: [],
    tags: [],
    groups: [],
    files: [],
    screenshot: 'placeholder',
    preview: null,
    webp: null,
    stash_ids: [],
    play_count: 0,
    play_duration: 0,
    resume_time: 0,
    o_counter: 0,
    created_at: stamp,
    updated_at: stamp,
  };
}

function storedScene(record: SceneRecord): StoredScene {
  return {
    ...record,
    studio: record.studio?.name ?? null,
    performers: record.performers.map(({ name }) => name),
    tags: record.tags.map(({ name }) => name),
    groups: record.groups.map(({ group }) => group.name),
  };
}

/** The double's database: scenes and what they refer to. Changing it fires no hooks. */
export class SceneStore {
  readonly performers = new EntityStore('performer');
  readonly studios = new EntityStore('studio');
  readonly tags = new EntityStore('tag');
  readonly groups = new EntityStore('group');
  /** All ids in order, for walks. */
  readonly ids = new SortedIds();
  /** The server's offset at the time of writing; change it to play daylight saving time. */
  utcOffsetMinutes: number;
  readonly #now: () => number;
  readonly #files = new SceneFiles();
  readonly #records = new Map<number, SceneRecord>();
  #lastId = 0;

  constructor(now: () => number, utcOffsetMinutes: number) {
    this.#now = now;
    this.utcOffsetMinutes = utcOffsetMinutes;
  }

  get size(): number {
    return this.#records.size;
  }

  /** The current time (or `offsetMs` from now) as Stash would store it. */
  stamp(offsetMs = 0): string {
    return formatTimestamp(this.#now() + offsetMs, this.utcOffsetMinutes);
  }

  /** Adds a scene and returns its id: the given one, or the next. */
  add(scene: NewScene = {}): number {
    const { id = this.#lastId + 1, ...changes } = scene;
    if (this.#records.has(id)) throw new Error(`scene with id ${id} exists`);
    this.#lastId = Math.max(this.#lastId, id);
    const record = blankScene(id, this.stamp());
    Object.assign(record, this.#stored(changes, record));
    this.#records.set(id, record);
    this.ids.add(id);
    return id;
  }

  /** A copy of a scene, related objects by name; undefined if it does not exist. */
  get(id: number): StoredScene | undefined {
    const record = this.#records.get(id);
    return record === undefined ? undefined : storedScene(record);
  }

  /** The stored scene itself, for the resolvers. */
  record(id: number): SceneRecord | undefined {
    return this.#records.get(id);
  }

  /** The stored scene itself. Throws with Stash's words if it does not exist. */
  requireRecord(id: number): SceneRecord {
    const record = this.#records.get(id);
    if (record === undefined) throw new Error(`scene with id ${id} not found`);
    return record;
  }

  /** Changes a scene and bumps its `updated_at` (one-second resolution), also if nothing changes. */
  update(id: number, changes: SceneChanges): void {
    this.updateRecord(id, this.#stored(changes, this.requireRecord(id)));
  }

  /** As {@link update}, in terms of the stored form. */
  updateRecord(id: number, changes: RecordChanges): void {
    Object.assign(this.requireRecord(id), { updated_at: this.stamp() }, changes);
  }

  /** Changes a scene as a scan, a play or SQL does: its `updated_at` stays. */
  touchWithoutBump(id: number, changes: SceneChanges): void {
    const record = this.requireRecord(id);
    Object.assign(record, this.#stored(changes, record));
  }

  /** Removes a scene; false if there was none. */
  destroy(id: number): boolean {
    this.ids.delete(id);
    return this.#records.delete(id);
  }

  /** `sceneMerge`: the sources' files go to the destination, the sources vanish. No hook fires in Stash either. */
  merge(sources: readonly number[], destination: number): void {
    const target = this.requireRecord(destination);
    const moved = sources.map((id) => this.requireRecord(id)).flatMap(({ files }) => files);
    this.updateRecord(destination, { files: [...target.files, ...moved] });
    for (const id of sources) this.destroy(id);
  }

  renameTag(from: string, to: string): void {
    this.tags.rename(from, to);
  }

  renamePerformer(from: string, to: string): void {
    this.performers.rename(from, to);
  }

  renameStudio(from: string, to: string): void {
    this.studios.rename(from, to);
  }

  /** Puts a studio below another one, or below none. Like a rename it bumps no scene. Refuses a circle, as Stash does. */
  setParentStudio(studio: string, parent: string | null): void {
    const entity = this.studios.named(studio);
    const above = parent === null ? null : this.studios.named(parent);
    for (let next = above; next; next = next.parent_studio ?? null) {
      if (next === entity) throw new Error('studio cannot be an ancestor of itself');
    }
    entity.parents.splice(0, entity.parents.length, ...(above ? [above] : []));
  }

  /** Gives a performer these tags in place of those it had; bumps no scene. */
  tagPerformer(performer: string, tags: readonly string[]): void {
    this.performers.named(performer).tags = tags.map((name) => this.tags.named(name));
  }

  /** Copies of all scenes in id order. */
  all(): StoredScene[] {
    return [...this.records()].map(storedScene);
  }

  /** The stored scenes in id order. */
  *records(): Generator<SceneRecord> {
    for (let position = 0; position < this.ids.length; position += 1) {
      const record = this.#records.get(this.ids.at(position) ?? 0);
      if (record !== undefined) yield record;
    }
  }

  #stored(changes: SceneChanges, current: SceneRecord): RecordChanges {
    const { studio, performers, tags, groups, files, stash_ids, ...scalars } = changes;
    const stored: RecordChanges = { ...scalars };
    const stamp = this.stamp();
    if (studio !== undefined) stored.studio = studio === null ? null : this.studios.named(studio);
    if (performers !== undefined) stored.performers = performers.map((name) => this.performers.named(name));
    if (tags !== undefined) stored.tags = tags.map((name) => this.tags.named(name));
    if (groups !== undefined) {
      stored.groups = groups.map((group) => {
        const { name, scene_index } = typeof group === 'string' ? { name: group, scene_index: null } : group;
        return { group: this.groups.named(name), scene_index };
      });
    }
    if (files !== undefined) stored.files = this.#files.from(files, current.files, stamp);
    if (stash_ids !== undefined) {
      stored.stash_ids = stash_ids.map((link) => ({ ...link, updated_at: link.updated_at ?? stamp }));
    }
    return stored;
  }
}
