/** Where Stash answers, and the session it gave this process. */
export interface StashConnection {
  /** For example `http://127.0.0.1:9999`, without a trailing slash. */
  baseUrl: string;
  /** Value of the session cookie; lives one hour by default. Never to be logged or stored. */
  sessionCookie?: string;
}

/** `server_connection` does not say where Stash is. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/**
 * Reads `server_connection` (protocol section 9). `Host` is a listen address: an unspecified one is reached on
 * the loopback of the same family.
 *
 * @throws ConnectionError when scheme or port are missing or impossible.
 */
export function parseConnection(serverConnection: Record<string, unknown>): StashConnection {
  const { Scheme: scheme, Host: host, Port: port, SessionCookie: cookie } = serverConnection;
  if (scheme !== 'http' && scheme !== 'https') {
    throw new ConnectionError('"server_connection.Scheme" in the input must be "http" or "https".');
  }
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ConnectionError('"server_connection.Port" in the input must be a port number.');
  }
  const sessionCookie = cookieValue(cookie);
  return {
    baseUrl: `${scheme}://${reachableHost(typeof host === 'string' ? host.trim() : '')}:${port}`,
    ...(sessionCookie ? { sessionCookie } : {}),
  };
}

function reachableHost(listenHost: string): string {
  if (listenHost === '' || listenHost === '0.0.0.0') return '127.0.0.1';
  if (listenHost === '::' || listenHost === '[::]') return '[::1]';
  return listenHost.includes(':') && !listenHost.startsWith('[') ? `[${listenHost}]` : listenHost;
}

function cookieValue(cookie: unknown): string | undefined {
  if (typeof cookie !== 'object' || cookie === null || !('Value' in cookie)) return undefined;
  return typeof cookie.Value === 'string' && cookie.Value !== '' ? cookie.Value : undefined;
}
