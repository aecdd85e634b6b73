import type { Paths } from '../config/paths.ts';
import type { DrainSession } from '../drain/DrainSession.ts';
import type { QueuedScenes, QueueRequest } from '../drain/queueScenes.ts';
import type { Reliability } from '../drain/Reliability.ts';
import type { RecoveryContext, RecoveryResult } from '../drain/recoverOutageJobs.ts';
import type { Logger } from '../log/logger.ts';
import type { TestResult } from '../notify/Notifier.ts';
import type { DeadLetters } from '../queue/deadLetters.ts';
import type { OutageDlqEntry } from '../queue/getOutageDlqEntries.ts';
import type { JobStore } from '../queue/JobStore.ts';
import type { SceneRecord } from '../queue/sceneRecord.ts';
import type { ReconciliationScheduler } from '../reconcile/ReconciliationScheduler.ts';
import type { RunEnd } from '../reconcile/runReconciliation.ts';
import type { ReconcileScope } from '../reconcile/scopes.ts';
import type { SceneExplanation } from '../scene/explainScene.ts';
import type { PreviewRequest, PreviewResult } from '../scene/previewScenes.ts';
import type { RestoreRequest, RestoreResult } from '../scene/RestoreResult.ts';
import type { SetupFindings } from '../setup/checkSetup.ts';
import type { PlexFindings } from '../setup/inspectPlex.ts';
import type { GivenSettings, TriedSample } from '../setup/trySettings.ts';
import type { ExclusiveLock } from '../storage/exclusiveLock.ts';
import type { TakeoverRecord } from '../takeover/TakeoverRecord.ts';
import type { Clock } from '../time/clock.ts';

/** What tasks do with the servers of the settings; loaded when it is first called. */
export type TaskSession = Pick<DrainSession, 'drain' | 'probe' | 'checkAccess' | 'open'>;

/** What a task works with. */
export interface TaskContext {
  clock: Clock;
  log: Logger;
  paths: Paths;
  jobs: JobStore;
  /** Compares Plex with Stash and queues what differs, as the user's own run. @param onPage gets the share that is done. */
  reconcile: (scope: ReconcileScope, onPage: (share: number) => void) => Promise<RunEnd>;
  scheduler: Pick<ReconciliationScheduler, 'load'>;
  deadLetters: DeadLetters;
  reliability: Reliability;
  session: TaskSession;
  /** Queues the scenes of dead letters again, after asking Plex and Stash. */
  recoverOutageJobs: (
    entries: readonly OutageDlqEntry[],
    onPortion: NonNullable<RecoveryContext['onPortion']>,
  ) => Promise<RecoveryResult>;
  /** Queues scenes of Stash, without looking at what became of them earlier. */
  queueScenes: (request: QueueRequest) => Promise<QueuedScenes>;
  /** What the next syncs of scenes would change; nothing is written. @throws SettingsError, StashError */
  previewScenes: (request: PreviewRequest, onPortion: (share: number) => void) => Promise<PreviewResult>;
  /** What can be found out about the set-up; nothing is changed anywhere. */
  setup: {
    /** @param onProgress called with the share done, 0 to 1. */
    check: (onProgress: (share: number) => void) => Promise<SetupFindings>;
    /** Asks Plex with some settings above those that are stored. @throws SettingsError, StashError */
    tryConnection: (given: GivenSettings) => Promise<PlexFindings>;
    /** Looks scenes up with them. @throws SettingsError, StashError, PlexError */
    trySample: (given: GivenSettings, onScene: (share: number) => void) => Promise<TriedSample>;
  };
  /** What both servers say about what becomes of a scene; nothing is written. @throws SettingsError, StashError */
  explainScene: (sceneId: number) => Promise<SceneExplanation>;
  /** What the plugin's own files know of a scene. */
  sceneRecord: (sceneId: number) => SceneRecord;
  /** The scene whose turn is next; undefined when none waits. */
  nextWaiting: () => number | undefined;
  /** Ids of the Plex servers that the plugin has met; nobody is asked. */
  knownServers: () => string[];
  /** Gives Plex items back what they held before the plugin changed them, or tells what would go back. @throws PlexError, SettingsError, StashError */
  restoreItems: (request: RestoreRequest) => Promise<RestoreResult>;
  /** Empties the index of the files that Plex has. */
  clearMatchIndex: () => Promise<void>;
  /** Sends a test to every address for notifications. @throws StashError */
  sendTestNotice: () => Promise<TestResult>;
  /** Sees to it that a drainer comes for what is queued. @returns false when background work is switched off. */
  wakeDrainer: () => boolean;
  /** The right to change what a drainer has in hand, for a moment, or undefined while another process has it. */
  tryDrainLock: () => ExclusiveLock | undefined;
  /** The same for longer, to work off jobs: hooks take its holder for a drainer. */
  takeDrainLock: () => ExclusiveLock | undefined;
  /** What that process waits for, as a sentence; undefined while it works. */
  drainerObstacle: () => string | undefined;
  /** What was taken over from the Python plugin, the latest first, and what is in the way of it. */
  takeovers: () => { records: TakeoverRecord[]; obstacle: string | undefined };
  /**
   * Starts a drainer that takes over as soon as the drain lock is free: Stash stops a task by SIGKILL, and hooks that saw
   * the lock held have started nobody.
   */
  startStandby: () => void;
}

/** What a task answers to Stash: a sentence, and the figures behind it. */
export interface TaskReport {
  summary: string;
  [figure: string]: unknown;
}

/** One entry of Stash's task list. @throws an error with a sentence for the user */
export type Task = (context: TaskContext, args: Record<string, unknown>) => Promise<TaskReport>;

/** A task could not do what it was asked for. The message is for the user. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
}
