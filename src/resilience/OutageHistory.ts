import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../config/pluginInput.ts';
import type { Logger } from '../log/logger.ts';
import { openMemoryState, openStateFile, type StateFormat, type StateStore } from '../storage/StateFile.ts';
import type { Clock } from '../time/clock.ts';
import type { CircuitState } from './circuit.ts';

/** How many outages are kept; older ones fall out. */
const MAX_OUTAGES = 30;

/** One outage of Plex, from the first failure of the run that opened the circuit to its closing. */
export interface Outage {
  /** Seconds since the epoch. */
  startedAtSecs: number;
  /** Seconds since the epoch; null while it lasts. */
  endedAtSecs: number | null;
  /** Null while it lasts, and when its real end is not known. */
  durationSecs: number | null;
  jobsAffected: number;
}

/** The last outages of Plex, shared by all processes through its state file (W31). Nothing here throws. */
export interface OutageHistory {
  /** The circuit opened. Adds nothing while an outage is open: one record per outage (W29). */
  started(atSecs: number): Promise<void>;
  /** The circuit closed: ends the newest open outage. */
  ended(atSecs: number, jobsAffected?: number): Promise<void>;
  /** The newest outage that has not ended. */
  current(): Promise<Outage | undefined>;
  /** A copy, oldest first. */
  history(): Promise<Outage[]>;
  /**
   * Makes the records agree with the circuit, at the start of the process that holds the drain lock: a crash or a damaged file
   * may have kept a start or an end from being recorded, and the original left one record per failed trial (W29). Outages that
   * cannot be going on end where the next one starts, the newest one now, without a duration.
   *
   * @param firstFailureAtSecs the start of the present outage, where known.
   */
  align(circuit: CircuitState, firstFailureAtSecs: number | null): Promise<void>;
}

export interface OutageHistoryOptions {
  clock: Clock;
  log: Logger;
  /** `outage_history.json`; without it the history is this object's own. */
  path?: string;
}

/** The outage history on its state file. */
export function createOutageHistory({ clock, log, path }: OutageHistoryOptions): OutageHistory {
  const store = path === undefined ? openMemoryState<Records>([]) : openStore(path, log);
  /** Applies a change and logs whether it was one. */
  const change = async (apply: (records: Records) => Records, done: string, idle?: string): Promise<void> => {
    const { before, after } = await store.update(apply);
    const text = isDeepStrictEqual(before, after) ? idle : done;
    if (text !== undefined) log.debug(text);
  };
  return {
    started: (atSecs) => change((records) => withStart(records, atSecs), `Outage started at ${atSecs}`),
    ended: (atSecs, jobsAffected = 0) =>
      change(
        (records) => withEnd(records, atSecs, jobsAffected),
        `Outage ended at ${atSecs}, ${jobsAffected} jobs affected`,
        'No outage is open that could end',
      ),
    async current() {
      const open = (await store.read()).findLast(isOpen);
      return open && asOutage(open);
    },
    history: async () => (await store.read()).map(asOutage),
    align(circuit, firstFailureAtSecs) {
      const nowSecs = clock.now() / 1000;
      const aligned = (records: Records) =>
        circuit === 'closed'
          ? withoutOpen(records, nowSecs)
          : withOneOpen(records, firstFailureAtSecs ?? nowSecs);
      return change(aligned, `Outage history corrected, because the circuit is ${circuit}`);
    },
  };
}

/** An outage with the keys of its file entry that this version does not know. */
interface OutageRecord extends Outage {
  unknownKeys: Readonly<Record<string, unknown>>;
}
type Records = readonly OutageRecord[];

function isOpen({ endedAtSecs }: Outage): boolean {
  return endedAtSecs === null;
}

function withStart(records: Records, atSecs: number): Records {
  return records.some(isOpen) ? records : withNew(records, atSecs);
}

function withNew(records: Records, startedAtSecs: number): Records {
  const added = { startedAtSecs, endedAtSecs: null, durationSecs: null, jobsAffected: 0, unknownKeys: {} };
  return [...records, added].slice(-MAX_OUTAGES);
}

function withEnd(records: Records, atSecs: number, jobsAffected: number): Records {
  const newest = records.findLastIndex(isOpen);
  return records.map((record, index) => {
    if (index !== newest) return record;
    const secs = atSecs - record.startedAtSecs;
    // Below zero the clock was set back meanwhile: nobody knows how long it was.
    return { ...record, endedAtSecs: atSecs, durationSecs: secs < 0 ? null : secs, jobsAffected };
  });
}

/** No outage goes on. */
function withoutOpen(records: Records, nowSecs: number): Records {
  return records.map((record, index) =>
    isOpen(record) ? { ...record, endedAtSecs: records[index + 1]?.startedAtSecs ?? nowSecs } : record,
  );
}

/** Exactly one outage goes on: the open records at the end are one outage, those before another one cannot be going on. */
function withOneOpen(records: Records, startedAtSecs: number): Records {
  const past = records.slice(0, records.findLastIndex((record) => !isOpen(record)) + 1);
  const present = records[past.length];
  const ended = withoutOpen(past, startedAtSecs);
  return present ? [...ended, present] : withNew(ended, startedAtSecs);
}

function openStore(path: string, log: Logger): StateStore<Records> {
  return openStateFile({
    path,
    format: historyFormat,
    log,
    onUnsaved: ({ kind, message }) => {
      const text = `Failed to save the outage history: ${message}`;
      // Nothing is lost by a busy one: it is stored with the next change.
      if (kind === 'busy') log.debug(text);
      else log.error(text);
    },
  });
}

/** A list of `{"started_at", "ended_at", "duration", "jobs_affected"}`, oldest first; a wrong value costs at most its entry (W27). */
export const historyFormat: StateFormat<Records> = {
  initial: [],
  decode: (json) => (Array.isArray(json) ? json.flatMap(recordIn).slice(-MAX_OUTAGES) : undefined),
  encode: (records) =>
    records.map((record) => ({
      ...record.unknownKeys,
      started_at: record.startedAtSecs,
      ended_at: record.endedAtSecs,
      duration: record.durationSecs,
      jobs_affected: record.jobsAffected,
    })),
};

/** Nothing when the entry does not even say when the outage started. */
function recordIn(entry: unknown): OutageRecord[] {
  if (!isRecord(entry)) return [];
  const { started_at, ended_at, duration, jobs_affected, ...unknownKeys } = entry;
  const startedAtSecs = numberIn(started_at);
  if (startedAtSecs === null) return [];
  const endedAtSecs = numberIn(ended_at);
  const lasted = endedAtSecs === null ? null : numberIn(duration);
  const durationSecs = lasted !== null && lasted >= 0 ? lasted : null;
  const jobsAffected = Math.max(Math.trunc(numberIn(jobs_affected) ?? 0), 0);
  return [{ startedAtSecs, endedAtSecs, durationSecs, jobsAffected, unknownKeys }];
}

function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function asOutage({ startedAtSecs, endedAtSecs, durationSecs, jobsAffected }: Outage): Outage {
  return { startedAtSecs, endedAtSecs, durationSecs, jobsAffected };
}
