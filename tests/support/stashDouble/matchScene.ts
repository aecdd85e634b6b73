import {
  type Criterion,
  compareCriterion,
  compareRelated,
  compareTimestamp,
  type Modifier,
  type MultiCriterion,
  unsupportedModifier,
} from './compareCriterion.ts';
import { compareText } from './compareText.ts';
import type { SceneRecord, VideoFile } from './SceneRecord.ts';

/** A filter on links to stash-boxes. */
export interface StashIdCriterion {
  readonly endpoint?: string | null;
  readonly stash_id?: string | null;
  readonly modifier: Modifier;
}

/** A filter on one of the scene's files. */
export interface FileFilter {
  readonly path?: Criterion<string> | null;
  readonly mod_time?: Criterion<string> | null;
  readonly created_at?: Criterion<string> | null;
  readonly updated_at?: Criterion<string> | null;
}

/** `SceneFilterType`: the members that the double knows. */
export interface SceneFilter {
  readonly id?: Criterion<number> | null;
  readonly title?: Criterion<string> | null;
  readonly path?: Criterion<string> | null;
  readonly date?: Criterion<string> | null;
  readonly rating100?: Criterion<number> | null;
  readonly file_count?: Criterion<number> | null;
  readonly organized?: boolean | null;
  readonly created_at?: Criterion<string> | null;
  readonly updated_at?: Criterion<string> | null;
  readonly tags?: MultiCriterion | null;
  readonly performers?: MultiCriterion | null;
  readonly studios?: MultiCriterion | null;
  readonly stash_id_endpoint?: StashIdCriterion | null;
  readonly files_filter?: FileFilter | null;
  readonly is_missing?: string | null;
  readonly AND?: SceneFilter | null;
  readonly OR?: SceneFilter | null;
  readonly NOT?: SceneFilter | null;
}

const MISSING: Readonly<Record<string, (scene: SceneRecord) => boolean>> = {
  title: (scene) => scene.title === '',
  details: (scene) => scene.details === '',
  date: (scene) => scene.date === null,
  url: (scene) => scene.urls.length === 0,
  studio: (scene) => scene.studio === null,
  performers: (scene) => scene.performers.length === 0,
  tags: (scene) => scene.tags.length === 0,
  cover: (scene) => scene.screenshot === 'placeholder',
  stash_id: (scene) => scene.stash_ids.length === 0,
};

function isMissing(scene: SceneRecord, what: string): boolean {
  const test = MISSING[what];
  if (test === undefined) throw new Error(`the double does not know is_missing: "${what}"`);
  return test(scene);
}

function matchStashId(scene: SceneRecord, criterion: StashIdCriterion): boolean {
  const { endpoint, stash_id: wanted, modifier } = criterion;
  const links = scene.stash_ids.filter((link) => endpoint == null || link.endpoint === endpoint);
  if (modifier === 'IS_NULL') return links.length === 0;
  if (modifier === 'NOT_NULL') return links.length > 0;
  if (modifier === 'EQUALS') return links.some((link) => link.stash_id === wanted);
  if (modifier === 'NOT_EQUALS') return !links.some((link) => link.stash_id === wanted);
  throw unsupportedModifier('related', modifier);
}

function matchFile(file: VideoFile, filter: FileFilter): boolean {
  return (
    (filter.path == null || compareText([file.path], filter.path)) &&
    (filter.mod_time == null || compareTimestamp(file.mod_time, filter.mod_time)) &&
    (filter.created_at == null || compareTimestamp(file.created_at, filter.created_at)) &&
    (filter.updated_at == null || compareTimestamp(file.updated_at, filter.updated_at))
  );
}

function ids(entities: readonly { readonly id: number }[]): string[] {
  return entities.map(({ id }) => String(id));
}

function matchScalars(scene: SceneRecord, filter: SceneFilter): boolean {
  return (
    (filter.id == null || compareCriterion(scene.id, filter.id)) &&
    (filter.title == null || compareText([scene.title], filter.title)) &&
    (filter.date == null || compareCriterion(scene.date, filter.date)) &&
    (filter.rating100 == null || compareCriterion(scene.rating100, filter.rating100)) &&
    (filter.file_count == null || compareCriterion(scene.files.length, filter.file_count)) &&
    (filter.organized == null || scene.organized === filter.organized) &&
    (filter.created_at == null || compareTimestamp(scene.created_at, filter.created_at)) &&
    (filter.updated_at == null || compareTimestamp(scene.updated_at, filter.updated_at)) &&
    (filter.is_missing == null || isMissing(scene, filter.is_missing))
  );
}

function matchRelated(scene: SceneRecord, filter: SceneFilter): boolean {
  const { path, files_filter: fileFilter } = filter;
  const studios = scene.studio === null ? [] : [scene.studio];
  return (
    (path == null ||
      compareText(
        scene.files.map((file) => file.path),
        path,
      )) &&
    (filter.tags == null || compareRelated(ids(scene.tags), filter.tags)) &&
    (filter.performers == null || compareRelated(ids(scene.performers), filter.performers)) &&
    (filter.studios == null || compareRelated(ids(studios), filter.studios)) &&
    (filter.stash_id_endpoint == null || matchStashId(scene, filter.stash_id_endpoint)) &&
    (fileFilter == null || scene.files.some((file) => matchFile(file, fileFilter)))
  );
}

/** True if the scene passes a `scene_filter`. Members combine with AND; one of `AND`, `OR`, `NOT` may nest another. */
export function matchScene(scene: SceneRecord, filter: SceneFilter): boolean {
  const { AND: and, OR: or, NOT: not } = filter;
  const own = matchScalars(scene, filter) && matchRelated(scene, filter);
  if (or != null) return own || matchScene(scene, or);
  return own && (and == null || matchScene(scene, and)) && (not == null || !matchScene(scene, not));
}

/** `BETWEEN` on time stamps without a second value means up to tomorrow: writes that end into the filter. */
export function withOpenEnds(filter: SceneFilter, tomorrow: string): SceneFilter {
  const closed = (criterion: Criterion<string> | null | undefined) =>
    criterion == null ? null : { ...criterion, value2: criterion.value2 ?? tomorrow };
  const nested = (inner: SceneFilter | null | undefined) =>
    inner == null ? null : withOpenEnds(inner, tomorrow);
  return {
    ...filter,
    created_at: closed(filter.created_at),
    updated_at: closed(filter.updated_at),
    AND: nested(filter.AND),
    OR: nested(filter.OR),
    NOT: nested(filter.NOT),
  };
}
