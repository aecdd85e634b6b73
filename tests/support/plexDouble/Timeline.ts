interface Due {
  readonly atMs: number;
  readonly effect: () => void;
  timer: NodeJS.Timeout;
}

/**
 * The double's own time: the machine's clock plus what a test has skipped with `advance`. Everything the double does
 * later (latency, slow images, scans) is scheduled here, so that no test has to wait for it.
 */
export class Timeline {
  #skippedMs = 0;
  #due = new Set<Due>();

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#skippedMs;
  }

  /** Seconds since the epoch, the unit of Plex's stamps. */
  nowSecs(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Runs `effect` once `ms` have passed; at once when `ms` is 0 or less. Returns a function that calls it off. */
  after(ms: number, effect: () => void): () => void {
    if (ms <= 0) {
      effect();
      return () => {};
    }
    const due: Due = { atMs: this.now() + ms, effect, timer: setTimeout(() => this.#run(due), ms) };
    this.#due.add(due);
    return () => this.#drop(due);
  }

  /** Resolves once `ms` have passed. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Skips `ms`: what falls due runs now, in order; the rest comes that much earlier. */
  advance(ms: number): void {
    this.#skippedMs += ms;
    const now = this.now();
    const waiting = [...this.#due].sort((a, b) => a.atMs - b.atMs);
    for (const due of waiting) {
      if (due.atMs <= now) {
        this.#run(due);
      } else if (this.#due.has(due)) {
        clearTimeout(due.timer);
        due.timer = setTimeout(() => this.#run(due), due.atMs - now);
      }
    }
  }

  /** Calls everything off. */
  clear(): void {
    for (const due of [...this.#due]) this.#drop(due);
  }

  #run(due: Due): void {
    if (!this.#due.has(due)) return;
    this.#drop(due);
    due.effect();
  }

  #drop(due: Due): void {
    clearTimeout(due.timer);
    this.#due.delete(due);
  }
}
