import type { Scene } from './Scene.ts';

/** A scene's id and Stash's `updated_at`, as Stash gave it; null when Stash could not tell. */
export interface SceneStamp {
  id: number;
  updatedAt: string | null;
}

/** What a walk reads of each scene. */
export interface SceneSelections {
  ids: SceneStamp;
  whole: Scene;
}

export type SceneSelection = keyof SceneSelections;

/** Which scenes to walk through, and what to read of them. */
export interface SceneWalk<S extends SceneSelection = SceneSelection> {
  select: S;
  /**
   * Only scenes that were created (or updated) at this time or later: RFC 3339 with a zone (W-65). A scene whose own time cannot be read
   * is never left out.
   */
  createdAfter?: string;
  updatedAfter?: string;
  /**
   * Only scenes whose `updated_at` is above this text, compared as Stash compares it: character by character with what it stored; see
   * `storedTime`. They are not counted beforehand: `total` is what was walked.
   */
  aboveUpdatedAt?: string;
  /** Scenes per request; by default 1 000 stamps or 250 whole scenes. */
  pageSize?: number;
}

/** Some scenes in the order of their ids. */
export interface ScenePage<S extends SceneSelection = SceneSelection> {
  scenes: SceneSelections[S][];
  /** Scenes that exist, but that Stash could not read or that have another shape than expected. */
  unreadable: number[];
  /** Scenes passed so far, those included that a time bound leaves out. */
  walked: number;
  /** How many there were to pass when the walk began; never less than `walked`. For progress. */
  total: number;
}
