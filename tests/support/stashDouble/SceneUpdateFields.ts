/** An entry of `stash_ids` in an update. */
export interface StashIdInput {
  readonly endpoint: string;
  readonly stash_id: string;
  readonly updated_at?: string | null;
}

/** `SceneUpdateInput` without `id`: an absent key is untouched, null clears, lists replace. */
export interface SceneUpdateFields {
  readonly clientMutationId?: string | null;
  readonly title?: string | null;
  readonly code?: string | null;
  readonly details?: string | null;
  readonly director?: string | null;
  readonly url?: string | null;
  readonly urls?: readonly string[] | null;
  readonly date?: string | null;
  readonly rating100?: number | null;
  readonly o_counter?: number | null;
  readonly organized?: boolean | null;
  readonly studio_id?: string | null;
  readonly gallery_ids?: readonly string[] | null;
  readonly performer_ids?: readonly string[] | null;
  readonly movies?: readonly { movie_id: string; scene_index?: number | null }[] | null;
  readonly groups?: readonly { group_id: string; scene_index?: number | null }[] | null;
  readonly tag_ids?: readonly string[] | null;
  /** A data URL (bare base64 is what the identify task passes to hooks). */
  readonly cover_image?: string | null;
  readonly stash_ids?: readonly StashIdInput[] | null;
  readonly resume_time?: number | null;
  readonly play_duration?: number | null;
  readonly play_count?: number | null;
  readonly primary_file_id?: string | null;
}

/** A list change of a bulk update. */
export interface BulkUpdateIds {
  readonly ids?: readonly string[] | null;
  readonly mode: 'SET' | 'ADD' | 'REMOVE';
}

/** What single and bulk updates have in common. */
export type ScalarUpdateFields = Pick<
  SceneUpdateFields,
  | 'clientMutationId'
  | 'title'
  | 'code'
  | 'details'
  | 'director'
  | 'url'
  | 'date'
  | 'rating100'
  | 'organized'
  | 'studio_id'
>;

/** `BulkSceneUpdateInput` without `ids`. */
export interface BulkSceneUpdateFields extends ScalarUpdateFields {
  readonly urls?: { readonly values?: readonly string[] | null; readonly mode: BulkUpdateIds['mode'] } | null;
  readonly gallery_ids?: BulkUpdateIds | null;
  readonly performer_ids?: BulkUpdateIds | null;
  readonly tag_ids?: BulkUpdateIds | null;
  readonly group_ids?: BulkUpdateIds | null;
}
