import { describe, expect, it } from 'vitest';
import { plexWebLink } from '../../../src/ui/scene/plexWebLink.ts';

const item = { serverId: 'abc123', ratingKey: '812' };
const behind = 'web/index.html#!/server/abc123/details?key=%2Flibrary%2Fmetadata%2F812';

describe('the link into Plex Web', () => {
  it.each([
    ['http://192.168.1.10:32400', 'http://192.168.1.10:32400/'],
    ['192.168.1.10:32400', 'http://192.168.1.10:32400/'],
    ['plex.lan:32400', 'http://plex.lan:32400/'],
    ['plex', 'http://plex/'],
    [' "https://plex.example/" ', 'https://plex.example/'],
    ['https://user:secret@plex.example/plex/', 'https://plex.example/plex/'],
    ['http://plex:32400/web/index.html#!/settings?X-Plex-Token=secret', 'http://plex:32400/'],
    ['http://[::1]:32400/web', 'http://[::1]:32400/'],
  ])('of %s begins with %s, without anything secret', (plexUrl, base) => {
    expect(plexWebLink(plexUrl, item)).toBe(`${base}${behind}`);
  });

  it.each(['', '   ', 'javascript:alert(1)', 'data:text/html,x', 'http://', 42, undefined])(
    'of %j is none',
    (plexUrl) => {
      expect(plexWebLink(plexUrl, item)).toBeUndefined();
    },
  );

  it('cannot be broken by an odd number of a server', () => {
    const link = plexWebLink('http://plex', { serverId: '"/><script>', ratingKey: '1' });
    expect(link).not.toMatch(/["<>]/);
  });
});
