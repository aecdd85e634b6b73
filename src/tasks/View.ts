import type { Paths } from '../config/paths.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';
import type { TaskReport } from './Task.ts';
import type { TaskArgs } from './taskArgs.ts';

/** What a view works with. */
export interface ViewContext {
  clock: Pick<Clock, 'now'>;
  paths: Paths;
  env: NodeJS.ProcessEnv;
  /**
   * The database, for reading; undefined while there is none. Closed by the caller.
   *
   * @throws StorageError
   */
  database: () => Database | undefined;
  /** Whether a process works off the queue, or waits to. */
  isDrainerAlive: () => boolean;
  /** Events that launchers recorded, and that nobody has taken in yet. */
  countSpooled: () => number;
  /**
   * Has a scene looked at before all others that wait: the only thing here that changes anything.
   *
   * @returns whether somebody comes for it.
   * @throws StorageError
   */
  queueFirst: (sceneId: number) => boolean;
  /** Has every text of the report searched for this as well. */
  addSecret: (secret: string) => void;
}

/** What the page inside Stash asks for again and again: it needs the plugin's own files, and nothing else. @throws TaskError, StorageError */
export type View = (context: ViewContext, args: TaskArgs) => Promise<TaskReport>;
