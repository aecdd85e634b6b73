import { flushCommits } from '../storage/flushCommits.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';
import { type ActivityLog, createActivityLog } from './activityLog.ts';
import { boundedFailure } from './buryJobs.ts';
import { type ChosenItems, createChosenItems } from './ChosenItems.ts';
import { createDeadLetters } from './deadLetters.ts';
import { createHeldBack, type HeldBack } from './heldBack.ts';
import {
  createItemOwners,
  type ItemOwners,
  type ItemPlace,
  type OwnerDecision,
  type SectionItem,
} from './ItemOwners.ts';
import type { ItemChange } from './ItemSnapshot.ts';
import type { JobFailure, SceneItems, SceneSync, TakenJob, WaitingJob } from './Job.ts';
import { prepareJobStatements } from './jobStatements.ts';
import { createSceneSyncs } from './sceneSyncs.ts';
import { createUndoLog, type UndoLog } from './UndoLog.ts';

/** Well above the longest back-off (600 s). */
const LONGEST_DELAY_MS = 3_600_000;

const DAY_MS = 86_400_000;

/** Most hand-outs of a job, whatever became of them; well above the attempts that any class of failure gets. */
export const MAX_HAND_OUTS = 40;

/** Why a job is given up that never ended. */
export const NEVER_ENDED = `No attempt came to an end in ${MAX_HAND_OUTS} starts.`;

/** What became of jobs that a dead process left behind. */
export interface Orphans {
  released: number;
  /** Scenes that were given up. */
  buried: number[];
}

/** How many jobs are in which state. */
export interface JobCounts {
  /** Waiting and due now. */
  due: number;
  /** Waiting for a later time. */
  waiting: number;
  running: number;
  deadLetters: number;
}

/** What clearing the queue did. */
export interface ClearedJobs {
  deleted: number;
  /** Jobs that a drainer is working on: they end with their attempt and do not come back. */
  running: number;
}

/**
 * The jobs, seen from the one who works them off. Taking a job is one statement, finishing it is
 * compare-and-set on the claim: who finishes late, after the job was taken over, changes nothing.
 */
export interface JobStore {
  /** Makes jobs due whose time lies further ahead than any delay: the clock was set back (W25). @returns how many. */
  healDueTimes(): number;
  /**
   * The next jobs that are due, in order, those of single events before those of a bulk: an edit does not wait behind a whole library.
   * None is taken by this.
   */
  peekDue(limit: number): WaitingJob[];
  /** Whether a job is due that does not belong to a bulk. */
  isEventDue(): boolean;
  /** Takes a peeked job, or undefined when it changed meanwhile: what was read for it may be out of date. */
  take(job: WaitingJob): TakenJob | undefined;
  /** The scene is in Plex as `items` says, and nowhere else; or (without it) nothing has to be done for it. */
  complete(job: TakenJob, items?: SceneItems): boolean;
  /** A gate holds the scene back: it is noted, and the job ends. What was synced before stays, and it is given up no more. */
  hold(job: TakenJob, gate: string): boolean;
  /** Tries the job again after `delayMs`, at most an hour. */
  retry(job: TakenJob, delayMs: number, failure: JobFailure): boolean;
  /**
   * Keeps what was written so far, while the job goes on; what was known of Stash's version stays. What is new
   * about an item is not safe before {@link flush}.
   *
   * @param change to the item, before it is made: what the item holds is kept in the same transaction.
   */
  remember(job: TakenJob, sync: SceneSync, change?: ItemChange): boolean;
  /** Sees to it that no power cut takes back what items held; costs nothing when that is so already. @throws StorageError */
  flush(): Promise<void>;
  /** Keeps which scene owns an item that the job's scene has a file in; see {@link ItemOwners.decide}. */
  decide(job: TakenJob, item: SectionItem, decision: OwnerDecision): boolean;
  /** The job's scene has a file in these items no more; see {@link ItemOwners.leave}. */
  leave(job: TakenJob, items: readonly ItemPlace[]): boolean;
  /**
   * Returns the job, behind all that are due after `delayMs` (at most an hour): the attempt was not its fault and does not
   * count, but it may be this scene alone that a server cannot cope with, and the others must get their turn.
   */
  giveBack(job: TakenJob, delayMs?: number): boolean;
  /** As {@link giveBack}, with the reason why it waits; see {@link hasten}. */
  defer(job: TakenJob, delayMs: number, reason: JobFailure): boolean;
  /** Makes jobs due that wait for that reason. @returns how many. */
  hasten(type: string): number;
  /** Takes back an attempt that these scenes' waiting jobs were charged, and makes them due. @returns how many. */
  forgive(sceneIds: readonly number[]): number;
  /** Parks the job among the dead letters and ends it, in one transaction (W6). */
  bury(job: TakenJob, failure: JobFailure): boolean;
  /**
   * Returns jobs that a dead process left behind; one that has been handed out {@link MAX_HAND_OUTS} times is parked
   * instead, because it may be what kills the processes (W14). Only for the holder of the drain lock.
   */
  releaseOrphans(): Orphans;
  /**
   * Removes all jobs (W17). One that is running cannot be called back: its attempt goes on, and what it achieves is
   * remembered, but unless a newer event asks for it, it is dropped where it would be tried again.
   *
   * @param options without a live drainer (the caller holds the drain lock) what looks as if it were running is stuck,
   * and is removed too.
   */
  clear(options: { isDrainerAlive: boolean }): ClearedJobs;
  /** Removes dead letters older than `days`. @returns how many. */
  purgeDeadLetters(days: number): number;
  /** Forgets what items held that were changed last more than `days` ago; with 0 all of it. @returns of how many. */
  purgeUndo(days: number): number;
  /** Earliest time at which a waiting job is due, in milliseconds since the epoch. */
  nextDueAtMs(): number | undefined;
  counts(): JobCounts;
  /** Jobs that an outage holds up: due or running now. */
  affectedByOutage(): number;
  /** Which of these scenes have a job, waiting or running; what ended long ago does not count (W32). */
  queuedSceneIds(sceneIds: readonly number[]): Set<number>;
  /** What is known to be in Plex for a scene, item by item. */
  sceneSyncs(sceneId: number): SceneSync[];
  /** The same of many scenes, by scene; one that was never synced is not in it. */
  sceneSyncsOf(sceneIds: readonly number[]): Map<number, SceneSync[]>;
  /** Another scene that was synced, if there is one. */
  anotherSync(sceneId: number): (SceneSync & { sceneId: number }) | undefined;
  /** Who owns items that several scenes share. */
  owners: ItemOwners;
  /** Items that the user has chosen for scenes. */
  chosen: ChosenItems;
  /** Scenes that gates hold back. */
  held: HeldBack;
  /** What the page inside Stash shows of the work. */
  activity: ActivityLog;
  /** What items held before they were changed. */
  undo: UndoLog;
}

