import { createHash } from 'node:crypto';
import { type HttpAgent, openHttpAgent } from '../http/openHttpAgent.ts';
import type { Logger } from '../log/logger.ts';
import type { Clock } from '../time/clock.ts';
import { type Delivery, deliver } from './deliver.ts';
import type { Notice } from './Notice.ts';
import { nameOf, type Target } from './Target.ts';

export interface OutboxOptions {
  clock: Clock;
  log: Logger;
  /** Longest wait for each of two tries. */
  timeoutMs: number;
  /** Whether trouble with a target may be said now: once an hour, over all processes. May throw. */
  mayComplain: (topic: string) => boolean;
}

/** Notices on their way. */
export interface Outbox {
  /** Sends a notice to all targets, after those before it; returns at once. */
  send(notice: Notice, targets: readonly Target[]): void;
  /** Sends it now, and tells what came of it, in the order of the targets. */
  sendNow(notice: Notice, targets: readonly Target[]): Promise<Delivery[]>;
  /** Resolves when everything is sent, or when it has taken too long; nothing is sent from then on. */
  close(): Promise<void>;
}

/** An outbox; the HTTP library is loaded with the first notice. Nothing here throws. */
export function openOutbox({ clock, log, timeoutMs, mayComplain }: OutboxOptions): Outbox {
  let http: HttpAgent | undefined;
  let under: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;
  const sendNow = (notice: Notice, targets: readonly Target[]): Promise<Delivery[]> => {
    http ??= openHttpAgent({ connect: { timeout: timeoutMs } });
    const courier = { http, clock, timeoutMs };
    return Promise.all(targets.map((target) => deliver(notice, target, courier)));
  };
  const mayComplainOf = ({ url, topic = '' }: Target): boolean => {
    const hash = createHash('sha256').update(url).update(topic).digest('hex').slice(0, 16);
    try {
      return mayComplain(`trouble:${hash}`);
    } catch {
      // Once too often is better than never.
      return true;
    }
  };
  const report = (notice: Notice, target: Target, { problem }: Delivery): void => {
    if (problem === null) {
      log.info(`Told ${nameOf(target)}: ${notice.title}.`);
      return;
    }
    const text = `A notification ("${notice.title}") could not be sent. ${problem}`;
    if (mayComplainOf(target)) log.warn(text);
    else log.debug(text);
  };
  const sendAndReport = async (notice: Notice, targets: readonly Target[]): Promise<void> => {
    if (isClosed) return;
    const deliveries = await sendNow(notice, targets);
    waiting -= 1;
    // What the end of this process has broken off says nothing about its target.
    if (isClosed) return;
    for (const [index, delivery] of deliveries.entries()) {
      const target = targets[index];
      if (target) report(notice, target, delivery);
    }
  };
  return {
    send(notice, targets) {
      waiting += 1;
      under = under.then(() => sendAndReport(notice, targets));
    },
    sendNow,
    async close() {
      if (waiting > 0) await orDeadline(under, 2 * timeoutMs + MARGIN_MS);
      if (waiting > 0 && !isClosed) {
        log.warn(`The process ends, and ${waiting} of its notifications could not be sent in time.`);
      }
      isClosed = true;
      waiting = 0;
      // What cannot be closed ends with the process.
      await http?.close().catch(() => {});
    },
  };
}

/** Beside two tries: the pause between them. */
const MARGIN_MS = 1_500;

function orDeadline(work: Promise<unknown>, ms: number): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
