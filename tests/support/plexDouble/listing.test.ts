import { describe, expect, it } from 'vitest';
import { getContainer, getRows, listOf, pluck, send } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();
const ALL = '/library/sections/4/all?type=1';

function addItems(count: number): void {
  for (let number = 1; number <= count; number += 1) {
    double().library.addItem('4', {
      title: `Clip ${number}`,
      file: `/data/clips/${number}.mkv`,
      addedAt: number,
    });
  }
}

function page(start: number, size: number): { headers: Record<string, string> } {
  return { headers: { 'X-Plex-Container-Start': String(start), 'X-Plex-Container-Size': String(size) } };
}

describe('paging', () => {
  it('hands out pages, by header or parameter, and says so in body and headers (PD-4)', async () => {
    addItems(5);
    const answer = await send(double(), 'GET', `${ALL}&sort=addedAt:asc`, page(2, 2));
    expect(answer.headers['x-plex-container-start']).toBe('2');
    expect(answer.headers['x-plex-container-total-size']).toBe('5');
    const query = `${ALL}&sort=addedAt:desc&X-Plex-Container-Start=0&X-Plex-Container-Size=2`;
    const container = await getContainer(double(), query);
    expect(container).toMatchObject({ size: 2, totalSize: 5, offset: 0 });
    expect(pluck(container['Metadata'], 'title')).toEqual(['Clip 5', 'Clip 4']);
  });

  it('gives everything, without totals, unless both options come (PD-4)', async () => {
    addItems(3);
    for (const headers of [{}, { 'X-Plex-Container-Size': '1' }, { 'X-Plex-Container-Start': '1' }]) {
      const answer = await send(double(), 'GET', ALL, { headers });
      expect(answer.headers['x-plex-container-total-size']).toBeUndefined();
      const { MediaContainer } = JSON.parse(answer.text);
      expect(MediaContainer.Metadata).toHaveLength(3);
      expect(MediaContainer).not.toHaveProperty('totalSize');
      expect(MediaContainer).not.toHaveProperty('offset');
    }
    expect(double().violations).toEqual([
      'GET /library/sections/4/all has X-Plex-Container-Size without X-Plex-Container-Start',
      'GET /library/sections/4/all has X-Plex-Container-Start without X-Plex-Container-Size',
    ]);
  });

  it('gives the total only for size 0, an empty page past the end, and less than asked when capped (PD-4)', async () => {
    addItems(3);
    const empty = await getContainer(double(), ALL, page(0, 0));
    expect(empty).toMatchObject({ size: 0, totalSize: 3 });
    expect(empty).not.toHaveProperty('Metadata');
    expect(await getContainer(double(), ALL, page(9, 5))).toMatchObject({ size: 0, totalSize: 3, offset: 9 });
    double().switches.maxPageSize = 2;
    expect(await getContainer(double(), ALL, page(0, 100))).toMatchObject({ size: 2, totalSize: 3 });
  });

  it('keeps its order right when a field it sorts by changes (PD-4)', async () => {
    addItems(2);
    const titles = async () => pluck(await getRows(double(), `${ALL}&sort=titleSort:asc`), 'title');
    expect(await titles()).toEqual(['Clip 1', 'Clip 2']);
    await send(double(), 'PUT', `${ALL}&id=801&title.value=Zebra&titleSort.value=`);
    expect(await titles()).toEqual(['Clip 2', 'Zebra']);
    double().library.addItem('4', { title: 'The Aardvark', file: '/data/clips/a.mkv' });
    expect(await titles()).toEqual(['The Aardvark', 'Clip 2', 'Zebra']);
  });
});

describe('a server with pages of its own', () => {
  it('tells no totals, in body and header, when the switch is off (PD-9.6)', async () => {
    addItems(3);
    double().switches.totals = false;
    for (const path of [ALL, '/library/metadata/801,802,803', '/library/metadata/801/posters']) {
      const answer = await send(double(), 'GET', path, page(0, 2));
      expect(answer.headers['x-plex-container-start']).toBe('0');
      expect(answer.headers).not.toHaveProperty('x-plex-container-total-size');
      const { MediaContainer } = JSON.parse(answer.text);
      expect(MediaContainer).toMatchObject({ offset: 0 });
      expect(MediaContainer).not.toHaveProperty('totalSize');
    }
    expect(await getRows(double(), ALL, page(2, 2))).toHaveLength(1);
    const counted = await getContainer(double(), ALL, page(0, 0));
    expect(counted).toMatchObject({ size: 0 });
    expect(counted).not.toHaveProperty('totalSize');
  });

  it('pages although no page was asked for, when the switch is on (PD-9.6)', async () => {
    addItems(5);
    double().switches.maxPageSize = 2;
    expect(await getRows(double(), ALL)).toHaveLength(5);
    double().switches.pagesByItself = true;
    const answer = await send(double(), 'GET', `${ALL}&sort=addedAt`);
    expect(answer.headers).toMatchObject({
      'x-plex-container-start': '0',
      'x-plex-container-total-size': '5',
    });
    const { MediaContainer } = JSON.parse(answer.text);
    expect(MediaContainer).toMatchObject({ size: 2, offset: 0, totalSize: 5 });
    expect(pluck(MediaContainer.Metadata, 'title')).toEqual(['Clip 1', 'Clip 2']);
    expect(await getRows(double(), ALL, page(2, 100))).toHaveLength(2);
    expect(await getRows(double(), '/library/metadata/801,802,803')).toHaveLength(2);
    double().switches.totals = false;
    const bare = await getContainer(double(), ALL);
    expect(bare).toMatchObject({ size: 2, offset: 0 });
    expect(bare).not.toHaveProperty('totalSize');
  });
});

