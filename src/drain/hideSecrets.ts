import type { Settings } from '../config/settings.ts';
import type { Redactor } from '../log/redactor.ts';

/** Keeps the secrets of the settings out of everything that is logged or answered from now on. */
export function hideSecrets(
  { plex_token, plex_login }: Pick<Settings, 'plex_token' | 'plex_login'>,
  redactor: Redactor,
): void {
  redactor.add(plex_token);
  if (plex_login === '') return;
  // The password, and both as they are sent.
  redactor.add(plex_login.slice(plex_login.indexOf(':') + 1));
  redactor.add(plex_login);
  redactor.add(Buffer.from(plex_login).toString('base64'));
}
