/** What the launcher hands over. */
export interface Launch {
  /** The launcher itself, to be started again as a drainer. Lies one folder below the plugin's. */
  launcherPath: string;
  /** Loads the bundle of tasks and drainers. */
  loadTaskBundle: () => typeof import('./taskMain.ts');
}

/** The `mode` that makes the entrypoint a drainer. */
export const DRAINER_MODE = 'drain';
