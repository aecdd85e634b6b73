import { createHash } from 'node:crypto';
import type { Redactor } from '../log/redactor.ts';
import type { CircuitState } from '../resilience/CircuitBreaker.ts';
import type { Outage } from '../resilience/OutageHistory.ts';
import type { Clock } from '../time/clock.ts';
import type { Lasting, NoticeBook } from './noticeBook.ts';
import { outageNews } from './outageNews.ts';
import { publicWords } from './publicWords.ts';
import { attentionWords, givenUpWords, outageWords, recoveryWords, type Wording } from './words.ts';

/** How a pass over the queue ended, see `drain/DrainResult`. */
export interface PassEnd {
  obstacle?: { kind: string; message: string; needsNewSession?: true };
  synced: number;
}

export interface TellerOptions {
  clock: Clock;
  redactor: Pick<Redactor, 'redact'>;
  breaker: { state(): Promise<CircuitState> };
  outages: { history(): Promise<Outage[]> };
  /** Scenes in the queue. */
  waitingScenes: () => number;
  /** What helps against a class of error, as a sentence. */
  remedyFor: (errorType: string) => string;
}

/** What depends on the settings. */
export interface Audience {
  /** The setting `obfuscate_paths`. */
  hidesNames: boolean;
  /** When notifications were switched on. */
  sinceMs: number;
  /** @param id the same for everybody who is told of the same. */
  send: (wording: Wording, id: string) => void;
}

/** Finds out what is to be told, and notes that it is told. @throws what SQLite throws */
export interface Teller {
  /** Remembers why Plex does not answer, as the first pass that met it said. */
  notePass(end: PassEnd): void;
  outages(audience: Audience): Promise<void>;
  givenUp(audience: Audience): void;
  /** Tells of what only the user can settle, once it has lasted a minute. */
  obstacle(end: PassEnd, audience: Audience): void;
}

const HOUR_MS = 3_600_000;
/** Not while Plex starts, or the user is still typing. */
const ATTENTION: Lasting = { graceMs: 60_000, reminderMs: 24 * HOUR_MS, againMs: HOUR_MS };

/** A teller of one process, by the book of all. */
export function createTeller(options: TellerOptions, book: NoticeBook): Teller {
  const { clock, redactor } = options;
  let reason: string | undefined;
  return {
    notePass({ obstacle }) {
      reason = obstacle?.kind === 'plexDown' ? (reason ?? obstacle.message) : undefined;
    },
    async outages({ hidesNames, sinceMs, send }) {
      const outages = await options.outages.history();
      const isAway = (await options.breaker.state()) !== 'closed';
      const nowMs = clock.now();
      const { going, over } = outageNews(outages, { isAway, sinceMs, nowMs });
      if (going && book.claimOnce(`outage:${going.startedAtSecs}`, nowMs)) {
        const words = reason && publicWords(reason, redactor, hidesNames);
        send(outageWords(going, words, options.waitingScenes(), nowMs), `outage:${going.startedAtSecs}`);
      }
      for (const outage of over) {
        const topic = `recovery:${outage.startedAtSecs}`;
        if (book.claimOnce(topic, nowMs)) send(recoveryWords(outage), topic);
      }
    },
    givenUp({ send }) {
      const nowMs = clock.now();
      for (const news of book.claimGivenUp(HOUR_MS, nowMs)) {
        const wording = givenUpWords(news, options.remedyFor(news.errorType));
        send(wording, `dead_letters:${news.errorType}:${nowMs}`);
      }
    },
    obstacle({ obstacle, synced }, { hidesNames, send }) {
      // Another session comes with the next event by itself.
      if (obstacle?.kind === 'setup' && !obstacle.needsNewSession) {
        const nowMs = clock.now();
        const hash = createHash('sha256').update(obstacle.message).digest('hex').slice(0, 16);
        if (!book.claimLasting(`attention:${hash}`, ATTENTION, nowMs)) return;
        send(
          attentionWords(publicWords(obstacle.message, redactor, hidesNames)),
          `attention:${hash}:${nowMs}`,
        );
      } else if (!obstacle && synced > 0) book.gone();
    },
  };
}
