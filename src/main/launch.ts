import type { PluginInput } from '../config/pluginInput.ts';
import type { ExclusiveLock } from '../storage/exclusiveLock.ts';
import type { ViewMode } from '../tasks/viewModes.ts';

/** What the launcher hands over. */
export interface Launch {
  /** The launcher itself, to be started again as a drainer. Lies one folder below the plugin's. */
  launcherPath: string;
  /** Loads the bundle of tasks and drainers. */
  loadTaskBundle: () => TaskBundle;
  /** Loads the bundle of what only looks. */
  loadViewBundle: () => ViewBundle;
}

/** What `taskMain.ts` offers. */
export interface TaskBundle {
  runTask(launch: Launch, input: PluginInput): Promise<void>;
  runDrainerProcess(launch: Launch, input: PluginInput, lock: ExclusiveLock): Promise<void>;
}

/** What `viewMain.ts` offers. */
export interface ViewBundle {
  runView(launch: Launch, mode: ViewMode, input: PluginInput): Promise<void>;
}

/** The argument of the command line that makes the entrypoint a drainer: what Stash starts has none, so it can never become one. */
export const DRAINER_ARGUMENT = 'drainer';
