/**
 * Modes that the page inside Stash asks for all the time, in a bundle of their own (`tasks/viewRegistry`): they need the plugin's own files
 * only, start in half the time of a task, and do nothing on the side. All but `sync_scene` only look.
 */
export const VIEW_MODES = ['dashboard', 'failures', 'scene_status', 'check_settings', 'sync_scene'] as const;

export type ViewMode = (typeof VIEW_MODES)[number];

/** Whether the argument `mode` names a view. */
export function isViewMode(mode: unknown): mode is ViewMode {
  return VIEW_MODES.some((known) => known === mode);
}
