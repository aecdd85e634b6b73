import type { Settings } from '../config/settings.ts';
import type { PlexHttpOptions } from '../plex/PlexHttp.ts';

/** The part of the connection to Plex that the user decides. */
export type PlexConnection = Pick<
  PlexHttpOptions,
  'baseUrl' | 'token' | 'login' | 'connectTimeoutMs' | 'readTimeoutMs' | 'acceptsAnyCertificate'
>;

/** What the settings say about the connection to Plex. */
export function plexConnection(
  settings: Pick<
    Settings,
    | 'plex_url'
    | 'plex_token'
    | 'plex_login'
    | 'connect_timeout'
    | 'read_timeout'
    | 'plex_accept_any_certificate'
  >,
): PlexConnection {
  return {
    baseUrl: settings.plex_url,
    token: settings.plex_token,
    login: settings.plex_login,
    connectTimeoutMs: settings.connect_timeout * 1000,
    readTimeoutMs: settings.read_timeout * 1000,
    acceptsAnyCertificate: settings.plex_accept_any_certificate,
  };
}
