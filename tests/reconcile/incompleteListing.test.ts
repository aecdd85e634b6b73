import { describe, expect, it } from 'vitest';
import { startReconcileBench } from '../support/startReconcileBench.ts';

const NAMES = Array.from({ length: 450 }, (_, index) => `clip ${index}`);

describe('reconcile, where Plex does not tell how many items there are', () => {
  it.each([
    ['in pages as asked for', {}],
    ['in pages of its own', { maxPageSize: 60 }],
  ])('has every item of a listing %s, and takes none for gone (plex-http-api 9.6)', async (_, switches) => {
    const bench = await startReconcileBench({ plex: { switches: { totals: false, ...switches } } });
    for (const name of NAMES) bench.synced(name);
    expect(await bench.reconcile()).toMatchObject({ checked: 450, right: 450, gone: 0, undecided: 0 });
    // A steady walk to the end is proof as well.
    bench.plex.library.removeItem(bench.item('clip 7').ratingKey);
    expect(await bench.reconcile()).toMatchObject({ right: 449, gone: 1, undecided: 0 });
  });

  it('says so, and concludes nothing from a library that shows nothing at all', async () => {
    const bench = await startReconcileBench({ plex: { switches: { totals: false } } });
    bench.synced('a');
    await bench.reconcile();
    bench.plex.library.removeItem(bench.item('a').ratingKey);
    expect(await bench.reconcile()).toMatchObject({ checked: 1, gone: 0, undecided: 1 });
    expect(bench.lines.map(({ text }) => text)).toContain(
      '[Stash2Plex] Plex does not tell how many items library "Films" has; what was not found is not counted as missing.',
    );
  });
});

describe('reconcile, where a row cannot be read', () => {
  it('reads texts with raw control characters as they are (plex-http-api 9.13)', async () => {
    const bench = await startReconcileBench({ plex: { switches: { rawControlCharacters: true } } });
    bench.synced('a');
    bench.synced('b');
    bench.plex.library.addItem(bench.sectionKey, {
      title: 'x\u0007y',
      summary: 'l\u0000\tq',
      file: '/media/films/x.mkv',
    });
    expect(await bench.reconcile()).toMatchObject({ checked: 2, right: 2, undecided: 0 });
  });

  it('leaves it out, says how many once, and takes no scene for gone that may be it', async () => {
    const bench = await startReconcileBench();
    for (const name of ['a', 'b', 'c']) bench.synced(name);
    const never = bench.scanned('d');
    await bench.reconcile();
    bench.clearQueue();
    // Every page with that row in it is cut to half a document.
    const { ratingKey } = bench.item('b');
    const keys = ['a', 'b', 'c', 'd'].map((name) => bench.item(name).ratingKey);
    const position = keys.indexOf(ratingKey);
    bench.plex.faults.add({
      match: ({ path, headers }) => {
        const start = Number(headers['x-plex-container-start']);
        return (
          path.endsWith('/all') &&
          start <= position &&
          start + Number(headers['x-plex-container-size']) > position
        );
      },
      action: { kind: 'halfDocument' },
    });
    const result = await bench.reconcile();
    expect(result).toMatchObject({ checked: 4, right: 2, gone: 0, undecided: 1 });
    expect(never).toBeGreaterThan(0);
    const said = bench.lines.filter(({ text }) => text.includes('cannot be read'));
    expect(said.map(({ text }) => text)).toEqual([
      '[Stash2Plex] Plex\'s data of 1 item in library "Films" cannot be read (let Plex refresh or analyze them); what was not found is not counted as missing.',
    ]);
    expect(said.some(({ text }) => text.includes('plex_url'))).toBe(false);
  });
});

describe("a token that is not the owner's", () => {
  it('stops a run and a sync as one obstacle of setup, and no scene pays (plex-http-api 9.13)', async () => {
    const bench = await startReconcileBench({ plex: { switches: { hidePathsFromUser: true } } });
    const ids = ['a', 'b'].map((name) => bench.scanned(name));
    bench.restart({ plex_token: bench.plex.userToken });
    bench.record(...ids);
    const { obstacle } = await bench.drain();
    expect(obstacle).toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('not the token of the server'),
    });
    expect(ids.map((id) => bench.job(id)?.attempts)).toEqual([0, 0]);
    expect(bench.givenUp()).toEqual([]);
  });
});
