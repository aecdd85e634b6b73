import type { Clock } from '../../src/time/clock.ts';

/** A clock that stands still until somebody sleeps or it is advanced: sleeping takes no real time. */
export class FakeClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  /** Every sleep that was asked for, in milliseconds. */
  readonly sleeps: number[] = [];
  /** Called after each sleep, to let the world change meanwhile. */
  onSleep: (ms: number) => void | Promise<void> = () => {};

  constructor(nowMs = Date.UTC(2026, 0, 11, 12)) {
    this.#nowMs = nowMs;
  }

  /** Whole milliseconds, as the machine's clock gives them. */
  now(): number {
    return Math.floor(this.#nowMs);
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /** Time passes, on both clocks. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }

  /** Somebody sets the wall clock; the monotonic one does not notice. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.advance(Math.max(ms, 0));
    await this.onSleep(ms);
  }
}
