import type { Operation } from './Operation.ts';

/**
 * What is known when an operation has failed for a scene:
 * - `first`: nothing yet. It may be the scene's data or the server.
 * - `again`: as before, and nothing has been learned since.
 * - `own`: the operation has worked for another scene since this one failed last: it is the scene's fault.
 * - `widespread`: it failed for several scenes in a row and worked for none between: no scene's fault.
 */
export type Suspicion = 'first' | 'again' | 'own' | 'widespread';

/** So many different scenes in a row, and it is not the scenes. */
export const SCENES_IN_A_ROW = 3;
/** Among operations that fail for everybody one is tried so often, to see whether they work again. */
const TRIAL_INTERVAL_MS = 60_000;
/** More failing scenes than this are not remembered one by one. */
const MAX_REMEMBERED = 1_000;

/** Whose fault failures are, by what else works and fails; the memory of one process. */
export interface Evidence {
  /** Operations worked for a scene (undefined: for a control question). @returns true when one of them had failed for everybody. */
  worked(operations: Iterable<Operation>, sceneId?: number): boolean;
  /** An operation failed for a scene. @param nowMs a monotonic time. */
  failed(operation: Operation, sceneId: number, nowMs: number): Suspicion;
  /** How often it has failed for a scene in a row. */
  failures(operation: Operation, sceneId: number): number;
  /** Whether it has worked for another scene since it failed for this one: then the failure was about the scene's data. */
  isProven(operation: Operation, sceneId: number): boolean;
  /** The scene paid for its failure with an attempt. */
  charged(operation: Operation, sceneId: number): void;
  /** Scenes that paid although the operation fails for everybody; each is named once. */
  unjustlyCharged(operation: Operation): number[];
  /** Whether it fails for everybody, and was tried a moment ago. */
  isBlocked(operation: Operation, nowMs: number): boolean;
  /** Whether it fails for everybody and nobody has been told so yet. True once, until it has worked again. */
  isNews(operation: Operation): boolean;
}

interface SceneFailure {
  /** Its place in the order of events. */
  at: number;
  inARow: number;
  isCharged: boolean;
}

interface OperationRecord {
  /** Place in the order of events at which it worked last; 0 for never. */
  workedAt: number;
  lastFailedAtMs: number;
  isTold: boolean;
  /** By scene, the one that failed last at the end. */
  scenes: Map<number, SceneFailure>;
}

/** Starts knowing nothing. */
export function createEvidence(): Evidence {
  const records = new Map<Operation, OperationRecord>();
  let events = 0;

  const recordOf = (operation: Operation): OperationRecord => {
    const record = records.get(operation) ?? {
      workedAt: 0,
      lastFailedAtMs: Number.NEGATIVE_INFINITY,
      isTold: false,
      scenes: new Map(),
    };
    records.set(operation, record);
    return record;
  };
  return {
    worked(operations, sceneId) {
      let wasWidespread = false;
      for (const operation of operations) {
        const record = recordOf(operation);
        if (isWidespread(record)) wasWidespread = true;
        events += 1;
        record.workedAt = events;
        record.isTold = false;
        if (sceneId !== undefined) record.scenes.delete(sceneId);
      }
      return wasWidespread;
    },
    failed(operation, sceneId, nowMs) {
      const record = recordOf(operation);
      const before = record.scenes.get(sceneId);
      events += 1;
      record.lastFailedAtMs = nowMs;
      // Last in the map's order: what is forgotten is what failed longest ago.
      record.scenes.delete(sceneId);
      record.scenes.set(sceneId, { at: events, inARow: (before?.inARow ?? 0) + 1, isCharged: false });
      const [oldest] = record.scenes.keys();
      if (record.scenes.size > MAX_REMEMBERED && oldest !== undefined) record.scenes.delete(oldest);
      if (isWidespread(record)) return 'widespread';
      if (!before) return 'first';
      return record.workedAt > before.at ? 'own' : 'again';
    },
    failures: (operation, sceneId) => records.get(operation)?.scenes.get(sceneId)?.inARow ?? 0,
    isProven(operation, sceneId) {
      const record = records.get(operation);
      const failure = record?.scenes.get(sceneId);
      return record !== undefined && failure !== undefined && record.workedAt > failure.at;
    },
    charged(operation, sceneId) {
      const failure = records.get(operation)?.scenes.get(sceneId);
      if (failure) failure.isCharged = true;
    },
    unjustlyCharged(operation) {
      const record = records.get(operation);
      if (!record) return [];
      return suspectsOf(record).flatMap(([sceneId, failure]) => {
        if (!failure.isCharged) return [];
        failure.isCharged = false;
        return [sceneId];
      });
    },
    isBlocked(operation, nowMs) {
      const record = records.get(operation);
      if (!record || !isWidespread(record)) return false;
      return nowMs - record.lastFailedAtMs < TRIAL_INTERVAL_MS;
    },
    isNews(operation) {
      const record = records.get(operation);
      if (!record || record.isTold || !isWidespread(record)) return false;
      record.isTold = true;
      return true;
    },
  };
}

/** Scenes for which it has failed since it last worked for any. */
function suspectsOf({ scenes, workedAt }: OperationRecord): [number, SceneFailure][] {
  return [...scenes].filter(([, { at }]) => at > workedAt);
}

function isWidespread(record: OperationRecord): boolean {
  return suspectsOf(record).length >= SCENES_IN_A_ROW;
}
