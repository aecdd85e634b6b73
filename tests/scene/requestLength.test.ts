import { describe, expect, it } from 'vitest';
import { commonFaults } from '../support/plexDouble/commonFaults.ts';
import { startBench } from '../support/startBench.ts';
import { startReconcileBench } from '../support/startReconcileBench.ts';

/** IIS takes addresses of 2 048 characters. */
const IIS_BYTES = 2_048;
const TAGS = Array.from({ length: 90 }, (_, index) => `A tag of quite some length, number ${index}`);
const LONG = { details: 'Many words of a long story. '.repeat(120).trim(), tags: TAGS, studio: 'Acme' };

const isRefused = ({ status }: { status?: number | undefined }) => (status ?? 0) >= 400;

describe('a way to Plex that takes short addresses only', () => {
  describe.each([404, 400, 414, 403, 413])('and answers long ones with %d', (status) => {
    it.each(['add', 'replace'] as const)('gets every scene written in parts (tags %s)', async (tagMode) => {
      const bench = await startBench({ plex: { switches: { tagMode } } });
      const ids = ['a', 'b', 'c'].map((name) => bench.scanned(name, LONG));
      ids.push(bench.scanned('short', { details: 'Short.', tags: ['One'] }));
      bench.plex.faults.add(commonFaults.longUrls(IIS_BYTES, status));
      await bench.sync(...ids.slice(0, 1));
      const first = bench.plex.log.entries.filter(isRefused).length;
      expect(first).toBeLessThanOrEqual(8);
      expect(bench.plex.log.count()).toBeLessThanOrEqual(26);
      bench.plexRequests();

      await bench.sync(...ids.slice(1));
      expect(bench.plex.log.entries.filter(isRefused)).toEqual([]);
      // Another process knows it as well.
      bench.restart();
      bench.stash.scenes.update(ids[0] ?? 0, { details: `Other: ${LONG.details}` });
      await bench.sync(ids[0] ?? 0);
      expect(bench.plex.log.entries.filter(isRefused)).toEqual([]);

      expect(bench.givenUp()).toEqual([]);
      expect(bench.job(ids[0] ?? 0)).toBeUndefined();
      for (const name of ['a', 'b', 'c']) {
        const { summary, genres, studio } = bench.item(name);
        expect(studio).toBe('Acme');
        expect(summary?.length).toBeGreaterThan(1_000);
        expect(`Other: ${LONG.details} ${LONG.details}`).toContain(summary);
        // A Plex that replaces its list takes what one request can name.
        if (tagMode === 'add') expect([...(genres ?? [])].sort()).toEqual([...TAGS].sort());
        else expect(genres?.length).toBeGreaterThan(10);
      }
      const warnings = bench.lines.filter(({ text }) => text.includes('characters of its summary'));
      expect(warnings).toHaveLength(4);
      expect(bench.plex.violations).toEqual([]);

      bench.plexRequests();
      await bench.sync(...ids);
      expect(bench.plex.log.count({ method: 'PUT' })).toBe(0);
    });
  });

  it('is no reason for reconciliation to find a gap', async () => {
    const bench = await startReconcileBench({ plex: { switches: { tagMode: 'add' } } });
    const id = bench.scanned('a', LONG);
    bench.plex.faults.add(commonFaults.longUrls(IIS_BYTES));
    await bench.sync(id);
    expect(await bench.reconcile()).toMatchObject({ checked: 1, right: 1, enqueued: 0 });
  });

  it('is not suspected when a firewall refuses the words of a long request', async () => {
    const bench = await startBench();
    const [bad, good] = [
      bench.scanned('bad', { ...LONG, studio: 'DROP TABLE' }),
      bench.scanned('good', LONG),
    ];
    bench.plex.faults.add(commonFaults.withText('DROP TABLE', 400));
    await bench.sync(bad ?? 0, good ?? 0);
    bench.clock.advance(5_000);
    await bench.drain();
    expect(bench.item('good')).toMatchObject({ summary: LONG.details, studio: 'Acme' });
    expect(bench.item('bad')).toMatchObject({ summary: LONG.details });
    // One question of the length of each refused request: the answer says that it is about something else.
    expect(bench.plex.log.count(/X-Plex-Padding/)).toBe(2);
    expect(bench.context.plex.longestEdit()).toBeUndefined();
  });
});
