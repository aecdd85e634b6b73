import { PLUGIN_ID } from '../config/plugin.ts';
import { type DrainSession, openDrainSession } from '../drain/DrainSession.ts';
import { queueScenes } from '../drain/queueScenes.ts';
import { recoverOutageJobs } from '../drain/recoverOutageJobs.ts';
import { clearMatchIndex } from '../plex/PathIndex.ts';
import { waitingScenes } from '../queue/waitingScenes.ts';
import { maybeAutoReconcile } from '../reconcile/maybeAutoReconcile.ts';
import { explainScene } from '../scene/explainScene.ts';
import { previewScenes } from '../scene/previewScenes.ts';
import { restoreItems } from '../scene/restoreItems.ts';
import type { TaskContext } from '../tasks/Task.ts';
import { installationOf } from './installationOf.ts';
import type { Launch } from './launch.ts';
import type { LocalBasis } from './localBasis.ts';
import { openProcessBasis } from './processBasis.ts';
import { reconcileAndTell } from './reconcileAndTell.ts';
import { createSetupWork } from './setupWork.ts';
import { telling } from './telling.ts';

type ServerWork = Pick<
  TaskContext,
  | 'reconcile'
  | 'recoverOutageJobs'
  | 'queueScenes'
  | 'previewScenes'
  | 'clearMatchIndex'
  | 'sendTestNotice'
  | 'setup'
  | 'explainScene'
  | 'restoreItems'
>;

/** What a task does with Stash and Plex. A module of its own, because it is most of the code and a task that only looks needs none of it. */
export interface Servers extends ServerWork {
  session: DrainSession;
  /** The plugin's settings as they are stored in Stash. @throws StashError */
  settings(): Promise<Record<string, unknown>>;
  /** Does the reconciliation that is due in this process. Never throws. */
  reconcileWhenDue(): Promise<void>;
  /** Closes every connection, the data file as well. */
  close(): Promise<void>;
}

/** Opens the clients; nobody is asked anything yet. */
export function openServers(local: LocalBasis, launch: Pick<Launch, 'launcherPath'>): Servers {
  const basis = openProcessBasis(local);
  const { db, clock, stash, jobs, deadLetters, log, scheduler, reliability, notifier } = basis;
  const session = telling(openDrainSession(basis), notifier);
  const settings = () => stash.pluginSettings(PLUGIN_ID);
  return {
    session,
    settings,
    reconcile(scope, onPage) {
      const request = { scope, trigger: 'manual', onPage: async (share: number) => onPage(share) } as const;
      return reconcileAndTell(request, basis, session);
    },
    recoverOutageJobs(entries, onPortion) {
      const probe = async () => (await session.probe()) ?? { healthy: false };
      return recoverOutageJobs(entries, { deadLetters, jobs, stash, probe, log, onPortion });
    },
    queueScenes: (request) => queueScenes(request, { stash, db, clock }),
    async previewScenes(request, onPortion) {
      const waiting = (limit: number) => waitingScenes(db, limit, clock.now());
      return previewScenes(request, await session.work(), waiting, onPortion);
    },
    explainScene: async (sceneId) => explainScene(sceneId, await session.work()),
    async restoreItems(request) {
      const { plex, library, names, redact } = await session.work();
      const isWaiting = (sceneIds: readonly number[]) => jobs.queuedSceneIds(sceneIds).size > 0;
      return restoreItems(request, { plex, library, names, redact, undo: jobs.undo, isWaiting });
    },
    clearMatchIndex: async () => clearMatchIndex(db),
    async sendTestNotice() {
      await settings();
      return notifier.test();
    },
    setup: createSetupWork(basis, installationOf(launch, basis)),
    reconcileWhenDue: () =>
      maybeAutoReconcile(
        { scheduler, breaker: reliability.breaker, log: log.for('Reconcile'), settings: session.open },
        (request) => reconcileAndTell(request, basis, session),
      ),
    async close() {
      // Such as the end of an outage that this process has found over.
      await notifier.look();
      // What cannot be closed ends with the process.
      await session.close().catch(() => {});
      await basis.close();
    },
  };
}
