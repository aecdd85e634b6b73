import { describe, expect, it } from 'vitest';
import { createPathMap } from '../../src/plex/pathMap.ts';
import type { FaultAction } from '../support/plexDouble/startPlexDouble.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';
import { type IndexBench, openIndex, told } from './openIndex.ts';

const double = useDouble();
const SECTION = '4';

function add(ratingKey: string, ...files: string[]): string {
  return double().library.addItem(SECTION, { title: `Item ${ratingKey}`, ratingKey, files }).ratingKey;
}

/** More items than fit on a page. */
function addCrowd(): void {
  for (let index = 0; index < 450; index += 1)
    add(String(1_000 + index), `/data/clips/${index}/clip ${index}.mp4`);
}

const item = (key: string) => `GET /library/metadata/${key}`;
const SECTIONS = 'GET /library/sections';
const NAMES = [
  'plain.mp4',
  'a, b.mp4',
  'one,two,three.mp4',
  ',.mp4',
  '100% + R&B #1.mp4',
  "it's [1080p] (x).mp4",
  'Amélie.mp4',
  '日本語 😀.mp4',
  'back\\slash.mp4',
];
const FILTERS = [
  { fileMatch: 'substring' },
  { fileMatch: 'equality' },
  { fileMatch: 'indexed', fileCommaIsOr: true },
  { ignoreFileFilter: true },
] as const;

describe('a look-up of a single file', () => {
  it('costs one question and one read, the next one only the read (W-06, W-24)', async () => {
    const bench = openIndex(double());
    add('7', '/data/clips/x/a.mp4');
    add('8', '/data/clips/b.mp4');
    expect(told(await bench.find(['/s/clips/x/a.mp4']))).toBe('match 7 high');
    expect(bench.requests()).toEqual(['file', item('7')]);
    const sized = {
      path: '/s/clips/x/a.mp4',
      sizeBytes: (await bench.plex.items(['7']))[0]?.files[0]?.sizeBytes ?? 0,
    };
    expect(told(await bench.find([sized]))).toBe('match 7 high');
    expect(bench.requests()).toEqual([item('7')]);
  });

  it('believes an empty answer for a plain name: none, with one request per section (W-10)', async () => {
    const bench = openIndex(double());
    double().library.addSection({ key: '5', title: 'More', locations: ['/data/more'] });
    add('7', '/data/clips/a.mp4');
    expect(told(await bench.find(['/s/gone.mp4']))).toBe('none');
    expect(bench.requests()).toEqual(['file', 'file']);
  });

  it('asks Plex each time: "none" is never answered from memory (W-19)', async () => {
    const bench = openIndex(double());
    for (const isOneOfMany of [false, true]) {
      expect(told(await bench.find([`/s/late ${isOneOfMany}.mp4`], { isOneOfMany }))).toBe('none');
      add(isOneOfMany ? '8' : '7', `/data/clips/late ${isOneOfMany}.mp4`);
      const found = await bench.find([{ path: `/data/clips/late ${isOneOfMany}.mp4` }], { isOneOfMany });
      expect(told(found)).toBe(`match ${isOneOfMany ? '8' : '7'} high`);
    }
  });

  it('goes on with a listing where the filter cannot be believed, and with its news from then on (W-19, W-22)', async () => {
    const bench = openIndex(double());
    addCrowd();
    expect(told(await bench.find(['/s/näh.mp4']))).toBe('none');
    expect(bench.requests()).toEqual(['file', SECTIONS, 'all', 'all', 'all']);
    expect(told(await bench.find(['/s/näh.mp4']))).toBe('none');
    expect(bench.requests()).toEqual(['file', SECTIONS, 'new']);
  });

  it('tries all files of the scene in every section, versions and parts included (W-07, 18.7)', async () => {
    const bench = openIndex(double());
    double().library.addSection({ key: '5', title: 'More', locations: ['/data/more'] });
    add('7', '/data/clips/other.mp4');
    double().library.addItem('5', {
      title: 'two versions',
      ratingKey: '8',
      file: '/data/more/b-720p.mp4',
      parts: [['/data/more/b cd1.mp4', '/data/more/b cd2.mp4']],
    });
    expect(told(await bench.find(['/s/a.mp4', '/s/more/b cd2.mp4']))).toBe('match 8 high');
  });

  it('asks no further section once the file is found at its very path (W-06)', async () => {
    const bench = openIndex(double());
    double().library.addSection({ key: '5', title: 'More', locations: ['/data/more'] });
    add('7', '/data/clips/a.mp4');
    expect(told(await bench.find(['/data/clips/a.mp4']))).toBe('match 7 high');
    expect(bench.requests()).toEqual(['file', item('7')]);
  });

  it('takes the first section in their order when a file is in several (W-06)', async () => {
    const bench = openIndex(double());
    double().library.addSection({ key: '5', title: 'Both', locations: ['/data/clips'] });
    add('7', '/data/clips/a.mp4');
    double().library.addItem('5', { title: 'again', ratingKey: '8', file: '/data/clips/a.mp4' });
    expect(told(await bench.find(['/data/clips/a.mp4'], { keys: ['5', SECTION] }))).toBe('match 8 high');
    expect(told(await bench.find(['/data/clips/a.mp4'], { keys: [SECTION, '5'] }))).toBe('match 7 high');
  });

  it('is ambiguous with two items of one section at the same path, in full for the message (W-06, 18.7)', async () => {
    const bench = openIndex(double());
    add('7', '/data/clips/a.mp4');
    add('8', '/data/clips/a.mp4');
    const match = await bench.find(['/data/clips/a.mp4']);
    expect(told(match)).toBe('ambiguous 7 8');
    expect(match).toMatchObject({ items: [{ title: 'Item 7' }, { title: 'Item 8' }] });
  });
});

