import { PLUGIN_VERSION } from '../config/plugin.ts';
import { counted } from '../log/counted.ts';
import { beginOf, HOUR_MS, type ThroughputSpan } from '../queue/activityLog.ts';
import { currentObstacle } from '../queue/drainerRecord.ts';
import { type Activity, readActivity } from '../queue/readActivity.ts';
import { readHeldBack } from '../queue/readHeldBack.ts';
import { type NextJob, type QueueFigures, readNextJobs, readQueueFigures } from '../queue/readQueue.ts';
import { type ReconciliationState, reconciliationFormat } from '../reconcile/ReconciliationState.ts';
import { type Circuit, circuitFormat, DEFAULT_RULES, openSinceSecs } from '../resilience/circuit.ts';
import { historyFormat, type Outage } from '../resilience/OutageHistory.ts';
import type { Database } from '../storage/openDatabase.ts';
import { peekState } from '../storage/StateFile.ts';
import { drainPace } from './drainPace.ts';
import type { DashboardReport } from './pageReports.ts';
import type { TaskReport } from './Task.ts';
import type { View } from './View.ts';

const NEXT = 10;
const EVENTS = 20;
const OUTAGES = 30;
const HOURS = 24;

/** What the database says. */
interface Content {
  figures: QueueFigures;
  heldBack: number;
  next: NextJob[];
  activity: Activity;
  obstacle: string | null;
}

const NOTHING: Content = {
  figures: { due: 0, waiting: 0, running: 0, deadLetters: 0, shared: 0 },
  heldBack: 0,
  next: [],
  activity: { events: [], minutes: [], hours: [] },
  obstacle: null,
};

/**
 * The view `dashboard`: how things are now, in one look. Nobody is asked, nothing is written, no lock is taken; without a database there is
 * nothing to tell. It does not look whether Plex is back, as tasks do: it is asked every few seconds, and whoever works finds out.
 *
 * @throws StorageError
 */
export const dashboard: View = async (context): Promise<TaskReport & DashboardReport> => {
  const { clock, paths, database, isDrainerAlive } = context;
  const nowMs = clock.now();
  const isAlive = isDrainerAlive();
  const db = database();
  // One transaction: figures that belong together.
  const content = db ? db.transaction(() => contentOf(db, nowMs, isAlive))() : NOTHING;
  const circuit = await peekState(paths.circuitBreaker, circuitFormat);
  const outages = await peekState(paths.outageHistory, historyFormat);
  const { figures, next, activity, heldBack } = content;
  const { due, running, deadLetters } = figures;
  const spooled = context.countSpooled();
  const { minutes, hours } = activity;
  const open = due + running + spooled;
  const waiting = counted(open + figures.waiting, 'scene', ['waits', 'wait']);
  return {
    summary: `${waiting} to be synced, ${deadLetters} given up.`,
    version: PLUGIN_VERSION,
    atMs: nowMs,
    circuit: circuitView(circuit, nowMs),
    obstacle: content.obstacle,
    isDrainerAlive: isAlive,
    // What launchers have just recorded is due as well; a scene may be counted twice until it is taken in.
    queue: { ...figures, due: due + spooled, heldBack, next },
    ...drainPace({ minutes, hours, open, nowMs }),
    events: activity.events,
    reconciliation: reconciliationView(await peekState(paths.reconciliationState, reconciliationFormat)),
    outages: outageViews(outages, circuit, nowMs),
    throughput: throughputView(hours, nowMs),
  };
};

function contentOf(db: Database, nowMs: number, isDrainerAlive: boolean): Content {
  return {
    figures: readQueueFigures(db, nowMs, isDrainerAlive),
    heldBack: readHeldBack(db).count(),
    next: readNextJobs(db, NEXT, nowMs),
    activity: readActivity(db, { limit: EVENTS, hours: HOURS, nowMs }),
    // One that died, or has left, waits for nothing.
    obstacle: (isDrainerAlive ? currentObstacle(db) : undefined) ?? null,
  };
}

function circuitView(circuit: Circuit, nowMs: number): DashboardReport['circuit'] {
  const { state, openedAtSecs } = circuit;
  const sinceSecs = openSinceSecs(circuit, nowMs / 1000);
  // Without a plausible time of opening it is tried at once.
  const trialAtSecs = sinceSecs === undefined ? nowMs / 1000 : sinceSecs + DEFAULT_RULES.recoveryTimeoutSecs;
  return {
    state,
    openedAtMs: state === 'closed' || openedAtSecs === null ? null : Math.round(openedAtSecs * 1000),
    trialAtMs: state === 'open' ? Math.round(trialAtSecs * 1000) : null,
  };
}

function reconciliationView(state: ReconciliationState): DashboardReport['reconciliation'] {
  const { lastRunTime, lastRunScope, lastScenesChecked, lastGapsFound, lastEnqueued, lastError } = state;
  return {
    lastRunAtMs: lastRunTime > 0 ? Math.round(lastRunTime * 1000) : null,
    scope: lastRunScope === '' ? null : lastRunScope,
    scenesChecked: lastScenesChecked,
    gapsFound: lastGapsFound,
    queued: lastEnqueued,
    lastError: lastError === '' ? null : lastError,
  };
}

/** The newest first. An open record while the circuit is closed is not going on any more: its end was not recorded. */
function outageViews(
  outages: readonly Outage[],
  { state }: Circuit,
  nowMs: number,
): DashboardReport['outages'] {
  return outages
    .map(({ startedAtSecs, endedAtSecs, jobsAffected }, index) => {
      const nextSecs = outages[index + 1]?.startedAtSecs;
      const lostEndSecs = nextSecs ?? (state === 'closed' ? nowMs / 1000 : null);
      const endSecs = endedAtSecs ?? lostEndSecs;
      return {
        startedAtMs: Math.round(startedAtSecs * 1000),
        endedAtMs: endSecs === null ? null : Math.round(endSecs * 1000),
        scenesWaited: endedAtSecs === null ? null : jobsAffected,
      };
    })
    .slice(-OUTAGES)
    .reverse();
}

function throughputView(hours: readonly ThroughputSpan[], nowMs: number): DashboardReport['throughput'] {
  const thisHour = beginOf(nowMs, HOUR_MS);
  return Array.from({ length: HOURS }, (_, index) => {
    const hourAtMs = thisHour - (HOURS - 1 - index) * HOUR_MS;
    const { synced = 0, failed = 0 } = hours.find(({ beginsAtMs }) => beginsAtMs === hourAtMs) ?? {};
    return { hourAtMs, synced, failed };
  });
}
