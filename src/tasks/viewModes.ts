/**
 * Modes that only look, at the plugin's own files and in a bundle of their own (`tasks/viewRegistry`): the page inside Stash asks for them
 * all the time, so they start in half the time of a task, write nothing, and do nothing on the side.
 */
export const VIEW_MODES = ['dashboard', 'failures', 'scene_status', 'check_settings'] as const;

export type ViewMode = (typeof VIEW_MODES)[number];

/** Whether the argument `mode` names a view. */
export function isViewMode(mode: unknown): mode is ViewMode {
  return VIEW_MODES.some((known) => known === mode);
}
