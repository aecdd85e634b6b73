import type { JobStore } from '../queue/JobStore.ts';

/**
 * The job store of a process that works: whoever looks for jobs takes the spool in first, also in the middle of a long pass, so that an
 * edit does not wait for its end.
 *
 * @param takeIn throws what SQLite throws.
 */
export function takingIn(jobs: JobStore, takeIn: () => void): JobStore {
  const first =
    <Args extends unknown[], Result>(look: (...args: Args) => Result) =>
    (...args: Args): Result => {
      takeIn();
      return look(...args);
    };
  return {
    ...jobs,
    peekDue: first(jobs.peekDue),
    isEventDue: first(jobs.isEventDue),
    nextDueAtMs: first(jobs.nextDueAtMs),
    counts: first(jobs.counts),
    clear: first(jobs.clear),
  };
}
