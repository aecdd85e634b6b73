import type { WorkBasis } from '../drain/prepareWork.ts';
import { openDeviceId } from '../plex/deviceId.ts';
import { createPathIndex } from '../plex/PathIndex.ts';
import { createRequestLimits } from '../plex/RequestLimits.ts';
import { createChangeLog } from '../queue/changeLog.ts';
import { createStashClient, type StashClient } from '../stash/StashClient.ts';
import type { LocalBasis } from './localBasis.ts';
import { showDefaults } from './showDefaults.ts';

/** What a drainer works with, and a task that talks to the servers. */
export interface ProcessBasis extends LocalBasis, WorkBasis {
  /** The same client, by which nothing is stored in Stash. */
  stashAsItIs: StashClient;
  close(): Promise<void>;
}

/** Adds to a process's stores what it talks to Stash with. When it first reads the settings, the defaults are stored among them. */
export function openProcessBasis(local: LocalBasis): ProcessBasis {
  const { db, clock, paths, connection, redactor, log } = local;
  const client = createStashClient(connection, redactor);
  let isFirst = true;
  return {
    ...local,
    stashAsItIs: client,
    stash: {
      ...client,
      async pluginSettings(pluginId) {
        const stored = await client.pluginSettings(pluginId);
        if (isFirst) {
          isFirst = false;
          await showDefaults(stored, { stash: client, db, log: log.for('Config') });
        }
        return stored;
      },
    },
    pathIndex: createPathIndex(db),
    requestLimits: createRequestLimits(db, clock),
    changes: createChangeLog(db),
    deviceId: openDeviceId(paths.deviceId, log.for('Plex')),
    async close() {
      await client.close();
      db.close();
    },
  };
}
