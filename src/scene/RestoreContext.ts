import type { UndoLog } from '../queue/UndoLog.ts';
import type { SceneContext } from './SceneContext.ts';

/** What restoring items needs. */
export interface RestoreContext extends Pick<SceneContext, 'plex' | 'library' | 'names' | 'redact'> {
  undo: UndoLog;
  /** Whether one of these scenes waits to be synced. */
  isWaiting: (sceneIds: readonly number[]) => boolean;
}
