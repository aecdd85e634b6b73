import { describe, expect, it } from 'vitest';
import { getContainer, pluck, send } from './testClient.ts';
import { tinyJpeg } from './tinyImage.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble({ switches: { scanDurationMs: 60_000 } });
const REFRESH = '/library/sections/4/refresh';

const refreshing = async () =>
  pluck((await getContainer(double(), '/library/sections'))['Directory'], 'refreshing');
const titles = () => [...double().library.items()].map(({ title }) => title);

describe('a scan', () => {
  it('answers nothing, by GET and POST, reports itself for a while and is recorded (PD-22)', async () => {
    const answer = await send(
      double(),
      'GET',
      `${REFRESH}?path=${encodeURIComponent('/data/more clips/a&b')}`,
    );
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html', 'content-length': '0' });
    await send(double(), 'POST', REFRESH);
    expect(await refreshing()).toEqual([true]);
    expect(double().library.scans).toMatchObject([
      { sectionKey: '4', path: '/data/more clips/a&b' },
      { sectionKey: '4', path: undefined },
    ]);
    double().advance(60_000);
    expect(await refreshing()).toEqual([false]);
  });

  it('brings prepared items in after their delay, if it covers their folder (PD-22)', async () => {
    double().library.prepareItem(
      '4',
      { title: 'New', file: '/data/clips/2021/new.mkv' },
      { delayMs: 90_000 },
    );
    double().library.prepareItem('4', { title: 'Other', file: '/data/more clips/x.mkv' }, {});
    double().library.prepareItem(
      '4',
      { title: 'Named', file: '/data/clips/n.mkv' },
      { scanOf: '/data/more clips' },
    );
    await send(double(), 'GET', `${REFRESH}?path=/data/clips/2021/`);
    double().advance(60_000);
    expect(titles()).toEqual([]);
    double().advance(30_000);
    expect(titles()).toEqual(['New']);
    await send(double(), 'GET', `${REFRESH}?path=/data/more%20clips`);
    double().advance(60_000);
    expect(titles()).toEqual(['New', 'Other', 'Named']);
    await send(double(), 'GET', REFRESH);
    double().advance(60_000);
    expect(titles()).toHaveLength(3);
  });

  it('is taken by POST where GET is refused, folder and all (PD-9.12)', async () => {
    double().library.prepareItem('4', { title: 'New', file: '/data/clips/2021/new.mkv' }, { delayMs: 0 });
    const scan = `${REFRESH}?path=/data/clips/2021`;
    double().faults.add({ match: `GET ${REFRESH}`, action: { kind: 'status', status: 405 } });
    expect((await send(double(), 'GET', scan)).status).toBe(405);
    expect(double().library.scans).toEqual([]);
    expect(await send(double(), 'POST', scan)).toMatchObject({ status: 200, text: '' });
    expect(double().library.scans).toMatchObject([{ sectionKey: '4', path: '/data/clips/2021' }]);
    expect(titles()).toEqual(['New']);
  });

  it('of a foreign folder does nothing, of an unknown section is a 404 (PD-22)', async () => {
    double().library.prepareItem('4', { title: 'New', file: '/data/clips/new.mkv' }, { delayMs: 0 });
    expect((await send(double(), 'GET', `${REFRESH}?path=/data/clips2`)).status).toBe(200);
    expect(await refreshing()).toEqual([false]);
    expect(titles()).toEqual([]);
    expect((await send(double(), 'GET', '/library/sections/9/refresh')).status).toBe(404);
  });

  it('can be called off, and with force=1 is a violation (PD-22)', async () => {
    double().library.prepareItem('4', { title: 'New', file: '/data/clips/new.mkv' }, {});
    await send(double(), 'GET', `${REFRESH}?force=1`);
    expect(double().violations).toEqual([`GET ${REFRESH} with force=1`]);
    await send(double(), 'DELETE', REFRESH);
    expect(await refreshing()).toEqual([false]);
    double().advance(60_000);
    expect(titles()).toEqual([]);
  });
});

describe('an agent refresh', () => {
  const edit = (query: string) => send(double(), 'PUT', `/library/sections/4/all?type=1&id=801&${query}`);
  const scanned = {
    title: 'File name',
    file: '/data/clips/1.mkv',
    studio: 'Scanned',
    genres: ['Scanned'],
    collections: ['Scanned'],
  };

  it('takes every unlocked field, tag and picture back to the scanner (PD-25)', async () => {
    double().library.addItem('4', scanned);
    await edit(
      'title.value=T&summary.value=S&studio.value=&genre[].tag=&genre[0].tag.tag=G&userRating.value=7',
    );
    await edit('collection[].tag.tag-=Scanned&actor[0].tag.tag=Ann');
    await send(double(), 'POST', '/library/metadata/801/posters', { body: tinyJpeg('x') });
    await edit('thumb.locked=0');
    double().library.agentRefresh('801');
    expect(double().library.item('801')).toMatchObject({
      title: 'File name',
      summary: '',
      studio: 'Scanned',
      genres: ['Scanned'],
      collections: ['Scanned'],
      roles: [],
      userRating: 7,
      posters: [{ selected: true }, { selected: false }],
    });
  });

  it('leaves what is locked alone, also when asked for over HTTP (PD-25)', async () => {
    double().library.addItem('4', scanned);
    await edit('title.value=T&title.locked=1&studio.value=&studio.locked=1&summary.value=S');
    await edit(
      'genre[].tag.tag-=Scanned&genre[0].tag.tag=G&genre.locked=1&actor[0].tag.tag=Ann&actor.locked=1',
    );
    await send(double(), 'POST', '/library/metadata/801/posters', { body: tinyJpeg('x') });
    expect((await send(double(), 'PUT', '/library/metadata/801/refresh')).status).toBe(200);
    expect(double().library.item('801')).toMatchObject({
      title: 'T',
      studio: undefined,
      summary: '',
      genres: ['G'],
      roles: [{ tag: 'Ann' }],
      posters: [{ selected: false }, { selected: true }],
    });
  });
});

describe('the library', () => {
  it('has an item found again under another key, bare; and another server at the address (PD-25)', async () => {
    double().library.addItem('4', {
      title: 'File name',
      file: '/data/clips/1.mkv',
      locked: ['title'],
      userRating: 3,
    });
    await send(double(), 'PUT', '/library/sections/4/all?type=1&id=801&title.value=T&genre[0].tag.tag=G');
    const again = double().library.reissue('801');
    expect(again).toMatchObject({ title: 'File name', genres: [], lockedFields: [], userRating: undefined });
    expect(again.ratingKey).not.toBe('801');
    expect(double().library.item('801')).toBeUndefined();
    expect(double().library.itemByFile('/data/clips/1.mkv')?.ratingKey).toBe(again.ratingKey);
    double().library.removeItem(again.ratingKey);
    expect(titles()).toEqual([]);
    expect(() => double().library.removeItem('801')).toThrow('There is no item 801.');
    double().library.machineIdentifier = 'another';
    expect(await getContainer(double(), '/identity')).toMatchObject({ machineIdentifier: 'another' });
  });
});
