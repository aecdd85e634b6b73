import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/settings.ts';

function parse(stored: Record<string, unknown>) {
  const required = { plex_url: 'http://127.0.0.1:32400', plex_token: 'abcdefghij0123456789' };
  const { settings, warnings } = parseSettings({ ...required, ...stored }, {});
  return { ...settings, warnings };
}

describe('the setting notify_url', () => {
  it.each([
    ['', []],
    [' https://a/b ', ['https://a/b']],
    [
      'https://a/b http://c/d;ntfys://e/f\n\tNTFY://u:p@g:8080/h',
      ['https://a/b', 'http://c/d', 'ntfys://e/f', 'ntfy://u:p@g:8080/h'],
    ],
    ['"https://a/b", <https://c/d>', ['https://a/b', 'https://c/d']],
    ['https://a/b?x=1,2', ['https://a/b?x=1,2']],
  ])('%j is read as %j', (notifyUrl, expected) => {
    expect(parse({ notify_url: notifyUrl })).toMatchObject({ notify_url: expected, warnings: [] });
  });

  it.each([
    ['ftp://host/secret', 'does not begin with https://, http://, ntfys://, ntfy://'],
    ['discord.com/api/webhooks/1/secret', 'does not begin with https://, http://, ntfys://, ntfy://'],
    ['https:///secret:x', 'names no server'],
    ['https://%/secret', 'names no server'],
    ['ntfy://secret.lan', 'names no topic of that ntfy server'],
    ['https://ntfy.sh/', 'names no topic of that ntfy server'],
  ])('%s is left out, with a warning that repeats nothing of it', (address, reason) => {
    const { notify_url, warnings } = parse({ notify_url: `https://a/b ${address}` });
    expect(notify_url).toEqual(['https://a/b']);
    expect(warnings).toEqual([
      `Setting notify_url must be a list of addresses, separated by blanks; left out: "address 2, which ${reason}".`,
    ]);
  });

  it('that is no text is none, with a warning', () => {
    expect(parse({ notify_url: 7 })).toMatchObject({ notify_url: [], warnings: [expect.any(String)] });
  });
});

describe('the setting notify_events', () => {
  it.each([
    ['', []],
    ['outage', ['outage']],
    ['Outage, dead-letters;ATTENTION recovery', ['outage', 'dead_letters', 'attention', 'recovery']],
  ])('%j is read as %j', (stored, expected) => {
    expect(parse({ notify_events: stored })).toMatchObject({ notify_events: expected, warnings: [] });
  });

  it('leaves out what is no event, with a warning', () => {
    const { notify_events, warnings } = parse({ notify_events: 'outage, sync' });
    expect(notify_events).toEqual(['outage']);
    expect(warnings).toEqual([
      'Setting notify_events must be a list of outage, recovery, dead_letters, reconciliation, attention; left out: "sync".',
    ]);
  });
});
