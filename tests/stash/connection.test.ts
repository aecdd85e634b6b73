import { describe, expect, it } from 'vitest';
import { ConnectionError, parseConnection } from '../../src/stash/connection.ts';

const CONNECTION = { Scheme: 'http', Host: '0.0.0.0', Port: 9999 };

describe('parseConnection', () => {
  it.each([
    ['0.0.0.0', 'http://127.0.0.1:9999'],
    ['', 'http://127.0.0.1:9999'],
    [undefined, 'http://127.0.0.1:9999'],
    ['::', 'http://[::1]:9999'],
    ['[::]', 'http://[::1]:9999'],
    ['::1', 'http://[::1]:9999'],
    ['fd00::5', 'http://[fd00::5]:9999'],
    ['[fd00::5]', 'http://[fd00::5]:9999'],
    ['192.168.1.5', 'http://192.168.1.5:9999'],
    ['stash.local', 'http://stash.local:9999'],
  ])('reaches a Stash that listens on %j at %s', (host, expected) => {
    const { baseUrl } = parseConnection({ ...CONNECTION, Host: host });
    expect(baseUrl).toBe(expected);
    expect(URL.canParse(baseUrl)).toBe(true);
  });

  it('keeps https', () => {
    expect(parseConnection({ ...CONNECTION, Scheme: 'https' }).baseUrl).toBe('https://127.0.0.1:9999');
  });

  it('takes the value of the cookie, with its padding', () => {
    const SessionCookie = { Name: 'session', Value: 'MTc2ODEx==', Path: '', MaxAge: 0 };
    expect(parseConnection({ ...CONNECTION, SessionCookie }).sessionCookie).toBe('MTc2ODEx==');
  });

  it.each([null, undefined, {}, { Value: '' }, { Value: 5 }, 'session'])(
    'does without the cookie %j',
    (cookie) => {
      expect(parseConnection({ ...CONNECTION, SessionCookie: cookie })).not.toHaveProperty('sessionCookie');
    },
  );

  it.each([
    { ...CONNECTION, Scheme: 'ftp' },
    { ...CONNECTION, Scheme: undefined },
    { ...CONNECTION, Port: 0 },
    { ...CONNECTION, Port: 65_536 },
    { ...CONNECTION, Port: 80.5 },
    { ...CONNECTION, Port: '9999' },
    {},
  ])('refuses %j', (connection) => {
    expect(() => parseConnection(connection)).toThrow(ConnectionError);
  });
});