describe('sections', () => {
  it('have string keys, locations and possibly the same title (PD-5)', async () => {
    double().library.addSection({ title: 'Clips', agent: 'tv.plex.agents.movie', locations: ['C:\\clips'] });
    const sections = listOf((await getContainer(double(), '/library/sections'))['Directory']);
    expect(sections).toMatchObject([
      {
        key: '4',
        title: 'Clips',
        type: 'movie',
        agent: 'com.plexapp.agents.none',
        language: 'xn',
        Location: [
          { id: 1, path: '/data/clips' },
          { id: 2, path: '/data/more clips' },
        ],
      },
      { key: '5', title: 'Clips', scanner: 'Plex Movie', Location: [{ id: 3, path: 'C:\\clips' }] },
    ]);
    expect(await getContainer(double(), '/library/sections/')).toMatchObject({ size: 2 });
  });

  it('with the new name of the none agent hold other videos, and name their provider group (PD-9.11)', async () => {
    double().library.addSection({ title: 'New', agent: 'tv.plex.agents.none' });
    const sections = listOf((await getContainer(double(), '/library/sections'))['Directory']);
    expect(pluck(sections, 'metadataAgentProviderGroupId')).toEqual([1, 1]);
    expect(sections[1]).toMatchObject({ agent: 'tv.plex.agents.none', language: 'xn', type: 'movie' });
    double().library.addItem('5', { title: 'A', file: '/new/a.mkv' });
    const [row] = await getRows(double(), '/library/sections/5/all?type=1');
    expect(row).toMatchObject({ guid: 'tv.plex.agents.none://801', subtype: 'clip' });
  });

  it('lie below /library (PD-9.13)', async () => {
    for (const path of ['/library', '/library/']) {
      expect(pluck((await getContainer(double(), path))['Directory'], 'key')).toEqual(['sections']);
    }
    expect((await send(double(), 'PUT', '/library')).status).toBe(405);
  });

  it('report refreshing when told to (PD-5)', async () => {
    const refreshing = async () =>
      pluck((await getContainer(double(), '/library/sections'))['Directory'], 'refreshing');
    expect(await refreshing()).toEqual([false]);
    for (const section of double().library.sections()) section.refreshing = true;
    expect(await refreshing()).toEqual([true]);
  });

  it('that do not exist are a 404, that are no number a 500 (PD-10)', async () => {
    for (const method of ['GET', 'PUT']) {
      expect((await send(double(), method, '/library/sections/9/all?type=1&id=1')).status).toBe(404);
      expect((await send(double(), method, '/library/sections/None/all?type=1&id=1')).status).toBe(500);
    }
  });
});

describe('list rows', () => {
  const five = ['One', 'Two', 'Three', 'Four', 'Five'];

  it('are cut to two genres, collections, directors, writers and countries and three roles (PD-6)', async () => {
    double().library.addItem('4', {
      title: 'Rich',
      file: '/data/clips/rich.mkv',
      genres: five,
      collections: five,
      directors: five,
      writers: five,
      countries: five,
      roles: five.map((tag) => ({ tag, role: 'Somebody', thumb: 'https://images.example/a.jpg' })),
      labels: five,
      locked: ['title'],
      guids: ['imdb://tt0000001'],
    });
    const [row = {}] = await getRows(double(), ALL);
    for (const element of ['Genre', 'Collection', 'Director', 'Writer', 'Country']) {
      expect(row[element]).toEqual([{ tag: 'One' }, { tag: 'Two' }]);
    }
    expect(row['Role']).toEqual([{ tag: 'One' }, { tag: 'Two' }, { tag: 'Three' }]);
    for (const element of ['Label', 'Field', 'Guid', 'librarySectionID', 'librarySectionTitle']) {
      expect(row).not.toHaveProperty(element);
    }
    expect(await getContainer(double(), ALL)).toMatchObject({
      librarySectionID: 4,
      librarySectionTitle: 'Clips',
    });
    const [withGuids = {}] = await getRows(double(), `${ALL}&includeGuids=1`);
    expect(withGuids['Guid']).toEqual([{ id: 'imdb://tt0000001' }]);
  });

  it('carry identity, scalars and all files, strings and numbers as Plex mixes them (PD-6)', async () => {
    double().library.addItem('4', {
      title: 'Two versions',
      files: ['/data/clips/a.mkv', '/data/clips/b.mp4'],
      parts: [['/data/clips/c1.avi', '/data/clips/c2.avi']],
      originallyAvailableAt: '2021-05-04',
      userRating: 8,
    });
    const [row = {}] = await getRows(double(), ALL);
    expect(row).toMatchObject({ ratingKey: '801', subtype: 'clip', summary: '', year: 2021, userRating: 8 });
    const files = listOf(row['Media']).flatMap((version) => pluck(version['Part'], 'file'));
    expect(files).toEqual([
      '/data/clips/a.mkv',
      '/data/clips/b.mp4',
      '/data/clips/c1.avi',
      '/data/clips/c2.avi',
    ]);
    expect(row['guid']).toMatch(/^com\.plexapp\.agents\.none:\/\/[0-9a-f]{40}\?lang=xn$/);
  });

  it('leave out what the request does not want (PD-6)', async () => {
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv', genres: ['One'] });
    const [row = {}] = await getRows(double(), `${ALL}&excludeElements=Genre,Image&excludeFields=summary`);
    for (const name of ['Genre', 'Image', 'summary']) expect(row).not.toHaveProperty(name);
    expect(row).toHaveProperty('Media');
  });
});
