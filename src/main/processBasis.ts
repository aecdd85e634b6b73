import type { WorkBasis } from '../drain/prepareWork.ts';
import { createPathIndex } from '../plex/PathIndex.ts';
import { createStashClient } from '../stash/StashClient.ts';
import type { LocalBasis } from './localBasis.ts';

/** What a drainer works with, and a task that talks to the servers. */
export interface ProcessBasis extends LocalBasis, WorkBasis {
  close(): Promise<void>;
}

/** Adds to a process's stores what it talks to Stash with. */
export function openProcessBasis(local: LocalBasis): ProcessBasis {
  const { db, connection, redactor } = local;
  const stash = createStashClient(connection, redactor);
  return {
    ...local,
    stash,
    pathIndex: createPathIndex(db),
    async close() {
      await stash.close();
      db.close();
    },
  };
}
