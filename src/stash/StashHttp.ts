import { networkErrorCode, networkErrorKind } from '../http/networkError.ts';
import { openHttpAgent } from '../http/openHttpAgent.ts';
import type { Redactor } from '../log/redactor.ts';
import type { StashConnection } from './connection.ts';
import { StashError } from './StashError.ts';

/** HTTP to Stash with this process's credentials, kept alive for hours. */
export interface StashHttp {
  readonly baseUrl: string;
  /** Adopts the API key, which does not expire as the session cookie does. */
  useApiKey(apiKey: string): void;
  /** A `fetch` for addresses below `baseUrl`. Redirects are not followed: they lead to the login page. */
  fetch: typeof globalThis.fetch;
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
  const agent = openHttpAgent({ connect: { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: false } });
  let cookie = connection.sessionCookie;
  let apiKey: string | undefined;
  redactor.add(cookie);

  const credentials = (): Record<string, string> => ({
    ...(cookie ? { Cookie: `session=${cookie}` } : {}),
    ...(apiKey ? { ApiKey: apiKey } : {}),
  });
  /** Stash renews the cookie with every answer. The first one stays hidden: it is in this process's input. */
  const adopt = (renewed: string | undefined): void => {
    if (!renewed || renewed === cookie) return;
    if (cookie && cookie !== connection.sessionCookie) redactor.forget(cookie);
    cookie = renewed;
    redactor.add(renewed);
  };
  // Not undici's own fetch: it refuses a list of ports that a user may well have chosen for Stash.
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const { statusCode, headers, body } = await agent.request(url, {
      method: init.method === 'POST' ? 'POST' : 'GET',
      headers: { ...Object.fromEntries(new Headers(init.headers)), ...credentials() },
      body: typeof init.body === 'string' ? init.body : null,
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const bytes = await body.arrayBuffer();
    adopt(renewedCookie(headers['set-cookie']));
    const kept = ['content-type', 'date'].flatMap((name): [string, string][] => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    return new Response(bytes, { status: statusCode, headers: kept });
  };
  return {
    baseUrl: connection.baseUrl,
    useApiKey(key) {
      apiKey = key || undefined;
      redactor.add(apiKey);
    },
    async fetch(input, init = {}) {
      const url = String(input);
      const response = await send(url, init);
      // A key that was changed meanwhile is refused even with a valid session.
      if (response.status !== 401 || !apiKey) return response;
      apiKey = undefined;
      return send(url, init);
    },
    close: agent.close,
  };
}

function renewedCookie(setCookie: string | string[] | undefined): string | undefined {
  const cookies = Array.isArray(setCookie) ? setCookie : [setCookie ?? ''];
  return cookies.flatMap((text) => /^session=([^;]+)/.exec(text)?.[1] ?? [])[0];
}

/** Translates what a call to Stash threw into a {@link StashError}; other errors pass unchanged. */
export function toStashError(error: unknown, baseUrl: string): unknown {
  if (error instanceof StashError || networkErrorKind(error) === undefined) return error;
  const code = networkErrorCode(error) ?? 'network error';
  return new StashError('unavailable', `Stash does not answer at ${baseUrl} (${code}).`, { cause: error });
}
