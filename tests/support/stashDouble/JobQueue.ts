import type { JobWork, PluginRunner } from './PluginRunner.ts';

const KEPT_FINISHED = 10;

/** The states of a job (section 6). */
export type JobStatus = 'READY' | 'RUNNING' | 'STOPPING' | 'FINISHED' | 'CANCELLED' | 'FAILED';

/** A job of the queue; times are RFC 3339 text. */
export interface Job {
  readonly id: number;
  readonly description: string;
  readonly addTime: string;
  status: JobStatus;
  startTime: string | null;
  endTime: string | null;
  error: string | null;
}

interface QueuedJob extends Job {
  readonly start: (() => JobWork) | null;
  work: JobWork | null;
}

/** Stash's job queue: **one job at a time**, whatever its kind. */
export class JobQueue {
  /** Runs plugin tasks and operations; without one a task stays RUNNING until {@link finish}. */
  runner: PluginRunner | null = null;
  readonly #stamp: () => string;
  readonly #queue: QueuedJob[] = [];
  readonly #finished: QueuedJob[] = [];
  #lastId = 0;

  constructor(stamp: () => string) {
    this.#stamp = stamp;
  }

  /**
   * Adds a job and returns its id. Without `start` it is a job of Stash's own, such as a scan: it holds the queue from its
   * turn on until {@link finish}.
   */
  add(description: string, start: (() => JobWork) | null = null): number {
    this.#lastId += 1;
    const times = { addTime: this.#stamp(), startTime: null, endTime: null };
    this.#queue.push({
      id: this.#lastId,
      description,
      status: 'READY',
      ...times,
      error: null,
      start,
      work: null,
    });
    this.#dispatch();
    return this.#lastId;
  }

  /** Queued and running jobs, in order. */
  queued(): readonly Job[] {
    return this.#queue;
  }

  /** A queued, running or recently finished job (the last ten are kept). */
  find(id: number): Job | undefined {
    return [...this.#queue, ...this.#finished].find((job) => job.id === id);
  }

  /** Progress of a job: 0 before the first report, null while indefinite. */
  progress(id: number): number | null {
    const job = [...this.#queue, ...this.#finished].find((candidate) => candidate.id === id);
    return job?.work?.progress() ?? 0;
  }

  /** Ends a job that has no work of its own. */
  finish(id: number, error?: string): void {
    const job = this.#queue.find((candidate) => candidate.id === id);
    if (job !== undefined) this.#end(job, error === undefined ? 'FINISHED' : 'FAILED', error);
  }

  /** `stopJob`: a waiting job is dropped, a running one is killed. Unknown ids are ignored. */
  stop(id: number): void {
    const job = this.#queue.find((candidate) => candidate.id === id);
    if (job === undefined) return;
    if (job.status === 'RUNNING') {
      job.status = 'STOPPING';
      job.work?.kill();
    }
    // The queue moves on at once, even if descendants of the killed process live on.
    this.#end(job, 'CANCELLED');
  }

  /** `stopAllJobs`. */
  stopAll(): void {
    for (const { id } of this.#queue.toReversed()) this.stop(id);
  }

  #dispatch(): void {
    const job = this.#queue[0];
    if (job === undefined || job.status !== 'READY') return;
    job.status = 'RUNNING';
    job.startTime = this.#stamp();
    if (job.start === null) return;
    try {
      job.work = job.start();
    } catch (error) {
      this.#end(job, 'FAILED', error instanceof Error ? error.message : String(error));
      return;
    }
    job.work.finished.then(
      () => this.#end(job, 'FINISHED'),
      (error: unknown) => this.#end(job, 'FAILED', error instanceof Error ? error.message : String(error)),
    );
  }

  #end(job: QueuedJob, status: JobStatus, error?: string): void {
    const position = this.#queue.indexOf(job);
    // A job that was stopped has ended already when its process does.
    if (position === -1) return;
    this.#queue.splice(position, 1);
    job.status = status;
    job.error = error ?? null;
    job.endTime = this.#stamp();
    this.#finished.push(job);
    if (this.#finished.length > KEPT_FINISHED) this.#finished.shift();
    this.#dispatch();
  }
}