describe('names of every kind are found (W-03, W-12, W-18, 18.7)', () => {
  for (const [index, switches] of FILTERS.entries()) {
    for (const isOneOfMany of [false, true]) {
      it(`whatever Plex's filter does: ${JSON.stringify(switches)}, one of many: ${isOneOfMany}`, async () => {
        Object.assign(double().switches, switches);
        const bench = openIndex(double());
        if (index === 0) addCrowd();
        for (const [place, name] of NAMES.entries()) add(String(place + 1), `/data/clips/f${place}/${name}`);
        for (const [place, name] of NAMES.entries()) {
          const found = await bench.find([`/s/f${place}/${name}`], { isOneOfMany });
          expect([name, told(found)]).toEqual([name, `match ${place + 1} high`]);
        }
        expect(double().violations).toEqual([]);
      });
    }
  }

  it.each(FILTERS)('in another Unicode normal form, filter: %j (W-12)', async (switches) => {
    Object.assign(double().switches, switches);
    const bench = openIndex(double());
    add('7', '/data/x/Ame\u0301lie, 2.mp4');
    expect(told(await bench.find(['/s/x/Am\u00e9lie, 2.mp4']))).toBe('match 7 high');
    add('8', '/data/x/I love Am\u00e9lie.mp4');
    add('9', '/data/x/Ame\u0301lie.mp4');
    expect(told(await bench.find(['/s/x/Am\u00e9lie.mp4']))).toBe('match 9 high');
  });

  it.each(FILTERS)('in another letter case on a Windows server, filter: %j (W-18)', async (switches) => {
    Object.assign(double().switches, switches);
    double().library.addSection({ key: '5', title: 'Windows', locations: ['D:\\Clips'] });
    double().library.addItem('5', { title: 'W', ratingKey: '7', file: 'D:\\Clips\\Video.MP4' });
    const bench = openIndex(double());
    expect(told(await bench.find(['/clips/video.mp4']))).toBe('match 7 high');
  });

  it.each(FILTERS)(
    'and none that only contain the name, or differ in letter case: %j (W-13, 18.5)',
    async (switches) => {
      Object.assign(double().switches, switches);
      const bench = openIndex(double());
      add('7', '/data/clips/xa.mp4');
      add('8', '/data/clips/a.mp4/other.mkv');
      add('9', '/data/clips/A.mp4');
      double().library.addItem(SECTION, { title: 'no media', ratingKey: '10' });
      expect(told(await bench.find(['/data/clips/a.mp4']))).toBe('none');
    },
  );

  it.each([
    'Scene - 1080p.mp4',
    'Movie - 2024-01-02 - WEBDL-2160p.mp4',
    'Scene [WEBDL-1080p].mp4',
    'Some.Scene.1080p.mp4',
    'Adventure Time.mp4',
    'DVD Extras.mp4',
    'Scene_2024-01-15 HDTV.BluRay.4K.HDR.mp4',
  ])(
    '"%s" as it is written: nothing is cut from a name, and no title is searched (W-02, W-03, W-04, 18.7)',
    async (name) => {
      const bench = openIndex(double());
      add('7', `/data/media/${name}`);
      expect(told(await bench.find([`/stash/media/${name}`]))).toBe('match 7 high');
      expect(double().log.entries.filter((request) => request.parameter('title') !== undefined)).toEqual([]);
      expect(bench.requests()).toEqual(['file', item('7')]);
    },
  );

  it('an empty path is in no library (18.7)', async () => {
    add('7', '/data/clips/a.mp4');
    expect(told(await openIndex(double()).find(['']))).toBe('none');
  });
});

