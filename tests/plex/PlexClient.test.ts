import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MAX_IDS, type PlexClient } from '../../src/plex/PlexClient.ts';
import type { PlexHttpOptions } from '../../src/plex/PlexHttp.ts';
import { type Artwork, uploadName } from '../../src/plex/PlexImage.ts';
import type { PlexItem } from '../../src/plex/PlexItem.ts';
import { allRows } from '../support/allRows.ts';
import { connectPlex } from '../support/connectPlex.ts';
import { tinyJpeg, tinyPng } from '../support/plexDouble/tinyImage.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';

const double = useDouble();
const SECTION = '4';

const connect = (options: Partial<PlexHttpOptions> = {}) => connectPlex(double(), options);

function addItems(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const item = { title: `No. ${index}`, file: `/data/clips/${index}.mkv`, addedAt: 1_600_000_000 + index };
    return double().library.addItem(SECTION, item).ratingKey;
  });
}

async function all(rows: AsyncIterable<PlexItem>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { ratingKey } of rows) keys.push(ratingKey);
  return keys;
}

const nameOf = (artwork: Artwork, bytes: Buffer) =>
  uploadName(artwork, createHash('sha1').update(bytes).digest('hex'));

const urls = () => double().log.entries.map(({ method, url }) => `${method} ${url}`);

