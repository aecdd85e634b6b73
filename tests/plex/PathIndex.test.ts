import { describe, expect, it } from 'vitest';
import { clearMatchIndex, createPathIndex, type FileHolder } from '../../src/plex/PathIndex.ts';
import { FIND_FILES } from '../../src/plex/pathStatements.ts';
import { openStore, SYNC, SYNCED } from '../queue/openStore.ts';

const PLACE = { serverId: 'server', sectionKey: '4' };

function holder(ratingKey: string, ...paths: string[]): FileHolder {
  return { ratingKey, sectionKey: PLACE.sectionKey, files: paths.map((path) => ({ path })) };
}

function open() {
  const store = openStore();
  const index = createPathIndex(store.db);
  const found = (path: string, serverId = PLACE.serverId, keys = [PLACE.sectionKey]) =>
    index.find(serverId, keys, [path]).map(({ ratingKey }) => ratingKey);
  const listAll = (...items: FileHolder[]) => {
    const listing = index.beginListing(PLACE);
    index.put(PLACE, items, listing);
    return index.endListing(PLACE, { listing, totalSize: items.length, nowMs: 1, scannedAtSecs: 5 });
  };
  return { ...store, index, found, listAll };
}

describe('the path index', () => {
  it('finds items by the name of any of their files, in any letter case and normal form (W-12, W-18, 18.5, 18.8)', () => {
    const { index, found } = open();
    index.put(PLACE, [
      holder('7', '/p/a.mp4', '/p/Ame\u0301lie.mp4'),
      holder('8', 'D:\\p\\A.MP4'),
      holder('9'),
      holder('10', '/p/b.mp4'),
    ]);
    expect(found('/s/a.mp4')).toEqual(['7', '8']);
    expect(found('/s/am\u00e9lie.mp4')).toEqual(['7']);
    expect(found('/s/none.mp4')).toEqual([]);
    expect(found('')).toEqual([]);
    expect(index.find('server', ['4'], ['/s/a.mp4', 'X:\\b.mp4'])).toEqual([
      holder('7', '/p/a.mp4'),
      holder('8', 'D:\\p\\A.MP4'),
      holder('10', '/p/b.mp4'),
    ]);
  });

  it('keeps servers and sections apart, and follows the order of sections (W-06, W-23, 18.8)', () => {
    const { index, found } = open();
    index.put(PLACE, [holder('7', '/p/a.mp4')]);
    index.put({ serverId: 'server', sectionKey: '5' }, [{ ...holder('8', '/p/a.mp4'), sectionKey: '5' }]);
    index.put({ serverId: 'other', sectionKey: '4' }, [holder('7', '/p/other.mp4')]);
    expect(found('/a.mp4', 'server', ['5', '4'])).toEqual(['8', '7']);
    expect(found('/a.mp4', 'server', ['4'])).toEqual(['7']);
    expect(found('/a.mp4', 'other')).toEqual([]);
    expect(found('/a.mp4', 'server', ['6'])).toEqual([]);
    index.correct('other', '7', undefined);
    expect(found('/a.mp4')).toEqual(['7']);
  });

  it('forgets what a listing that came to its end has not seen, and nothing before that (W-19)', () => {
    const { index, found, listAll } = open();
    expect(listAll(holder('7', '/p/a.mp4'), holder('8', '/p/b.mp4'))).toBe(true);
    const listing = index.beginListing(PLACE);
    index.put(PLACE, [holder('7', '/p/a.mp4')], listing);
    const end = { listing, totalSize: 2, nowMs: 2, scannedAtSecs: undefined };
    expect(index.endListing(PLACE, end)).toBe(false);
    expect(found('/b.mp4')).toEqual(['8']);
    expect(index.endListing(PLACE, { ...end, totalSize: 1 })).toBe(true);
    expect(found('/b.mp4')).toEqual([]);
    expect(index.lastListing(PLACE)).toMatchObject({ listedAtMs: 2, scannedAtSecs: null });
  });

  it('follows an item whose files changed, one without files included', () => {
    const { index, found } = open();
    index.put(PLACE, [holder('7', '/p/a.mp4')]);
    index.put(PLACE, [holder('7', '/p/b.mp4', '/p/c.mp4')]);
    expect([found('/a.mp4'), found('/b.mp4'), found('/c.mp4')]).toEqual([[], ['7'], ['7']]);
    index.put(PLACE, [holder('7')]);
    expect([found('/b.mp4'), index.count(PLACE)]).toEqual([[], 1]);
  });

  it('tells whether the last item of a page was known', () => {
    const { index } = open();
    expect(index.put(PLACE, [holder('7', '/a.mp4')])).toEqual({ isLastKnown: false });
    expect(index.put(PLACE, [holder('8', '/b.mp4'), holder('7', '/a.mp4')])).toEqual({ isLastKnown: true });
    expect(index.put(PLACE, [])).toEqual({ isLastKnown: false });
  });

  it('is put right by an item that was read, and writes nothing when it was right (W-05)', () => {
    const { index, found, listAll, db } = open();
    listAll(holder('7', '/p/a.mp4'), holder('8', '/p/b.mp4'));
    const changes = () => (db.prepare('SELECT total_changes() AS n').get() as { n: number }).n;
    const before = changes();
    expect(index.correct('server', '7', holder('7', '/p/a.mp4'))).toBe(true);
    expect(index.correct('server', '99', undefined)).toBe(true);
    expect(changes()).toBe(before);
    expect(index.correct('server', '7', holder('7', '/p/new.mp4'))).toBe(false);
    expect([found('/a.mp4'), found('/new.mp4')]).toEqual([[], ['7']]);
    expect(index.correct('server', '8', undefined)).toBe(false);
    expect(found('/b.mp4')).toEqual([]);
  });

  it('is still there for the next process (18.8)', () => {
    const { index, db } = open();
    index.put(PLACE, [holder('7', '/p/a.mp4')]);
    expect(createPathIndex(db).find('server', ['4'], ['/a.mp4'])).toEqual([holder('7', '/p/a.mp4')]);
  });

  it('is emptied as a whole, a listing under way included; what was synced stays known (W-21, 18.8)', () => {
    const { index, found, db, jobs, record, takeNext } = open();
    record(1);
    jobs.complete(takeNext(), SYNCED);
    const listing = index.beginListing(PLACE);
    index.put(PLACE, [holder('7', '/p/a.mp4')], listing);
    clearMatchIndex(db);
    const end = { listing, totalSize: 0, nowMs: 2, scannedAtSecs: undefined };
    expect(index.endListing(PLACE, end)).toBe(false);
    expect(found('/a.mp4')).toEqual([]);
    expect([index.count(PLACE), index.lastListing(PLACE)]).toEqual([0, undefined]);
    expect(jobs.sceneSyncs(1)[0]).toMatchObject({ ratingKey: SYNC.ratingKey });
    // Clearing what is empty already is no error.
    clearMatchIndex(db);
    index.put(PLACE, [holder('7', '/p/a.mp4')]);
    expect(found('/a.mp4')).toEqual(['7']);
  });

  it('finds its rows through an index (W-22)', () => {
    const { db } = open();
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${FIND_FILES}`).all({ section: 1, names: '["a"]' }) as {
      detail: string;
    }[];
    expect(plan.some(({ detail }) => detail.includes('plex_files_by_name'))).toBe(true);
    expect(plan.some(({ detail }) => /SCAN plex_files/.test(detail))).toBe(false);
  });
});
