import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { SceneRecord } from './SceneRecord.ts';

type SortValue = string | number | null;

const nothing = (): SortValue => null;

/** The sort keys that Stash accepts. Those about data that the double does not hold make all scenes equal. */
const SORT_KEYS: Readonly<Record<string, (scene: SceneRecord) => SortValue>> = {
  bitrate: ({ files }) => files[0]?.bit_rate ?? null,
  created_at: (scene) => scene.created_at,
  code: (scene) => scene.code,
  date: (scene) => scene.date,
  file_count: ({ files }) => files.length,
  filesize: ({ files }) => files[0]?.size ?? null,
  duration: ({ files }) => files[0]?.duration ?? null,
  file_mod_time: ({ files }) => files[0]?.mod_time ?? null,
  framerate: ({ files }) => files[0]?.frame_rate ?? null,
  group_scene_number: ({ groups }) => groups[0]?.scene_index ?? null,
  id: (scene) => scene.id,
  interactive: nothing,
  interactive_speed: nothing,
  last_o_at: nothing,
  last_played_at: nothing,
  movie_scene_number: ({ groups }) => groups[0]?.scene_index ?? null,
  o_counter: (scene) => scene.o_counter,
  organized: (scene) => Number(scene.organized),
  performer_count: ({ performers }) => performers.length,
  play_count: (scene) => scene.play_count,
  play_duration: (scene) => scene.play_duration,
  resume_time: (scene) => scene.resume_time,
  path: ({ files }) => files[0]?.path ?? null,
  perceptual_similarity: nothing,
  rating: (scene) => scene.rating100,
  resolution: ({ files }) => files[0]?.height ?? null,
  studio: (scene) => scene.studio?.name ?? null,
  tag_count: ({ tags }) => tags.length,
  title: (scene) => shownTitle(scene).toLowerCase(),
  updated_at: (scene) => scene.updated_at,
  performer_age: nothing,
};

function shownTitle(scene: SceneRecord): string {
  return scene.title === '' ? basename(scene.files[0]?.path ?? '') : scene.title;
}

/** NULL sorts first in SQLite, texts by their bytes. */
function compareValues(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

/** Ties are broken by title, or by id if there is none. */
function breakTie(a: SceneRecord, b: SceneRecord): number {
  return compareValues(a.title, b.title) || (a.title === '' ? a.id - b.id : 0);
}

function shuffleKey(seed: string, scene: SceneRecord): string {
  return createHash('md5').update(`${seed}:${scene.id}`).digest('hex');
}

function sortKey(sort: string): (scene: SceneRecord) => SortValue {
  if (sort === 'random') return (scene) => shuffleKey(String(Math.random()), scene);
  if (/^random_\d+$/.test(sort)) return (scene) => shuffleKey(sort, scene);
  const key = SORT_KEYS[sort];
  if (key === undefined) throw new Error(`invalid sort: ${sort}`);
  return key;
}

/** Throws for a sort key that Stash does not know. */
export function checkSort(sort: string): void {
  sortKey(sort);
}

/** Sorts scenes by one of Stash's sort keys. */
export function orderScenes(
  scenes: readonly SceneRecord[],
  sort: string,
  descending: boolean,
): SceneRecord[] {
  const key = sortKey(sort);
  const keyed = scenes.map((scene) => ({ scene, value: key(scene) }));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => sign * compareValues(a.value, b.value) || breakTie(a.scene, b.scene));
  return keyed.map(({ scene }) => scene);
}
