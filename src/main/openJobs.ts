import type { Paths } from '../config/paths.ts';
import { takeInEvents } from '../hooks/takeInEvents.ts';
import { createJobStore, type JobStore } from '../queue/JobStore.ts';
import { openSpool } from '../spool/openSpool.ts';
import { takingIn } from '../spool/takingIn.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';

/** The jobs of a task or drainer, with what launchers recorded meanwhile. @throws what SQLite throws */
export function openJobs(context: { db: Database; paths: Paths; clock: Clock }): JobStore {
  openSpool(context.paths);
  const takeIn = () => takeInEvents(context);
  takeIn();
  return takingIn(createJobStore(context.db, context.clock), takeIn);
}