describe('PlexClient', () => {
  it('sends its headers with every request, and the token never in an address', async () => {
    const plex = connect();
    const [key = ''] = addItems(1);
    await plex.identity();
    await plex.sections();
    await plex.items([key]);
    await plex.rowsByFile(SECTION, '0.mkv');
    await all(allRows(plex, SECTION));
    await plex.edit(SECTION, key, [['title.value', 'T']]);
    await plex.uploadImage(key, 'poster', tinyJpeg(), 'image/jpeg');
    await plex.images(key, 'poster');
    await plex.selectImage(key, 'poster', nameOf('poster', tinyJpeg()));
    await plex.unrate(key);
    await plex.scan(SECTION, '/data/clips');
    expect(double().log.entries).toHaveLength(11);
    for (const { headers, url } of double().log.entries) {
      expect(headers).toMatchObject({
        accept: 'application/json',
        'x-plex-token': double().token,
        'x-plex-client-identifier': 'c0ffee-1',
        'x-plex-product': 'Stash2Plex',
        'x-plex-device-name': 'Stash2Plex Plugin',
        'x-plex-version': '2.0.0',
      });
      // undici does not unpack.
      expect(headers['accept-encoding']).toBeUndefined();
      expect(url).not.toContain(double().token);
    }
    expect(double().violations).toEqual([]);
  });

  it('walks a section in pages, with both paging headers and in a fixed order', async () => {
    const keys = addItems(450);
    expect(await all(allRows(connect(), SECTION))).toEqual(keys);
    const pages = double().log.entries;
    // Each page begins with the last row of the one before.
    expect(pages.map(({ headers }) => headers['x-plex-container-start'])).toEqual(['0', '199', '399']);
    expect(pages.map(({ headers }) => headers['x-plex-container-size'])).toEqual(['200', '201', '201']);
    expect(pages.every((page) => page.parameter('sort') === 'addedAt:asc')).toBe(true);
    expect(double().violations).toEqual([]);
  });

  it('tells when rows moved between two pages, so that one may have been left out (W-10)', async () => {
    const keys = addItems(450);
    const plex = connect();
    const slips: boolean[] = [];
    for await (const { hasSlipped } of plex.pages(SECTION, 'oldestFirst')) {
      slips.push(hasSlipped);
      if (slips.length === 1) double().library.removeItem(keys[0] ?? '');
    }
    expect(slips).toEqual([false, true, false]);
  });

  it('gets every row of a server that sends shorter pages than asked for', async () => {
    double().switches.maxPageSize = 7;
    const keys = addItems(23);
    expect(await all(allRows(connect(), SECTION))).toEqual(keys);
    expect(double().log.count()).toBe(4);
  });

  it('walks an empty section in one request', async () => {
    expect(await all(allRows(connect(), SECTION))).toEqual([]);
    expect(double().log.count()).toBe(1);
  });

  it('calls a section empty only where Plex says so', async () => {
    const plex = connect();
    expect(await plex.isEmpty(SECTION)).toBe(true);
    double().switches.totals = false;
    expect(await plex.isEmpty(SECTION)).toBe(false);
    double().switches.totals = true;
    addItems(2);
    expect(await plex.isEmpty(SECTION)).toBe(false);
    expect(double().log.count()).toBe(3);
  });

  it('pages the look-up by file as well, and always names the type', async () => {
    addItems(3);
    const { items, totalSize } = await connect().rowsByFile(SECTION, '1.mkv');
    expect({ totalSize, titles: items.map(({ title }) => title) }).toEqual({
      totalSize: 1,
      titles: ['No. 1'],
    });
    expect(urls()).toEqual([`GET /library/sections/${SECTION}/all?type=1&file=1.mkv`]);
    expect(double().violations).toEqual([]);
  });

  it.each([200, 404] as const)(
    'reads many items in one request, without those that are gone (missing ones: %d)',
    async (status) => {
      double().switches.unknownIdStatus = status;
      const keys = addItems(MAX_IDS - 1);
      const plex = connect();
      const items = await plex.items(['99999', ...keys]);
      expect(new Set(items.map(({ ratingKey }) => ratingKey))).toEqual(new Set(keys));
      expect(double().log.count()).toBe(1);
      expect(await plex.items(['99998', '99999'])).toEqual([]);
      expect(await plex.items(['99999'])).toEqual([]);
      expect(await plex.items([])).toEqual([]);
      expect(double().log.count()).toBe(3);
    },
  );

  it('reads an item in full: more than two genres and three actors, roles and locks (W-33)', async () => {
    const { ratingKey } = double().library.addItem(SECTION, {
      title: 'Full',
      file: '/data/clips/full.mkv',
      genres: ['A', 'B', 'C', 'D'],
      collections: ['K1', 'K2', 'K3'],
      roles: [{ tag: 'P1', role: 'The walker' }, 'P2', 'P3', 'P4', 'P5'],
      locked: ['title', 'genre'],
    });
    const [item] = await connect().items([ratingKey]);
    expect(item).toMatchObject({
      genres: ['A', 'B', 'C', 'D'],
      collections: ['K1', 'K2', 'K3'],
      actors: [
        { name: 'P1', role: 'The walker' },
        { name: 'P2' },
        { name: 'P3' },
        { name: 'P4' },
        { name: 'P5' },
      ],
      sectionKey: SECTION,
      files: [{ path: '/data/clips/full.mkv' }],
    });
    expect(item?.locked).toEqual(new Set(['title', 'genre']));
  });

  it.each(['', ' ', '1,2', 'all', '1 ', '../1', '1?x', '-1', '１'])(
    'refuses to edit the key "%s": without a number Plex edits the whole library',
    async (key) => {
      const plex = connect();
      addItems(2);
      const rejected = { name: 'PlexError', kind: 'rejected' };
      await expect(async () => plex.edit(SECTION, key, [['title.value', 'X']])).rejects.toMatchObject(
        rejected,
      );
      await expect(async () => plex.edit(key, '1', [['title.value', 'X']])).rejects.toMatchObject(rejected);
      await expect(async () => plex.uploadImage(key, 'art', tinyPng(), 'image/png')).rejects.toMatchObject(
        rejected,
      );
      await expect(async () => plex.selectImage(key, 'art', 'upload://art/1')).rejects.toMatchObject(
        rejected,
      );
      await expect(async () => plex.images(key, 'art')).rejects.toMatchObject(rejected);
      await expect(async () => plex.items(['1', key])).rejects.toMatchObject(rejected);
      await expect(async () => plex.rowsByFile(key, 'x')).rejects.toMatchObject(rejected);
      await expect(async () => plex.scan(key, '/x')).rejects.toMatchObject(rejected);
      await expect(async () => plex.unrate(key)).rejects.toMatchObject(rejected);
      expect(double().log.count()).toBe(0);
    },
  );

  it('reads what holds raw control characters exactly, paths included (plex-http-api 9.13)', async () => {
    double().switches.rawControlCharacters = true;
    const file = '/data/clips/a\u0001\tb.mkv';
    const { ratingKey } = double().library.addItem(SECTION, {
      title: 'x\u0007',
      summary: 'l\u001f\nm',
      file,
    });
    const plex = connect();
    expect((await plex.items([ratingKey]))[0]).toMatchObject({
      summary: 'l\u001f\nm',
      files: [{ path: file }],
    });
    expect((await plex.rowsByFile(SECTION, 'b.mkv')).items[0]?.files[0]?.path).toBe(file);
    expect(await all(allRows(plex, SECTION))).toEqual([ratingKey]);
  });

  it('never has Plex look at files again because of a read (plex-http-api 9.4)', async () => {
    const keys = addItems(MAX_IDS + 1);
    const plex = connect();
    await plex.items(keys.slice(0, MAX_IDS));
    await plex.items(keys.slice(MAX_IDS));
    const reads = double().log.where(/^GET \/library\/metadata\//);
    expect(reads.map((request) => request.parameter('skipRefresh'))).toEqual(['1', '1']);
  });

  it('asks the file filter for one page more where Plex tells no total, and believes no empty answer then', async () => {
    addItems(30);
    double().switches.totals = false;
    const plex = connect();
    expect(await plex.rowsByFile(SECTION, '17.mkv')).toMatchObject({
      totalSize: 1,
      items: [{ title: 'No. 17' }],
    });
    expect(double().log.count()).toBe(2);
    expect(await plex.rowsByFile(SECTION, 'none.mkv')).toMatchObject({ totalSize: undefined, items: [] });
  });

  it('edits exactly one item, without a body', async () => {
    const [key = '', other = ''] = addItems(2);
    await connect().edit(SECTION, key, [
      ['title.value', 'A & B = C, 100 %'],
      ['genre[0].tag.tag', 'Sound, recorded'],
    ]);
    expect(double().library.item(key)).toMatchObject({
      title: 'A & B = C, 100 %',
      genres: ['Sound, recorded'],
    });
    expect(double().library.item(other)?.title).toBe('No. 1');
    expect(double().log.entries[0]).toMatchObject({ bodyLength: 0 });
    expect(double().violations).toEqual([]);
  });

  it.each(['poster', 'art'] as const)(
    'lists what a %s could be and selects what it holds by its content, which locks it (9.1)',
    async (artwork) => {
      const plex = connect();
      const [key = ''] = addItems(1);
      const [one, two] = [tinyJpeg('one'), tinyJpeg('two')];
      for (const bytes of [one, two, one]) await plex.uploadImage(key, artwork, bytes, 'image/jpeg');
      const uploads = async () => {
        const images = await plex.images(key, artwork);
        return images.filter(({ name }) => name.startsWith('upload:'));
      };
      expect(await uploads()).toEqual([
        { name: nameOf(artwork, one), isSelected: false },
        { name: nameOf(artwork, two), isSelected: true },
      ]);
      await plex.edit(SECTION, key, [[artwork === 'poster' ? 'thumb.locked' : 'art.locked', '0']]);
      await plex.selectImage(key, artwork, nameOf(artwork, one));
      expect((await uploads()).map(({ isSelected }) => isSelected)).toEqual([true, false]);
      expect(double().library.item(key)?.lockedFields).toEqual([artwork === 'poster' ? 'thumb' : 'art']);
      const unknown = plex.selectImage(key, artwork, nameOf(artwork, tinyJpeg('none')));
      await expect(unknown).rejects.toMatchObject({ kind: 'notFound', status: 404 });
      double().switches.unknownCandidate = 400;
      const rejected = plex.selectImage(key, artwork, nameOf(artwork, tinyJpeg('none')));
      await expect(rejected).rejects.toMatchObject({ kind: 'rejected', status: 400 });
    },
  );

  it('uploads and selects a picture of either kind', async () => {
    const plex = connect();
    const [key = ''] = addItems(1);
    await plex.uploadImage(key, 'poster', tinyJpeg('p'), 'image/jpeg');
    await plex.uploadImage(key, 'art', tinyPng(9), 'image/png');
    const selected = (list: readonly { selected: boolean; bytes: number }[] = []) =>
      list.filter((candidate) => candidate.selected).map(({ bytes }) => bytes);
    expect(selected(double().library.item(key)?.posters)).toEqual([tinyJpeg('p').length]);
    expect(selected(double().library.item(key)?.arts)).toEqual([tinyPng(9).length]);
    expect(double().log.entries.map(({ headers }) => headers['content-type'])).toEqual([
      'image/jpeg',
      'image/png',
    ]);
  });

  it('sets a rating by an edit and takes it away by its own request (W-35)', async () => {
    const plex = connect();
    const [key = ''] = addItems(1);
    await plex.edit(SECTION, key, [['userRating.value', '7.7']]);
    expect((await plex.items([key]))[0]?.userRating).toBeCloseTo(7.7);
    await plex.unrate(key);
    expect((await plex.items([key]))[0]?.userRating).toBeUndefined();
    expect(urls()[2]).toBe(`PUT /:/rate?key=${key}&identifier=com.plexapp.plugins.library&rating=-1`);
  });

  it('asks for a scan of one folder', async () => {
    await connect().scan(SECTION, '/data/more clips/ä & b');
    expect(double().library.scans).toMatchObject([{ path: '/data/more clips/ä & b' }]);
  });

  it('writes strictly one after another, and reads over the same connection', async () => {
    double().switches.latencyMs = 5;
    const plex = connect();
    const keys = addItems(10);
    await Promise.all([
      ...keys.map((key) => plex.edit(SECTION, key, [['title.value', `new ${key}`]])),
      ...keys.map((key) => plex.uploadImage(key, 'poster', tinyJpeg(key), 'image/jpeg')),
      ...keys.map((key) => plex.items([key])),
    ]);
    expect(double().log.peakWrites).toBe(1);
    expect(double().connections).toBe(1);
    expect(keys.every((key) => double().library.item(key)?.title === `new ${key}`)).toBe(true);
  });

  it('connects when it is first asked, and once (18.1)', async () => {
    const plex = connect();
    expect(double().connections).toBe(0);
    await plex.identity();
    await plex.sections();
    expect(double().connections).toBe(1);
    expect(double().log.count()).toBe(2);
  });

  it('keeps its connection over many requests, failed ones included', async () => {
    const plex = connect();
    const [key = ''] = addItems(1);
    double().faults.add({ nth: 3, times: 1, action: { kind: 'status', status: 500 } });
    for (let round = 0; round < 30; round += 1) await plex.items([key]).catch(() => {});
    expect(double().connections).toBe(1);
  });

  it('does not trip over kept sockets that Plex has just closed', async () => {
    Object.assign(double().switches, { keepAliveTimeoutMs: 1, keepAliveHintSecs: 20 });
    const plex = connect();
    const [key = ''] = addItems(1);
    for (let round = 0; round < 40; round += 1) {
      await plex.edit(SECTION, key, [['title.value', `round ${round}`]]);
      // Gives the other side's time-out a chance to fall anywhere.
      for (let tick = 0; tick < round * 5; tick += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(double().library.item(key)?.title).toBe('round 39');
    expect(double().violations).toEqual([]);
  });

  it('comes back over a new connection after an outage', async () => {
    const plex = connect();
    await plex.identity();
    await double().stop();
    await expect(plex.sections()).rejects.toMatchObject({ name: 'PlexError', kind: 'unavailable' });
    await double().start();
    expect(await plex.sections()).toHaveLength(1);
  });

  it('answers who the server is without a token', async () => {
    expect(await connect({ token: 'not-the-right-token' }).identity()).toBe(
      double().library.machineIdentifier,
    );
  });

  it('gives up a probe after the time it was given', async () => {
    double().faults.add({ action: { kind: 'delay', ms: 20_000 } });
    await expect(connect().identity(50)).rejects.toMatchObject({ name: 'PlexError', kind: 'unavailable' });
  });

  it.each([
    ['an item', (plex: PlexClient, key: string) => plex.edit(SECTION, key, [['title.value', 'X']])],
    [
      'a picture',
      (plex: PlexClient, key: string) => plex.uploadImage(key, 'poster', tinyJpeg(), 'image/jpeg'),
    ],
  ])("says that a token which is not the owner's may not change %s (ERR-5)", async (_, write) => {
    const plex = connect({ token: double().userToken });
    const [key = ''] = addItems(1);
    expect(await plex.items([key])).toHaveLength(1);
    await expect(write(plex, key)).rejects.toMatchObject({ kind: 'unauthorized', status: 403 });
  });

  it('says that a gone item or section is not found (ERR-5)', async () => {
    double().switches.unknownIdStatus = 404;
    const plex = connect();
    await expect(plex.edit(SECTION, '999', [['title.value', 'X']])).rejects.toMatchObject({
      kind: 'notFound',
      status: 404,
    });
    await expect(plex.rowsByFile('77', 'x.mkv')).rejects.toMatchObject({ kind: 'notFound' });
  });
});