/** The module is large, and only taking a job needs it: a task that looks at the queue starts without. */
const randomUUID = () => process.getBuiltinModule('node:crypto').randomUUID();

/** A job store on an open database. */
export function createJobStore(db: Database, clock: Clock): JobStore {
  const sql = prepareJobStatements(db);
  const syncs = createSceneSyncs(db);
  const owners = createItemOwners(db);
  const held = createHeldBack(db, owners);
  const undo = createUndoLog(db);
  const deadLetters = createDeadLetters(db, clock);
  /** How many with something new were kept, and how many of these are on the disk for certain. */
  const snapshots = { kept: 0, flushed: 0 };
  /** One flush after another, so that nobody overtakes who came first. */
  let flushing: Promise<void> = Promise.resolve();
  const flushSnapshots = async () => {
    const { kept, flushed } = snapshots;
    if (flushed === kept) return;
    await flushCommits(db);
    snapshots.flushed = kept;
  };
  // Process ids come back; a store does not.
  let ownerId: string | undefined;
  const owner = () => {
    ownerId ??= `${process.pid}-${randomUUID()}`;
    return ownerId;
  };

  const nowSecs = () => Math.floor(clock.now() / 1000);
  const dueTimes = (delayMs: number) => {
    const nowMs = clock.now();
    return { nowMs, dueAtMs: Math.round(nowMs + Math.min(delayMs, LONGEST_DELAY_MS)) };
  };
  /** Ends a claim with its `effect`: the row goes, or stays to run once more when an event came in meanwhile. */
  const endWith = (job: TakenJob, effect: () => void): boolean =>
    db
      .transaction(() => {
        if (!sql.isClaimed.get(job)) return false;
        effect();
        if (sql.deleteTaken.run(job).changes === 0) sql.rerun.run({ ...job, nowMs: clock.now() });
        return true;
      })
      .immediate();
  /** Ends a claim by `update`, which returns the job to the waiting ones, unless it was cleared. */
  const returnWith = (job: TakenJob, update: () => { changes: number }): boolean =>
    db.transaction(() => sql.dropCleared.run(job).changes === 1 || update().changes === 1).immediate();
  /** Does something for a claimed job that goes on. */
  const whileClaimed = (job: TakenJob, effect: () => unknown): boolean =>
    db
      .transaction(() => {
        if (!sql.isClaimed.get(job)) return false;
        effect();
        return true;
      })
      .immediate();
  /** What the scene has no more goes; where it shared or owned an item, others may have to take over. */
  const saveItems = (sceneId: number, { syncs: current, shared, kept = [] }: SceneItems): void => {
    const isNow = (items: readonly ItemPlace[], { serverId, ratingKey }: ItemPlace) =>
      items.some((item) => item.serverId === serverId && item.ratingKey === ratingKey);
    for (const former of syncs.items(sceneId)) {
      if (isNow([...current, ...kept], former)) continue;
      owners.bequeath(sceneId, former);
      syncs.remove(sceneId, former);
    }
    for (const sync of current) syncs.save(sceneId, sync, clock.now());
    if (!owners.isAny()) return;
    const all = [...current, ...kept, ...shared];
    for (const item of owners.itemsOf(sceneId)) {
      if (isNow(all, item)) continue;
      if (all.some(({ serverId }) => serverId === item.serverId)) owners.leave(sceneId, item, clock.now());
      else owners.drop(sceneId, item);
    }
  };
  const peek = (inBulk: 0 | 1, limit: number) =>
    sql.peekDue
      .all({ nowMs: clock.now(), inBulk, limit })
      .map((row) => ({ ...(row as WaitingJob), inBulk: inBulk === 1 }));
  const counts = () => sql.counts.get({ nowMs: clock.now() }) as JobCounts;

  return {
    healDueTimes: () =>
      sql.healDueTimes.run({ nowMs: clock.now(), latestMs: clock.now() + LONGEST_DELAY_MS }).changes,
    peekDue: (limit) => {
      const events = peek(0, limit);
      return events.length < limit ? [...events, ...peek(1, limit - events.length)] : events;
    },
    isEventDue: () => peek(0, 1).length > 0,
    take: (job) =>
      sql.take.get({ ...job, claimId: randomUUID(), owner: owner(), nowMs: clock.now() }) as
        | TakenJob
        | undefined,
    complete: (job, items) =>
      endWith(job, () => {
        if (!items) return;
        saveItems(job.sceneId, items);
        sql.resolveDeadLetter.run(job.sceneId);
      }),
    hold: (job, gate) =>
      endWith(job, () => {
        held.hold([job.sceneId], gate, clock.now());
        sql.resolveDeadLetter.run(job.sceneId);
      }),
    retry: (job, delayMs, failure) =>
      returnWith(job, () => sql.retry.run({ ...job, ...dueTimes(delayMs), ...boundedFailure(failure) })),
    remember: (job, sync, change) =>
      whileClaimed(job, () => {
        if (change) undo.save(sync, job.sceneId, change.snapshot, clock.now());
        if (change?.isNew) snapshots.kept += 1;
        syncs.save(job.sceneId, sync, clock.now());
      }),
    flush() {
      flushing = flushing.catch(() => {}).then(flushSnapshots);
      return flushing;
    },
    decide: (job, item, decision) =>
      whileClaimed(job, () => owners.decide(item, decision, job.sceneId, clock.now())),
    leave: (job, items) =>
      whileClaimed(job, () => {
        for (const item of items) owners.leave(job.sceneId, item, clock.now());
      }),
    giveBack: (job, delayMs = 0) => returnWith(job, () => sql.giveBack.run({ ...job, ...dueTimes(delayMs) })),
    defer: (job, delayMs, reason) =>
      returnWith(job, () => sql.defer.run({ ...job, ...dueTimes(delayMs), ...boundedFailure(reason) })),
    hasten: (type) => sql.hasten.run({ type, nowMs: clock.now() }).changes,
    forgive: (sceneIds) =>
      sql.forgive.run({ sceneIds: JSON.stringify(sceneIds), nowMs: clock.now() }).changes,
    bury: (job, failure) =>
      endWith(job, () => {
        sql.bury.run({ ...job, ...boundedFailure(failure), nowSecs: nowSecs() });
      }),
    releaseOrphans: () =>
      db
        .transaction(() => {
          const hopeless = { limit: MAX_HAND_OUTS, owner: owner() };
          const failure = boundedFailure({ type: 'ProcessKilled', message: NEVER_ENDED });
          sql.buryOrphans.run({ ...hopeless, ...failure, nowSecs: nowSecs() });
          const buried = sql.deleteOrphans.all(hopeless) as number[];
          sql.dropClearedOrphans.run();
          return { buried, released: sql.releaseOrphans.run({ owner: owner() }).changes };
        })
        .immediate(),
    clear: ({ isDrainerAlive }) =>
      db
        .transaction(() => {
          sql.noticeAll.run({ nowMs: clock.now() });
          const pending = sql.deleteState.run({ state: 'pending' }).changes;
          if (isDrainerAlive) return { deleted: pending, running: sql.markCleared.run().changes };
          return { deleted: pending + sql.deleteState.run({ state: 'running' }).changes, running: 0 };
        })
        .immediate(),
    purgeDeadLetters: (days) => deadLetters.deleteOlderThan(days),
    purgeUndo: (days) =>
      undo.deleteOlderThan(days === 0 ? Number.MAX_SAFE_INTEGER : clock.now() - days * DAY_MS),
    nextDueAtMs: () => {
      const { dueAtMs } = sql.nextDue.get() as { dueAtMs: number | null };
      if (dueAtMs === null) return undefined;
      return dueAtMs > clock.now() + LONGEST_DELAY_MS ? clock.now() : dueAtMs;
    },
    counts,
    affectedByOutage: () => {
      const { due, running } = counts();
      return due + running;
    },
    queuedSceneIds: (sceneIds) => new Set(sql.queuedSceneIds.all(JSON.stringify(sceneIds)) as number[]),
    sceneSyncs: (sceneId) => syncs.load(sceneId),
    sceneSyncsOf: (sceneIds) => syncs.loadMany(sceneIds),
    anotherSync: (sceneId) => syncs.another(sceneId),
    owners,
    chosen: createChosenItems(db, owners),
    held,
    activity: createActivityLog(db),
    undo,
  };
}
