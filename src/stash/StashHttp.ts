import { Agent, fetch, Headers, type RequestInit, type Response } from 'undici';
import { networkErrorCode, networkErrorKind } from '../http/networkError.ts';
import type { Redactor } from '../log/redactor.ts';
import type { StashConnection } from './connection.ts';
import { StashError } from './StashError.ts';

/** HTTP to Stash with this process's credentials, kept alive for hours. */
export interface StashHttp {
  readonly baseUrl: string;
  /** Adopts the API key, which does not expire as the session cookie does. */
  useApiKey(apiKey: string): void;
  /** A request below `baseUrl`. Redirects are not followed: they lead to the login page. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** One deadline for a whole request, its body included. */
const DEADLINE_MS = 60_000;

/**
 * Opens a client for `connection`. Every answer's `Set-Cookie` is adopted, so that the session lives as long
 * as it is used; credentials go to this Stash only.
 */
export function openStashHttp(connection: StashConnection, redactor: Redactor): StashHttp {
  // Stash's certificate is what the user supplied, often self-signed and for another name than the loopback
  // address; Stash itself told us this address.
  const dispatcher = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: false } });
  let cookie = connection.sessionCookie;
  let apiKey: string | undefined;
  redactor.add(cookie);

  const credentials = (): Record<string, string> => ({
    ...(cookie ? { Cookie: `session=${cookie}` } : {}),
    ...(apiKey ? { ApiKey: apiKey } : {}),
  });
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), ...credentials() };
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(url, { ...init, headers, dispatcher, signal, redirect: 'manual' });
    const renewed = /(?:^|[\s,])session=([^;,\s]+)/.exec(response.headers.getSetCookie().join(', '))?.[1];
    if (renewed) {
      cookie = renewed;
      redactor.add(renewed);
    }
    return response;
  };
  return {
    baseUrl: connection.baseUrl,
    useApiKey(key) {
      apiKey = key || undefined;
      redactor.add(apiKey);
    },
    async fetch(url, init) {
      const response = await send(url, init);
      // A key that was changed meanwhile is refused even with a valid session.
      if (response.status !== 401 || !apiKey) return response;
      await response.body?.cancel();
      apiKey = undefined;
      return send(url, init);
    },
    close: () => dispatcher.destroy(),
  };
}

/** Translates what a call to Stash threw into a {@link StashError}; other errors pass unchanged. */
export function toStashError(error: unknown, baseUrl: string): unknown {
  if (error instanceof StashError || networkErrorKind(error) === undefined) return error;
  const code = networkErrorCode(error) ?? 'network error';
  return new StashError('unavailable', `Stash does not answer at ${baseUrl} (${code}).`, { cause: error });
}
