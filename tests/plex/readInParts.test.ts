import { describe, expect, it } from 'vitest';
import { PlexError } from '../../src/plex/PlexError.ts';
import { openRequestLimit } from '../../src/plex/RequestLimits.ts';
import { readInParts } from '../../src/plex/readInParts.ts';
import { plexItem } from '../support/samples.ts';

const keysTo = (count: number) => Array.from({ length: count }, (_, index) => String(10_000 + index));

/** Plex behind something that refuses lists of ids above so many bytes. */
function server({ maxBytes = Number.POSITIVE_INFINITY, status = 404, has = (_key: string) => true }) {
  const asked: number[] = [];
  const limit = openRequestLimit();
  const read = readInParts(async (keys) => {
    const bytes = keys.join(',').length;
    asked.push(bytes);
    const found = keys.filter(has);
    if (bytes > maxBytes || found.length === 0) {
      const isMissing = bytes <= maxBytes || status === 404;
      throw new PlexError(isMissing ? 'notFound' : 'rejected', 'No.', { status: isMissing ? 404 : status });
    }
    return found.map((ratingKey) => ({ ...plexItem(), ratingKey }));
  }, limit);
  return {
    asked,
    limit,
    keys: async (keys: string[]) => (await read(keys)).map(({ ratingKey }) => ratingKey),
  };
}

describe('readInParts', () => {
  it.each([400, 404, 414])(
    'reads in parts what is refused as a whole with %d, and knows it the next time',
    async (status) => {
      const plex = server({ maxBytes: 260, status });
      expect(await plex.keys(keysTo(100))).toEqual(keysTo(100));
      expect(plex.asked.length).toBeLessThanOrEqual(7);
      plex.asked.length = 0;
      expect(await plex.keys(keysTo(100))).toEqual(keysTo(100));
      expect(Math.max(...plex.asked)).toBeLessThanOrEqual(260);
      expect(plex.asked).toHaveLength(4);
    },
  );

  it('takes a 404 for items that are all gone, once nothing of it is found in parts either', async () => {
    const plex = server({ has: () => false });
    expect(await plex.keys(keysTo(100))).toEqual([]);
    expect(plex.limit.bytes('ids')).toBeUndefined();
    expect(await plex.keys(keysTo(3))).toEqual([]);
  });

  it('asks in one request where nothing is refused, and does not split a list that is no longer than one that got through', async () => {
    const plex = server({ has: (key) => key !== '99999' });
    expect(await plex.keys(keysTo(100))).toHaveLength(100);
    expect(await plex.keys(Array.from({ length: 100 }, () => '99999'))).toEqual([]);
    expect(plex.asked).toHaveLength(2);
  });

  it('passes a refusal of a single item on', async () => {
    const plex = server({ maxBytes: 3, status: 400 });
    await expect(plex.keys(['10000'])).rejects.toMatchObject({ status: 400 });
  });
});
