import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { compareNatural } from './compareNatural.ts';
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
  title: shownTitle,
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

/** Keys that Stash compares as people do: case ignored, `2` before `10`. */
const NATURAL: ReadonlySet<string> = new Set(['title', 'studio']);

function compareAs(sort: string, a: SortValue, b: SortValue): number {
  const natural = NATURAL.has(sort) && typeof a === 'string' && typeof b === 'string';
  return natural ? compareNatural(a, b) : compareValues(a, b);
}

/**
 * Stash's own rule, ascending whatever the direction: `COALESCE(title, id) COLLATE NATURAL_CI`. So scenes without title
 * come first, by id, as numbers sort below texts. Equal titles are in no order at all: backwards makes a client notice
 * that relies on ids counting up.
 */
function breakTie(a: SceneRecord, b: SceneRecord): number {
  if (a.title === '' && b.title === '') return a.id - b.id;
  if (a.title === '' || b.title === '') return a.title === '' ? -1 : 1;
  return compareNatural(a.title, b.title) || b.id - a.id;
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
  keyed.sort((a, b) => sign * compareAs(sort, a.value, b.value) || breakTie(a.scene, b.scene));
  return keyed.map(({ scene }) => scene);
}