describe('what the index says', () => {
  /** Everything of the section is in the index. */
  async function listed(bench: IndexBench): Promise<IndexBench> {
    await bench.finder.refresh(await bench.places());
    double().log.clear();
    return bench;
  }

  it('is read in full before it counts, in one request (W-05, 18.7)', async () => {
    add('7', '/data/clips/a.mp4');
    const bench = await listed(openIndex(double()));
    expect(told(await bench.find(['/data/clips/a.mp4']))).toBe('match 7 high');
    expect(bench.requests()).toEqual([item('7')]);
  });

  it('does not count when the item has another file by now, and is put right (W-05, 18.7)', async () => {
    add('7', '/data/clips/a.mp4');
    const bench = await listed(openIndex(double()));
    double().library.removeItem('7');
    add('7', '/data/clips/another.mkv');
    add('8', '/data/clips/a.mp4');
    expect(told(await bench.find(['/data/clips/a.mp4']))).toBe('match 8 high');
    expect(bench.requests()).toEqual([item('7'), 'file', item('8')]);
    expect(told(await bench.find(['/data/clips/another.mkv']))).toBe('match 7 high');
    expect(bench.requests()).toEqual([item('7')]);
  });

  it('is doubted as a whole once it was wrong about one item (W-05, W-19)', async () => {
    double().switches.maxPageSize = 3;
    const put = (index: number, file: string) =>
      double().library.addItem(SECTION, { title: file, ratingKey: String(index), file, addedAt: index });
    for (let index = 1; index <= 10; index += 1) put(index, `/data/clips/${index}.mp4`);
    const bench = await listed(openIndex(double()));
    // Files that moved inside their items, and a Plex that tells of no scan.
    for (const index of [1, 2]) {
      double().library.removeItem(String(index));
      put(index, `/data/clips/moved ${index}.mp4`);
    }
    expect(told(await bench.find(['/data/clips/1.mp4'], { isOneOfMany: true }))).toBe('none');
    expect(told(await bench.find(['/data/clips/moved 2.mp4'], { isOneOfMany: true }))).toBe('match 2 high');
  });

  it('does not count when the item is gone (W-20, 18.7)', async () => {
    add('7', '/data/clips/a.mp4');
    const bench = await listed(openIndex(double()));
    double().library.removeItem('7');
    expect(told(await bench.find(['/data/clips/a.mp4']))).toBe('none');
    const { serverId } = await bench.places();
    expect(bench.index.find(serverId, [SECTION], ['/data/clips/a.mp4'])).toEqual([]);
  });

  it('stays when the item cannot be read just now (W-20)', async () => {
    add('7', '/data/clips/a.mp4');
    const bench = await listed(openIndex(double()));
    const fault = double().faults.add({ match: /metadata/, action: { kind: 'maintenance' } });
    await expect(bench.find(['/data/clips/a.mp4'])).rejects.toMatchObject({ kind: 'unavailable' });
    fault.remove();
    expect(told(await bench.find(['/data/clips/a.mp4']))).toBe('match 7 high');
    expect(bench.requests()).toEqual([item('7')]);
  });

  it('settles nothing while a better file may be new in Plex (W-01, W-19)', async () => {
    add('7', '/data/2020/video.mp4');
    const bench = await listed(openIndex(double()));
    add('8', '/data/2021/video.mp4');
    expect(told(await bench.find(['/s/2021/video.mp4']))).toBe('match 8 high');
  });

  it('names no item of another server with the same keys (W-05, W-23)', async () => {
    add('7', '/data/clips/a.mp4');
    const bench = await listed(openIndex(double()));
    double().library.machineIdentifier = 'f'.repeat(40);
    expect(bench.finder.hint(await bench.places(), [{ path: '/data/clips/a.mp4' }])).toEqual([]);
  });

  it('follows a section that was renamed, and is not confused by two of one title (W-23)', async () => {
    add('7', '/data/clips/a.mp4');
    double().library.addSection({ key: '5', title: 'Clips', locations: ['/data/other'] });
    const bench = await listed(openIndex(double()));
    for (const section of double().library.sections()) section.title = 'Renamed';
    expect(bench.finder.hint(await bench.places(['5']), [{ path: '/data/clips/a.mp4' }])).toEqual([]);
    expect(told(await bench.find(['/data/clips/a.mp4'], { keys: [SECTION] }))).toBe('match 7 high');
    expect(bench.requests()).toEqual([item('7')]);
  });

  it('is compared after path mapping (W-59)', async () => {
    add('7', '/data/clips/x/video.mp4');
    add('8', '/data/clips/y/video.mp4');
    const bench = await listed(
      openIndex(double(), createPathMap([{ plex: '/data/clips', stash: 'D:\\Stash' }])),
    );
    expect(told(await bench.find(['D:\\Stash\\Y\\video.mp4']))).toBe('match 8 high');
    expect(bench.requests()).toEqual([item('8')]);
  });
});

