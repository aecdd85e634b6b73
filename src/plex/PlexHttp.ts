import type { Dispatcher } from 'undici';
import { httpDateMs } from '../http/httpDateMs.ts';
import { networkErrorCode, networkErrorKind } from '../http/networkError.ts';
import { openHttpAgent } from '../http/openHttpAgent.ts';
import type { Clock } from '../time/clock.ts';
import { PlexError } from './PlexError.ts';
import { parseAnswer } from './parseAnswer.ts';
import { type QueryPairs, queryString } from './queryString.ts';
import { statusError } from './statusError.ts';

export interface PlexHttpOptions {
  /** Server address without a trailing slash. */
  baseUrl: string;
  token: string;
  /** `user:password` for a reverse proxy in front of Plex, sent as basic authentication; absent or empty: none. */
  login?: string;
  /** Stable identifier of this installation; another one shows up in Plex as a new device. */
  clientIdentifier: string;
  version: string;
  /** Longest wait for a connection, TLS included. */
  connectTimeoutMs: number;
  /** Longest wait for an answer once the request is sent, and for each further piece of it. */
  readTimeoutMs: number;
  /**
   * Take the server for the right one whatever its certificate says: self-signed, expired, of another name. Everybody in between
   * could read the token then, so this is the user's explicit choice.
   */
  acceptsAnyCertificate?: boolean;
  clock: Clock;
}

export interface PlexRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path below the server, without query. */
  path: string;
  query?: QueryPairs;
  /** First row and number of rows; Plex ignores the one without the other. */
  page?: { start: number; size: number };
  /** Raw bytes, for an upload. */
  body?: { bytes: Buffer; contentType: string };
  /** One deadline for everything: waiting for the connection, connecting, all repetitions (W40). Else each attempt has the usual one. */
  timeoutMs?: number;
}

/** HTTP to one Plex server: status and body checked, errors in one vocabulary. */
export interface PlexHttp {
  /** Requests a JSON document. @throws PlexError */
  json(request: PlexRequest): Promise<unknown>;
  /** Requests a page of a listing, with the number of rows in all where a header tells it. @throws PlexError */
  listing(request: PlexRequest): Promise<{ document: unknown; totalSize: number | undefined }>;
  /** Requests a JSON document, with the server's time of day where a header tells it, in whole seconds. @throws PlexError */
  dated(request: PlexRequest): Promise<{ document: unknown; dateMs: number | undefined }>;
  /** Sends an edit, upload or scan, whose answer has no content that matters. @throws PlexError */
  send(request: PlexRequest): Promise<void>;
  close(): Promise<void>;
}

/** An interrupted request is repeated: a kept socket may just have been closed, and every request is idempotent. */
const INTERRUPTED_RETRIES = 2;
const INTERRUPTED_PAUSE_MS = 100;

