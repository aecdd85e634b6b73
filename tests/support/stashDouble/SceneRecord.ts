import type { NamedEntity } from './EntityStore.ts';

/** A file of a new scene; only the path is needed. */
export interface NewFile {
  readonly path: string;
  readonly size?: number;
  readonly mod_time?: string;
  readonly duration?: number;
  readonly width?: number;
  readonly height?: number;
  readonly frame_rate?: number;
  readonly bit_rate?: number;
  readonly video_codec?: string;
  readonly audio_codec?: string;
  readonly format?: string;
  /** Default: derived from the path. */
  readonly oshash?: string;
  /** Default: none, as Stash does not compute it unless told to. */
  readonly md5?: string;
  /** Default: none, as before a generate task. */
  readonly phash?: string;
}

/** A stored file; times are RFC 3339 text. */
export interface VideoFile extends Required<Omit<NewFile, 'oshash' | 'md5' | 'phash'>> {
  readonly id: number;
  readonly oshash: string | null;
  readonly md5: string | null;
  readonly phash: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A link to a stash-box; without `updated_at` it gets the current time. */
export interface NewStashId {
  readonly endpoint: string;
  readonly stash_id: string;
  readonly updated_at?: string | null;
}

/** A stored link to a stash-box. */
export interface StashId {
  readonly endpoint: string;
  readonly stash_id: string;
  readonly updated_at: string;
}

/** A scene as tests give it: related objects by name, created on first use. */
export interface NewScene {
  readonly id?: number;
  readonly title?: string;
  readonly code?: string;
  readonly details?: string;
  readonly director?: string;
  readonly urls?: readonly string[];
  readonly date?: string | null;
  readonly rating100?: number | null;
  readonly organized?: boolean;
  readonly studio?: string | null;
  readonly performers?: readonly string[];
  readonly tags?: readonly string[];
  readonly groups?: readonly (string | { readonly name: string; readonly scene_index: number })[];
  readonly files?: readonly (string | NewFile)[];
  /** JPEG bytes, or no cover yet. */
  readonly screenshot?: Buffer | 'placeholder';
  readonly preview?: Buffer | null;
  readonly webp?: Buffer | null;
  readonly stash_ids?: readonly NewStashId[];
  readonly play_count?: number;
  readonly o_counter?: number;
  /** Stored as it is, for rows with fractions or another offset. Default: now. */
  readonly created_at?: string;
  readonly updated_at?: string;
}

/** Changes of a scene as tests give them. */
export type SceneChanges = Omit<NewScene, 'id'>;

/** A group that a scene belongs to. */
export interface SceneGroup {
  readonly group: NamedEntity;
  readonly scene_index: number | null;
}

/** A scene as the double stores it. Scalars that Go keeps as plain strings are '' when unset. */
export interface SceneRecord {
  readonly id: number;
  title: string;
  code: string;
  details: string;
  director: string;
  urls: readonly string[];
  date: string | null;
  rating100: number | null;
  organized: boolean;
  studio: NamedEntity | null;
  performers: readonly NamedEntity[];
  tags: readonly NamedEntity[];
  groups: readonly SceneGroup[];
  files: readonly VideoFile[];
  screenshot: Buffer | 'placeholder';
  preview: Buffer | null;
  webp: Buffer | null;
  stash_ids: readonly StashId[];
  play_count: number;
  play_duration: number;
  resume_time: number;
  o_counter: number;
  created_at: string;
  updated_at: string;
}

/** Changes in terms of the stored form. */
export type RecordChanges = Partial<Omit<SceneRecord, 'id'>>;

/** A copy of a stored scene for assertions: related objects by name. */
export interface StoredScene
  extends Readonly<Omit<SceneRecord, 'studio' | 'performers' | 'tags' | 'groups'>> {
  readonly studio: string | null;
  readonly performers: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly string[];
}
