import type { Dispatcher } from 'undici';
import { networkErrorCode, networkErrorKind } from '../http/networkError.ts';
import { openHttpAgent } from '../http/openHttpAgent.ts';
import type { Clock } from '../time/clock.ts';
import { PlexError, type PlexErrorKind } from './PlexError.ts';
import { type QueryPairs, queryString } from './queryString.ts';

export interface PlexHttpOptions {
  /** Server address without a trailing slash. */
  baseUrl: string;
  token: string;
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
  method: 'GET' | 'PUT' | 'POST';
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
        const error = statusError(call, answer);
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
    async send(call) {
      const { response, text } = await answered(call);
      // Edits answer nothing and uploads a path, both as text/html; a page is a proxy's login page.
      if (text.trimStart().startsWith('<') && isHtml(response)) throw notPlex(call);
    },
    close: agent.close,
  };
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
  if (isHtml(response)) throw notPlex(call);
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Whole, but garbled: that may be a single item's data (plex-http-api.md 2.8 knows 500 for such), not Plex's state.
    throw new PlexError(
      'serverError',
      `The answer to ${method} ${path} is not JSON: check that plex_url is a Plex server's address.`,
      { cause },
    );
  }
}

function isHtml({ headers }: Dispatcher.ResponseData): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(String(headers['content-type'] ?? ''));
}

function notPlex({ method, path }: PlexRequest): PlexError {
  return new PlexError(
    'unavailable',
    `${method} ${path} was not answered by Plex but by a web page; a proxy or a login may stand in between.`,
  );
}

const STATUS_KINDS: Readonly<Record<number, PlexErrorKind>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'notFound',
  408: 'unavailable',
  425: 'unavailable',
  429: 'unavailable',
  500: 'serverError',
};

function statusError({ method, path }: PlexRequest, { response }: Answered): PlexError | undefined {
  const { statusCode: status, headers } = response;
  if (status >= 200 && status < 300) return undefined;
  const message = `Plex answered ${method} ${path} with status ${status}.`;
  const kind =
    STATUS_KINDS[status] ?? (status > 500 ? 'unavailable' : status >= 400 ? 'rejected' : 'misconfigured');
  if (kind === 'unauthorized') {
    return new PlexError(
      kind,
      `Plex refuses the token (status ${status}): enter a valid owner's token as plex_token.`,
      { status },
    );
  }
  if (kind === 'misconfigured') {
    return new PlexError(kind, `${message} It redirects elsewhere: check plex_url.`, { status });
  }
  return new PlexError(kind, message, { status, retryAfterMs: retryAfterMs(headers['retry-after']) });
}

/** `Retry-After` in seconds; the date form is not worth guessing at for a server in the same house. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const secs = typeof header === 'string' && header.trim() !== '' ? Number(header) : Number.NaN;
  return Number.isFinite(secs) && secs >= 0 ? secs * 1000 : undefined;
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