/** Opens a client with one kept connection; requests queue up on it, so edits go strictly one after another. */
export function openPlexHttp(options: PlexHttpOptions): PlexHttp {
  const { baseUrl, readTimeoutMs, connectTimeoutMs, acceptsAnyCertificate = false, clock } = options;
  const agent = openHttpAgent({
    connections: 1,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs, rejectUnauthorized: !acceptsAnyCertificate },
  });
  const standardHeaders = {
    accept: 'application/json',
    'x-plex-token': options.token,
    'x-plex-client-identifier': options.clientIdentifier,
    'x-plex-product': 'Stash2Plex',
    'x-plex-device-name': 'Stash2Plex Plugin',
    'x-plex-version': options.version,
    ...(options.login ? { authorization: `Basic ${Buffer.from(options.login).toString('base64')}` } : {}),
  };
  const credentials = {
    hasSignedToken: /^[\w-]+\.[\w-]+\.[\w-]+$/.test(options.token),
    hasLogin: Boolean(options.login),
  };

  const attempt = async (call: PlexRequest, overall: AbortSignal | undefined): Promise<Answered> => {
    const { method, path, query = [], page, body, timeoutMs } = call;
    const silenceMs = timeoutMs ?? readTimeoutMs;
    const search = query.length > 0 ? `?${queryString(query)}` : '';
    const response = await agent.request(`${baseUrl}${path}${search}`, {
      method,
      signal: overall ?? AbortSignal.timeout(connectTimeoutMs + readTimeoutMs),
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      headers: {
        ...standardHeaders,
        ...(page
          ? { 'x-plex-container-start': String(page.start), 'x-plex-container-size': String(page.size) }
          : {}),
        ...(body ? { 'content-type': body.contentType } : {}),
      },
      body: body?.bytes ?? null,
    });
    // Always read to the end: an unread body blocks the connection.
    return { response, text: await response.body.text() };
  };

  const answered = async (call: PlexRequest): Promise<Answered> => {
    await agent.load();
    const overall = call.timeoutMs === undefined ? undefined : AbortSignal.timeout(call.timeoutMs);
    for (let tries = 0; ; tries += 1) {
      try {
        overall?.throwIfAborted();
        const answer = await beforeAbort(attempt(call, overall), overall);
        await nextTurn();
        const error = statusError({ ...call, ...credentials }, answer.response);
        if (error) throw error;
        return answer;
      } catch (error) {
        if (error instanceof PlexError) throw error;
        const isWorthRepeating = networkErrorKind(error) === 'interrupted' && tries < INTERRUPTED_RETRIES;
        if (!isWorthRepeating) throw unanswered(baseUrl, error);
        await clock.sleep(INTERRUPTED_PAUSE_MS, overall);
      }
    }
  };
  return {
    async json(call) {
      return parseJson(call, await answered(call));
    },
    async listing(call) {
      const answer = await answered(call);
      return { document: parseJson(call, answer), totalSize: totalOf(answer.response) };
    },
    async dated(call) {
      const answer = await answered(call);
      const dateMs = httpDateMs(answer.response.headers['date']);
      return { document: parseJson(call, answer), dateMs };
    },
    async send(call) {
      const { response, text } = await answered(call);
      // Edits answer nothing and uploads a path, both as text/html; a page is a proxy's login page.
      if (text.trimStart().startsWith('<') && isHtml(response)) throw notPlex(call, response.statusCode);
    },
    close: agent.close,
  };
}

/**
 * The HTTP library sends the request that waits for this connection in the next turn of the event loop: before what the caller does with the
 * answer, which may take as long as Plex itself.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The HTTP library looks at a signal only once the request has a connection; this does not wait for that. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

interface Answered {
  response: Dispatcher.ResponseData;
  text: string;
}

function parseJson(call: PlexRequest, { response, text }: Answered): unknown {
  const { method, path } = call;
  if (text.trim() === '') throw new PlexError('unavailable', `Plex answered ${method} ${path} with nothing.`);
  if (isHtml(response)) throw notPlex(call, response.statusCode);
  try {
    return parseAnswer(text);
  } catch (cause) {
    // Whole, but garbled: that may be a single item's data (plex-http-api.md 2.8 knows 500 for such), not Plex's state.
    const isDocument = text.trimStart().startsWith('{');
    const message = isDocument
      ? `Plex answered ${method} ${path} with JSON that cannot be read.`
      : `The answer to ${method} ${path} is not JSON: check that plex_url is a Plex server's address.`;
    throw new PlexError('serverError', message, { cause, isGarbled: isDocument });
  }
}

/** The header repeats the total of the document, which a server may leave out (plex-http-api.md 2.3, 9.6). */
function totalOf({ headers }: Dispatcher.ResponseData): number | undefined {
  const text = String(headers['x-plex-container-total-size'] ?? '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function isHtml({ headers }: Dispatcher.ResponseData): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(String(headers['content-type'] ?? ''));
}

function notPlex({ method, path }: PlexRequest, status: number): PlexError {
  return new PlexError(
    'unavailable',
    `${method} ${path} was not answered by Plex but by a web page; a proxy or a login may stand in between.`,
    { status },
  );
}

function unanswered(baseUrl: string, cause: unknown): PlexError {
  const code = networkErrorCode(cause) ?? 'no usable answer';
  const kind = networkErrorKind(cause);
  if (kind === undefined) {
    // The HTTP library refused to send it: an address or a token that no request can carry.
    return new PlexError(
      'misconfigured',
      `No request can be sent to ${baseUrl} (${code}): check plex_url and plex_token.`,
      {
        cause,
      },
    );
  }
  if (kind === 'certificate') {
    return new PlexError(
      'misconfigured',
      `The certificate of ${baseUrl} is not accepted (${code}): use the server's plex.direct address or plain http, or switch plex_accept_any_certificate on.`,
      { cause },
    );
  }
  return new PlexError('unavailable', `Plex does not answer at ${baseUrl} (${code}).`, {
    cause,
    isUnanswered: kind !== 'unreachable',
  });
}
