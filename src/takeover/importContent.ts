import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDeadLetterAdoption } from '../queue/adoptDeadLetter.ts';
import { prepareJobAdoption } from '../queue/adoptJob.ts';
import { MAX_HAND_OUTS } from '../queue/JobStore.ts';
import { createSceneSyncs, noteFormerSync } from '../queue/sceneSyncs.ts';
import type { Database } from '../storage/openDatabase.ts';
import { withCopy } from './openCopy.ts';
import { deadScenes, readDeadLetters } from './readDeadLetters.ts';
import { type OutstandingScene, type PythonQueue, readQueue } from './readQueue.ts';
import { readSyncTimes } from './readSyncTimes.ts';
import { saveTakeover, type TakeoverFigures, type TakeoverRecord } from './TakeoverRecord.ts';

/** What an import works with. */
export interface ImportContext {
  db: Database;
  nowMs: number;
  /** Folder with copies of the files. */
  copies: string;
  /** Rows of one transaction: it must not hold up a hook for more than some milliseconds. */
  portion: number;
}

/** Names of the tables, the queue's as the Python plugin itself looks for it. */
const QUEUE = 'ack_queue%';
const DEAD_LETTERS = 'dead_letters';
/** As in `JobStore`: well above the longest back-off. */
const LONGEST_DELAY_MS = 3_600_000;

/**
 * Brings everything that the files hold into the database, in short transactions that note how far it has come: a process that is
 * killed loses and doubles nothing, and the next one goes on.
 *
 * @returns the record with everything in.
 */
export function importContent(begun: TakeoverRecord, context: ImportContext): TakeoverRecord {
  const { db, nowMs, copies, portion } = context;
  let record = begun;
  const add = (more: Sums) => {
    const { figures } = record;
    const sums = Object.entries(more).map(([key, number]) => [key, figures[key as keyof Sums] + number]);
    record = { ...record, figures: { ...figures, ...Object.fromEntries(sums) } };
  };
  /** Applies `act` to each entry; it adds to the sums, and gives the entry's number for the cursor. */
  const inPortions = <T>(cursor: Cursor, entries: readonly T[], act: (entry: T, sums: Sums) => number) => {
    for (let start = 0; start < entries.length; start += portion) {
      db.transaction(() => {
        const sums: Sums = {};
        let last = record[cursor];
        for (const entry of entries.slice(start, start + portion)) last = act(entry, sums);
        add(sums);
        record = { ...record, [cursor]: last };
        saveTakeover(db, record);
      }).immediate();
    }
  };

  const findings = readAll(context);
  // What reading tells is told again to each process.
  record = { ...record, figures: { ...record.figures, ...findings.figures } };
  const adoptJob = prepareJobAdoption(db);
  const scenes = findings.scenes.filter(({ rowId }) => rowId > record.jobCursor);
  inPortions('jobCursor', scenes, (scene, sums) => {
    const isNew = adoptJob(adopted(scene, nowMs));
    count(sums, isNew ? 'scenesQueued' : 'scenesQueuedAlready');
    if (isNew && scene.isLostJob) count(sums, 'lostJobsQueued');
    return scene.rowId;
  });
  const adoptDeadLetter = prepareDeadLetterAdoption(db);
  withCopy(join(copies, 'dlq.db'), DEAD_LETTERS, (dlq, table) => {
    let lost: Sums = {};
    const onLost = () => count(lost, 'deadLettersLost');
    for (const rows of readDeadLetters(dlq, table, record.deadLetterCursor, onLost)) {
      add(lost);
      lost = {};
      inPortions('deadLetterCursor', rows, ({ rowId, hasJob, ...entry }, sums) => {
        adoptDeadLetter(entry, nowMs);
        count(sums, 'deadLetters');
        if (!hasJob) count(sums, 'deadLettersWithoutJob');
        return rowId;
      });
    }
    add(lost);
  });
  const syncs = createSceneSyncs(db);
  const times = [...findings.times].filter(([sceneId]) => sceneId > record.syncCursor);
  inPortions('syncCursor', times, ([sceneId, secs], sums) => {
    if (noteFormerSync(syncs, sceneId, Math.round(Math.min(secs * 1000, nowMs)))) count(sums, 'syncTimes');
    return sceneId;
  });
  record = { ...record, importedAtMs: nowMs };
  saveTakeover(db, record);
  return record;
}

type Cursor = 'jobCursor' | 'deadLetterCursor' | 'syncCursor';
type Sums = Partial<Record<keyof Omit<TakeoverFigures, 'damage'>, number>>;

function count(sums: Sums, figure: keyof Sums): void {
  sums[figure] = (sums[figure] ?? 0) + 1;
}

/** The queue and the sync times, and what reading alone tells. */
function readAll({ copies, nowMs }: ImportContext) {
  const damage: string[] = [];
  const timesPath = join(copies, 'sync_timestamps.json');
  const read = existsSync(timesPath) ? readSyncTimes(timesPath) : undefined;
  if (read === 'damaged')
    damage.push('sync_timestamps.json is damaged: when scenes were synced is not known');
  const { times, unusable } =
    read === undefined || read === 'damaged' ? { times: new Map<number, number>(), unusable: 0 } : read;

  const dead = withCopy(join(copies, 'dlq.db'), DEAD_LETTERS, deadScenes);
  if (dead === 'damaged') damage.push('dlq.db is damaged: not all scenes that were given up are known');
  const known = {
    nowSecs: nowMs / 1000,
    deadScenes: dead === undefined || dead === 'damaged' ? new Set<number>() : dead,
    syncedAtSecs: (sceneId: number) => times.get(sceneId),
  };
  const found = withCopy(join(copies, 'queue', 'data.db'), QUEUE, (db, table) => readQueue(db, table, known));
  if (found === 'damaged') damage.push('queue/data.db is damaged: which scenes waited is not known');
  const queue: PythonQueue =
    found === undefined || found === 'damaged' ? { scenes: [], rows: 0, setAside: [] } : found;
  if (queue.setAside.length > 0) damage.push(setAsideText(queue));
  const queueRowsSetAside = queue.setAside.length;
  const figures = { queueRows: queue.rows, queueRowsSetAside, syncTimesUnusable: unusable, damage };
  return { scenes: queue.scenes, times, figures };
}

const LISTED_ROWS = 10;

function setAsideText({ setAside }: PythonQueue): string {
  const reasons = setAside.slice(0, LISTED_ROWS).map(({ rowId, reason }) => `row ${rowId}: ${reason}`);
  const more = setAside.length > LISTED_ROWS ? `, and ${setAside.length - LISTED_ROWS} more` : '';
  return `queue/data.db has rows that cannot be read (${reasons.join('; ')}${more})`;
}

function adopted(scene: OutstandingScene, nowMs: number) {
  const { sceneId, enqueuedAtSecs, nextRetryAtSecs, retryCount, lastErrorType, orphaned, isEvent } = scene;
  const dueAtMs = nextRetryAtSecs === undefined ? nowMs : Math.round(nextRetryAtSecs * 1000);
  return {
    sceneId,
    // Further ahead than any delay means that the clock was set back (W25).
    dueAtMs: dueAtMs > nowMs + LONGEST_DELAY_MS ? nowMs : dueAtMs,
    enqueuedAtMs: Math.round(Math.min(enqueuedAtSecs === undefined ? nowMs : enqueuedAtSecs * 1000, nowMs)),
    // Two attempts are left at least before it would count as one that kills its processes.
    attempts: Math.min(retryCount + orphaned, MAX_HAND_OUTS - 2),
    failures: retryCount,
    lastErrorType,
    inBulk: !isEvent,
  };
}
