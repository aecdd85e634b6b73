import type { Dispatcher } from 'undici';
import { PlexError, type PlexErrorKind } from './PlexError.ts';

/** What was asked, as far as the judgement about its answer depends on it. */
export interface AskedFor {
  method: string;
  path: string;
  /** The token is a signed one, which can be wrong in ways of its own (plex-http-api.md 9.7). */
  hasSignedToken: boolean;
  /** The request carried a user and a password. */
  hasLogin: boolean;
}

const STATUS_KINDS: Readonly<Record<number, PlexErrorKind>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'notFound',
  // A proxy asks for a login of its own.
  407: 'misconfigured',
  408: 'unavailable',
  425: 'unavailable',
  429: 'unavailable',
  // The token has expired (plex-http-api.md 9.7).
  498: 'unauthorized',
  500: 'serverError',
};

/** What a status means (plex-http-api.md 2.8, 9.7); undefined for success. */
export function statusError(
  asked: AskedFor,
  { statusCode: status, headers }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>,
): PlexError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const message = `Plex answered ${asked.method} ${asked.path} with status ${status}.`;
  if (isAskingForLogin(status, headers)) {
    return new PlexError('misconfigured', loginText(status, asked.hasLogin), { status });
  }
  switch (kindOf(status, asked)) {
    case 'unauthorized':
      return new PlexError('unauthorized', tokenText(status), { status });
    case 'misconfigured':
      return new PlexError('misconfigured', `${message} It redirects elsewhere: check plex_url.`, { status });
    default:
      return new PlexError(kindOf(status, asked), message, {
        status,
        retryAfterMs: retryAfterMs(headers['retry-after']),
      });
  }
}

function kindOf(status: number, { hasSignedToken }: AskedFor): PlexErrorKind {
  // The signature of a token; for another kind of token it is about the request.
  if (status === 422 && hasSignedToken) return 'unauthorized';
  return (
    STATUS_KINDS[status] ?? (status > 500 ? 'unavailable' : status >= 400 ? 'rejected' : 'misconfigured')
  );
}

/** Plex itself never asks for a user and a password: that is a proxy, and no token helps. */
function isAskingForLogin(status: number, headers: Dispatcher.ResponseData['headers']): boolean {
  if (status === 407) return true;
  const isPlex = headers['x-plex-protocol'] !== undefined;
  return (
    status === 401 &&
    !isPlex &&
    /\b(basic|digest|negotiate|ntlm)\b/i.test(String(headers['www-authenticate'] ?? ''))
  );
}

function loginText(status: number, hasLogin: boolean): string {
  const what = `A proxy in front of Plex asks for a login (status ${status})`;
  if (status === 407) return `${what}: enter an address as plex_url that reaches Plex without that proxy.`;
  return hasLogin
    ? `${what} and does not take the user and password of plex_url: correct them.`
    : `${what}: enter plex_url with user and password, as in http://user:password@192.168.1.10:32400.`;
}

function tokenText(status: number): string {
  const reason = status === 498 ? 'it has expired' : '';
  return `Plex refuses the token (status ${status})${reason && `, ${reason}`}: enter a valid owner's token as plex_token.`;
}

/** `Retry-After` in seconds; the date form is not worth guessing at for a server in the same house. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const secs = typeof header === 'string' && header.trim() !== '' ? Number(header) : Number.NaN;
  return Number.isFinite(secs) && secs >= 0 ? secs * 1000 : undefined;
}
