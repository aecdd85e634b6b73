import type { ReconcileEnvironment } from '../config/environment.ts';
import type { WorkContext } from '../drain/WorkContext.ts';
import type { PathIndex } from '../plex/PathIndex.ts';
import type { PathMap } from '../plex/pathMap.ts';
import type { Database } from '../storage/openDatabase.ts';

/** What a reconciliation works with. */
export interface ReconcileContext
  extends Pick<
    WorkContext,
    | 'clock'
    | 'log'
    | 'names'
    | 'settings'
    | 'jobs'
    | 'stash'
    | 'plex'
    | 'library'
    | 'lastSyncs'
    | 'owners'
    | 'chosen'
    | 'gates'
  > {
  db: Database;
  index: PathIndex;
  map: PathMap;
  limits: Pick<ReconcileEnvironment, 'usesPlexUnmatched' | 'maxScenes'>;
}
