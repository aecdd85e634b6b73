import type { WorkBasis } from '../drain/prepareWork.ts';
import { createNotifier, type Notifier } from '../notify/Notifier.ts';
import { openDeviceId } from '../plex/deviceId.ts';
import { createPathIndex } from '../plex/PathIndex.ts';
import { createRequestLimits } from '../plex/RequestLimits.ts';
import { createChangeLog } from '../queue/changeLog.ts';
import { createStashClient } from '../stash/StashClient.ts';
import { remedyFor } from '../tasks/remedyFor.ts';
import type { LocalBasis } from './localBasis.ts';
import { showDefaults } from './showDefaults.ts';

/** What a drainer works with, and a task that talks to the servers. */
export interface ProcessBasis extends LocalBasis, WorkBasis {
  notifier: Notifier;
  close(): Promise<void>;
}

/** Adds to a process's stores what it talks to Stash with. When it first reads the settings, the defaults are stored among them. */
export function openProcessBasis(local: LocalBasis): ProcessBasis {
  const { db, clock, paths, connection, redactor, log } = local;
  const client = createStashClient(connection, redactor);
  const notifier = openNotifier(local);
  let isFirst = true;
  return {
    ...local,
    notifier,
    stash: {
      ...client,
      async pluginSettings(pluginId) {
        const stored = await client.pluginSettings(pluginId);
        notifier.useSettings(stored);
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
      await notifier.close();
      await client.close();
      db.close();
    },
  };
}

function openNotifier({ clock, log, redactor, db, jobs, reliability }: LocalBasis): Notifier {
  const { breaker, outages } = reliability;
  const waitingScenes = () => {
    const { due, waiting, running } = jobs.counts();
    return due + waiting + running;
  };
  return createNotifier({
    clock,
    log: log.for('Notify'),
    redactor,
    db,
    breaker,
    outages,
    waitingScenes,
    remedyFor,
  });
}
