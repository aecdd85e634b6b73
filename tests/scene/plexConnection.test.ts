import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/settings.ts';
import { plexConnection } from '../../src/scene/plexConnection.ts';

const REQUIRED = { plex_url: 'http://plex:32400/', plex_token: 'abcdefghij' };
const connection = (stored: Record<string, unknown>) =>
  plexConnection(parseSettings({ ...REQUIRED, ...stored }, {}).settings);

describe('plexConnection', () => {
  it('has the address, the token and the default time-outs, and checks certificates (18.1)', () => {
    expect(connection({})).toEqual({
      baseUrl: 'http://plex:32400',
      token: 'abcdefghij',
      login: '',
      connectTimeoutMs: 5_000,
      readTimeoutMs: 30_000,
      acceptsAnyCertificate: false,
    });
  });

  it('takes over what the user chose, each time-out by itself (18.1, W-66)', () => {
    expect(
      connection({ connect_timeout: 2.5, read_timeout: 120, plex_accept_any_certificate: true }),
    ).toMatchObject({ connectTimeoutMs: 2_500, readTimeoutMs: 120_000, acceptsAnyCertificate: true });
  });
});
