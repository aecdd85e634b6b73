import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlexError } from '../../src/plex/PlexError.ts';
import type { ItemRow } from '../../src/plex/PlexItem.ts';
import { type AskForRows, walkPages } from '../../src/plex/walkPages.ts';
import { plexItem } from '../support/samples.ts';

const PAGE = 20;

/** How a server answers. */
interface Manners {
  rows: number;
  /** Largest page. */
  cap: number;
  tellsTotal: boolean;
  heedsStart: boolean;
  heedsSize: boolean;
  /** Says where its pages begin. */
  isPaged: boolean;
}

const POLITE: Manners = {
  rows: 0,
  cap: Number.POSITIVE_INFINITY,
  tellsTotal: true,
  heedsStart: true,
  heedsSize: true,
  isPaged: true,
};

const row = (number: number, path = `/media/${number}.mkv`): ItemRow => ({
  ratingKey: String(number),
  item: { ...plexItem(), ratingKey: String(number), files: path === '' ? [] : [{ path }] },
  hidesFiles: path === '',
});

/** A server, with the requests it got. */
function server(manners: Partial<Manners>, rowOf = row) {
  const { rows, cap, tellsTotal, heedsStart, heedsSize, isPaged } = { ...POLITE, ...manners };
  const asked: string[] = [];
  const ask: AskForRows = async (start, size) => {
    asked.push(`${start}+${size}`);
    const from = heedsStart ? start : 0;
    const to = Math.min(rows, from + Math.min(heedsSize ? size : rows, cap));
    return {
      rows: Array.from({ length: Math.max(to - from, 0) }, (_, index) => rowOf(from + index)),
      totalSize: tellsTotal ? rows : undefined,
      isPaged,
    };
  };
  return { ask, asked };
}

async function walk(ask: AskForRows) {
  const keys = new Set<string | undefined>();
  let last: { totalSize: number | undefined; hasSlipped: boolean } | undefined;
  let leftOut = 0;
  let isSteady = true;
  for await (const page of walkPages(ask, PAGE)) {
    for (const { ratingKey } of page.items) keys.add(ratingKey);
    leftOut += page.leftOut;
    isSteady &&= !page.hasSlipped;
    last = page;
  }
  return { found: keys.size, leftOut, totalSize: isSteady ? last?.totalSize : undefined };
}

describe('walkPages', () => {
  it('goes on to a page without news where Plex tells no total, which then is the total (plex-http-api 9.6)', async () => {
    const { ask, asked } = server({ rows: 45, tellsTotal: false });
    expect(await walk(ask)).toEqual({ found: 45, leftOut: 0, totalSize: 45 });
    expect(asked).toEqual(['0+20', '19+21', '39+21', '44+21']);
  });

  it('does not take nothing at all for an empty library where Plex tells no total', async () => {
    expect(await walk(server({ rows: 0, tellsTotal: false }).ask)).toMatchObject({ totalSize: undefined });
    expect(await walk(server({ rows: 0 }).ask)).toMatchObject({ totalSize: 0 });
  });

  it.each([true, false])(
    'gets everything of a server that pages by itself (tells a total: %s)',
    async (tellsTotal) => {
      const { ask } = server({ rows: 45, cap: 7, tellsTotal });
      expect(await walk(ask)).toEqual({ found: 45, leftOut: 0, totalSize: 45 });
    },
  );

  it.each([5, 45])('ends at a server that always sends all %d rows, and counts them', async (rows) => {
    const { ask, asked } = server({
      rows,
      tellsTotal: false,
      isPaged: false,
      heedsStart: false,
      heedsSize: false,
    });
    expect(await walk(ask)).toEqual({ found: rows, leftOut: 0, totalSize: rows });
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it('ends, and concludes nothing, at a server that always sends its first page', async () => {
    const { ask, asked } = server({ rows: 45, tellsTotal: false, heedsStart: false });
    expect(await walk(ask)).toMatchObject({ found: 20, totalSize: undefined });
    expect(asked).toHaveLength(2);
  });

  it('ends, and concludes nothing, at a server that begins its last page wherever it likes', async () => {
    let asked = 0;
    const ask: AskForRows = async (start) => {
      asked += 1;
      const from = Math.min(start, 30);
      return {
        rows: Array.from({ length: 10 }, (_, index) => row(from + index)),
        totalSize: undefined,
        isPaged: true,
      };
    };
    expect(await walk(ask)).toMatchObject({ found: 40, totalSize: undefined });
    expect(asked).toBeLessThan(10);
  });

  it('ends always, and never takes fewer rows than there are for all', async () => {
    const manners = fc.record({
      rows: fc.integer({ min: 0, max: 150 }),
      cap: fc.integer({ min: 2, max: 60 }),
      tellsTotal: fc.boolean(),
      heedsStart: fc.boolean(),
      heedsSize: fc.boolean(),
      isPaged: fc.constant(true),
    });
    await fc.assert(
      fc.asyncProperty(manners, async (some) => {
        const { ask, asked } = server(some);
        const { found, totalSize } = await walk(ask);
        expect(asked.length).toBeLessThanOrEqual(some.rows + 4);
        if (totalSize !== undefined && found >= totalSize) expect(found).toBe(some.rows);
        if (some.heedsStart) expect(found).toBe(some.rows);
      }),
    );
  });

  it('leaves out the one row of a page that cannot be read, and says so', async () => {
    const { ask, asked } = server({ rows: 45 });
    const garbling: AskForRows = async (start, size) => {
      const answer = await ask(start, size);
      if (start <= 17 && start + size > 17)
        throw new PlexError('serverError', 'Garbled.', { isGarbled: true });
      return answer;
    };
    expect(await walk(garbling)).toEqual({ found: 44, leftOut: 1, totalSize: 45 });
    expect(asked.length).toBeLessThan(20);
  });

  it('gives up where nothing can be read, after a bounded number of questions', async () => {
    let asked = 0;
    const walked = walk(async () => {
      asked += 1;
      throw new PlexError('serverError', 'Garbled.', { isGarbled: true });
    });
    await expect(walked).rejects.toMatchObject({ message: 'Garbled.' });
    expect(asked).toBeLessThan(100);
  });

  it("says that a token is not the owner's where a page has files and shows none (plex-http-api 9.13)", async () => {
    const hidden = server({ rows: 45 }, (number) => row(number, ''));
    await expect(walk(hidden.ask)).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining("plex_token is not the token of the server's owner"),
    });
    // One shown is proof of the contrary.
    const one = server({ rows: 15 }, (number) => (number === 7 ? row(number) : row(number, '')));
    expect(await walk(one.ask)).toMatchObject({ found: 15 });
  });
});
