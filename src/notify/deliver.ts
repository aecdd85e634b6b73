import type { Dispatcher } from 'undici';
import { PLUGIN_VERSION } from '../config/plugin.ts';
import { networkErrorKind } from '../http/networkError.ts';
import type { HttpAgent } from '../http/openHttpAgent.ts';
import type { Clock } from '../time/clock.ts';
import type { Notice } from './Notice.ts';
import { payloadFor } from './payload.ts';
import { type Attempt, sendProblem } from './sendProblem.ts';
import type { Target } from './Target.ts';

/** What became of a message. */
export interface Delivery {
  accepted: boolean;
  /** Of the last answer; null when there was none. */
  status: number | null;
  /** What is wrong, as a sentence without secrets; null when it was accepted. */
  problem: string | null;
}

/** What sending needs. */
export interface Courier {
  http: HttpAgent;
  clock: Clock;
  /** Longest wait for each try, connection and answer together. */
  timeoutMs: number;
}

const TRIES = 2;
const PAUSE_MS = 1_000;
/** Who wants to be left alone for longer is. */
const LONGEST_PAUSE_MS = 5_000;
const MAX_ANSWER_BYTES = 65_536;

/**
 * Sends a notice to one target, twice where the first try may have met a bad moment. After a try without an answer the message may be there
 * nevertheless, and come twice: that is better than not at all. Never throws.
 */
export async function deliver(notice: Notice, target: Target, courier: Courier): Promise<Delivery> {
  const { clock, timeoutMs } = courier;
  const body = JSON.stringify(payloadFor(notice, target));
  for (let tries = 1; ; tries += 1) {
    const attempt = await attemptOf(body, target, courier);
    const problem = sendProblem(target, attempt, timeoutMs);
    const status = 'status' in attempt ? attempt.status : null;
    const pauseMs = problem === undefined || tries === TRIES ? undefined : pauseBeforeNext(attempt);
    if (pauseMs === undefined) return { accepted: problem === undefined, status, problem: problem ?? null };
    await clock.sleep(pauseMs);
  }
}

/** @returns milliseconds, or undefined when another try would meet the same. */
function pauseBeforeNext(attempt: Attempt): number | undefined {
  if ('error' in attempt) {
    const kind = networkErrorKind(attempt.error);
    return kind === undefined || kind === 'certificate' ? undefined : PAUSE_MS;
  }
  const { status, retryAfterMs = PAUSE_MS } = attempt;
  const mayPass = status >= 500 || status === 429 || status === 408 || status === 425;
  return mayPass && retryAfterMs <= LONGEST_PAUSE_MS ? Math.max(retryAfterMs, PAUSE_MS) : undefined;
}

async function attemptOf(body: string, target: Target, { http, timeoutMs }: Courier): Promise<Attempt> {
  try {
    await http.load();
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = {
      ...target.headers,
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': `Stash2Plex/${PLUGIN_VERSION}`,
    };
    // The HTTP library looks at the signal only once there is a connection.
    const answer = await Promise.race([
      aborted(signal),
      http.request(target.url, { method: 'POST', headers, body, signal }),
    ]);
    // The status has said it all.
    await answer.body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => {});
    return {
      status: answer.statusCode,
      isPage: /^\s*(text\/html|application\/xhtml)/i.test(String(answer.headers['content-type'] ?? '')),
      retryAfterMs: retryAfterMs(answer.headers),
    };
  } catch (error) {
    return { error };
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Seconds, with a fraction at Discord; a date is not worth understanding here. */
function retryAfterMs({ 'retry-after': value }: Dispatcher.ResponseData['headers']): number | undefined {
  const secs = Number(value);
  return value !== undefined && Number.isFinite(secs) && secs >= 0 ? secs * 1000 : undefined;
}