describe('many look-ups for one moment', () => {
  it('cost two requests and the reads, however many files are in no library (W-22)', async () => {
    addCrowd();
    const bench = openIndex(double());
    await bench.finder.refresh(await bench.places());
    const since = bench.finder.moment();
    const places = await bench.places();
    double().log.clear();
    for (let index = 0; index < 50; index += 1) {
      const files = [{ path: `/s/none, ${index}.mp4` }];
      const read = async () => new Map();
      expect(told(await bench.finder.find(places, { files, since, isOneOfMany: true, read }))).toBe('none');
    }
    expect(bench.requests()).toEqual([SECTIONS, 'new']);
  });

  it('repeat no listing that came to nothing: the filter answers then (W-10)', async () => {
    addCrowd();
    const bench = openIndex(double());
    const places = await bench.places();
    const since = bench.finder.moment();
    double().faults.add({
      match: ({ headers }) => headers['x-plex-container-start'] === '199',
      action: { kind: 'status', status: 500 },
    });
    double().log.clear();
    const read = async () => new Map();
    for (const name of ['one.mp4', 'two.mp4']) {
      const query = { files: [{ path: `/s/${name}` }], since, isOneOfMany: true, read };
      expect(told(await bench.finder.find(places, query))).toBe('none');
    }
    expect(bench.requests()).toEqual([SECTIONS, 'all', 'all', 'file', 'file']);
  });
});

describe('a look-up that fails is never "not in Plex" (W-10)', () => {
  const FAULTS: FaultAction[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 404 },
    { kind: 'status', status: 400 },
    { kind: 'status', status: 401 },
    { kind: 'maintenance' },
    { kind: 'loginPage' },
    { kind: 'resetBefore' },
    { kind: 'truncatedBody' },
  ];
  it.each(FAULTS)('%j in the second of two sections', async (action) => {
    const bench = openIndex(double());
    double().library.addSection({ key: '5', title: 'More', locations: ['/data/more'] });
    double().faults.add({ match: '/library/sections/5/all', action });
    for (const isOneOfMany of [false, true]) {
      for (const path of ['/s/gone.mp4', '/s/gone, é.mp4']) {
        await expect(bench.find([path], { isOneOfMany })).rejects.toMatchObject({ name: 'PlexError' });
      }
    }
  });

  it('a filter that Plex does not know is made up for by a listing (18.7)', async () => {
    add('7', '/data/clips/a.mp4');
    const bench = openIndex(double());
    double().faults.add({
      match: (request) => request.parameter('file') !== undefined,
      action: { kind: 'status', status: 500 },
    });
    expect(told(await bench.find(['/s/gone.mp4']))).toBe('none');
    expect(told(await bench.find(['/s/clips/a.mp4']))).toBe('match 7 high');
  });

  it('a section that changes while it is listed settles nothing', async () => {
    addCrowd();
    double().switches.ignoreFileFilter = true;
    const bench = openIndex(double());
    let next = 5_000;
    double().faults.add({
      match: ({ headers }) => {
        // Rows slip to a page that was read already, whenever the second page is asked for.
        if (headers['x-plex-container-start'] === '199') {
          double().library.removeItem(String(next === 5_000 ? 1_000 : 1_001));
          add(String(next), `/data/clips/new ${next}.mp4`);
          next += 1;
        }
        return false;
      },
      action: { kind: 'resetBefore' },
    });
    const promise = bench.find(['/s/gone.mp4']);
    await expect(promise).rejects.toMatchObject({ name: 'PlexError', kind: 'notFound' });
    double().faults.clear();
    expect(told(await bench.find(['/s/gone.mp4']))).toBe('none');
  });
});
