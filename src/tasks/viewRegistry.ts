import { checkArgs } from './checkArgs.ts';
import type { View } from './View.ts';
import type { ViewMode } from './viewModes.ts';

interface ViewEntry {
  /** Loads what this view needs, and nothing else. */
  load: () => Promise<View>;
  /** Names of the arguments that it takes beside `mode`. */
  args: readonly string[];
}

const VIEWS: Readonly<Record<ViewMode, ViewEntry>> = {
  dashboard: { load: async () => (await import('./dashboard.ts')).dashboard, args: [] },
  failures: {
    load: async () => (await import('./failures.ts')).failures,
    args: ['error_type', 'offset', 'limit'],
  },
  scene_status: { load: async () => (await import('./sceneStatus.ts')).sceneStatus, args: ['scene_id'] },
  sync_scene: { load: async () => (await import('./syncScene.ts')).syncScene, args: ['scene_id'] },
  check_settings: {
    load: async () => (await import('./checkSettings.ts')).checkSettings,
    args: ['settings'],
  },
};

/** The view of a mode. @throws InputError when it does not take these arguments. */
export async function findView(mode: ViewMode, args: Readonly<Record<string, unknown>>): Promise<View> {
  const { load, args: taken } = VIEWS[mode];
  checkArgs(args, taken);
  return load();
}
