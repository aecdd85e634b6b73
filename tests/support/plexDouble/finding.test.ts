import { describe, expect, it } from 'vitest';
import { getContainer, getRows, listOf, pluck, send, until } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();
const ALL = '/library/sections/4/all';

async function titles(query: string): Promise<unknown[]> {
  return pluck(await getRows(double(), `${ALL}?${query}`), 'title');
}

describe('file filter', () => {
  it('finds by base name, by part of a path, and nothing (PD-7)', async () => {
    double().library.addItem('4', { title: 'Morning', file: '/data/clips/2021/Morning.mkv' });
    double().library.addItem('4', { title: 'Evening', file: '/data/clips/2022/Evening.mkv' });
    expect(await titles('type=1&file=Morning.mkv')).toEqual(['Morning']);
    expect(await titles('type=1&file=ning.mkv')).toEqual(['Morning', 'Evening']);
    expect(await titles('type=1&file=%2Fdata%2Fclips%2F2022%2FEvening.mkv')).toEqual(['Evening']);
    const paging = { headers: { 'X-Plex-Container-Start': '0', 'X-Plex-Container-Size': '9' } };
    const miss = await getContainer(double(), `${ALL}?type=1&file=Noon.mkv`, paging);
    expect(miss).toMatchObject({ size: 0, totalSize: 0 });
  });

  it('is a 500 without a type and finds nothing under a foreign one (PD-7)', async () => {
    double().library.addItem('4', { title: 'Morning', file: '/data/clips/Morning.mkv' });
    expect((await send(double(), 'GET', `${ALL}?file=Morning.mkv`)).status).toBe(500);
    expect(await titles('type=4&file=Morning.mkv')).toEqual([]);
    expect(await titles('type=77')).toEqual([]);
  });

  it('returns everything when the switch says it is ignored (PD-7)', async () => {
    double().library.addItem('4', { title: 'Morning', file: '/data/clips/Morning.mkv' });
    double().library.addItem('4', { title: 'Evening', file: '/data/clips/Evening.mkv' });
    double().switches.ignoreFileFilter = true;
    expect(await titles('type=1&file=Noon.mkv')).toEqual(['Evening', 'Morning']);
  });

  it('knows every reading of the value: substring, equality, comma as OR (PD-7)', async () => {
    double().library.addItem('4', { title: 'Short', file: '/data/clips/a,b.mkv' });
    double().library.addItem('4', { title: 'Long', file: '/data/clips/da,b.mkv' });
    expect(await titles('type=1&file=a%2Cb.mkv')).toEqual(['Short']);
    double().switches.fileMatch = 'substring';
    expect(await titles('type=1&file=a%2Cb.mkv')).toEqual(['Short', 'Long']);
    double().switches.fileMatch = 'equality';
    expect(await titles('type=1&file=a%2Cb')).toEqual([]);
    double().switches.fileCommaIsOr = true;
    expect(await titles('type=1&file=a%2Cb.mkv')).toEqual([]);
  });

  it('finds awkward names: every version and part, Windows paths, one file twice (PD-7)', async () => {
    const names = ['100%.mkv', 'a+b.mkv', '#1 & co.mkv', "it's, so.mkv", '😀.mkv', 'cafe\u0301.mkv'];
    for (const name of names) double().library.addItem('4', { title: name, file: `D:\\clips\\${name}` });
    for (const name of names) {
      expect(await titles(`type=1&file=${encodeURIComponent(name)}`)).toEqual([name]);
      expect(double().library.itemByFile(`D:\\clips\\${name}`)?.title).toBe(name);
    }
    // NFC is another name than NFD to the server.
    expect(await titles(`type=1&file=${encodeURIComponent('caf\u00e9.mkv')}`)).toEqual([]);
    double().library.addItem('4', {
      title: 'One',
      files: ['/data/clips/x.mkv'],
      parts: [['/data/clips/y1', '/data/clips/y2']],
    });
    double().library.addItem('4', { title: 'Other', file: '/data/clips/x.mkv' });
    expect(await titles('type=1&file=x.mkv')).toEqual(['One', 'Other']);
    expect(await titles('type=1&file=y2')).toEqual(['One']);
  });

  it('looks in its own section only (PD-7)', async () => {
    double().library.addSection({ key: '5', title: 'Other' });
    double().library.addItem('5', { title: 'There', file: '/other/x.mkv' });
    expect(await titles('type=1&file=x.mkv')).toEqual([]);
  });
});

describe('filters', () => {
  it('return everything for a name they do not know (PD-8)', async () => {
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv', addedAt: 100 });
    double().library.addItem('4', { title: 'B', file: '/data/clips/b.mkv', addedAt: 200 });
    expect(await titles('type=1&firstCharacter=B')).toEqual(['A', 'B']);
    expect(await titles('type=1&Title=B')).toEqual(['A', 'B']);
    expect(await titles('type=1&addedAt%3E%3E%3D=150')).toEqual(['A', 'B']);
    expect(await titles('type=1&addedAt%3E%3E=150')).toEqual(['B']);
    expect(await titles('type=1&addedAt>>=150')).toEqual(['B']);
    expect(await titles('type=1&addedAt%3C%3C=150')).toEqual(['A']);
    expect(await titles('type=1&addedAt%3E%3E=-30d')).toEqual([]);
  });

  it('take title= as some word begins with, a comma as OR, title== as exact (PD-8)', async () => {
    for (const title of ['Spider-Man', 'The Blue Spider', 'Blueprint, part 2']) {
      double().library.addItem('4', { title, file: `/data/clips/${title}.mkv` });
    }
    expect(await titles('type=1&title=spider')).toEqual(['The Blue Spider', 'Spider-Man']);
    expect(await titles('type=1&title=Spider%20Man')).toEqual([]);
    expect(await titles('type=1&title=pider')).toEqual([]);
    expect(await titles('type=1&title=Blueprint%2C%20part%202')).toEqual(['Blueprint, part 2']);
    expect(await titles('type=1&title=Blueprint,The')).toEqual(['The Blue Spider', 'Blueprint, part 2']);
    expect(await titles('type=1&title=Nothing%2C')).toHaveLength(3);
    expect(await titles('type=1&title%3D=Spider-Man')).toEqual(['Spider-Man']);
    expect(await titles('type=1&title==Spider-Man')).toEqual(['Spider-Man']);
    expect(await titles('type=1&title%3D=Spider')).toEqual([]);
  });

  it('know tags, years and ratings (PD-8)', async () => {
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv', genres: ['Nature'], year: 2001 });
    double().library.addItem('4', { title: 'B', file: '/data/clips/b.mkv', userRating: 8 });
    const [detail = {}] = await getRows(double(), '/library/metadata/801');
    expect(await titles(`type=1&genre=${pluck(detail['Genre'], 'id')[0]}`)).toEqual(['A']);
    expect(await titles('type=1&genre!=nature')).toEqual(['B']);
    expect(await titles('type=1&year=2001')).toEqual(['A']);
    expect(await titles('type=1&userRating=8')).toEqual(['B']);
  });
});

describe('filters that are known to do nothing', () => {
  it('are year>> and lastViewedAt with any operator, while their sorts are honoured (PD-9.12)', async () => {
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv', year: 2001, lastViewedAt: 300 });
    double().library.addItem('4', { title: 'B', file: '/data/clips/b.mkv', year: 1990, lastViewedAt: 100 });
    for (const filter of ['year%3E%3E=2000', 'lastViewedAt%3E%3E=200', 'lastViewedAt%3E=200']) {
      expect(await titles(`type=1&${filter}`)).toEqual(['A', 'B']);
    }
    expect(await titles('type=1&sort=lastViewedAt')).toEqual(['B', 'A']);
    expect(await titles('type=1&sort=year:desc')).toEqual(['A', 'B']);
  });
});

describe('detail', () => {
  it('takes comma ids, leaves missing ones out, is a 404 only when none exists (PD-9)', async () => {
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv' });
    double().library.addItem('4', { title: 'B', file: '/data/clips/b.mkv' });
    expect(pluck(await getRows(double(), '/library/metadata/802,999,801'), 'ratingKey')).toEqual([
      '801',
      '802',
    ]);
    expect(await getRows(double(), '/library/metadata/802%2C801')).toHaveLength(2);
    const missing = await send(double(), 'GET', '/library/metadata/998,999');
    expect(missing.status).toBe(404);
    expect(missing.headers['content-type']).toBe('text/html');
  });

  it('is complete, and leaves out what is empty but the summary (PD-9)', async () => {
    double().library.addItem('4', { title: 'Bare', file: '/data/clips/a.mkv', thumb: '', art: '' });
    const genres = ['One', 'Two', 'Three'];
    double().library.addItem('4', {
      title: 'Rich',
      file: '/data/clips/b.mkv',
      genres,
      labels: ['Synced'],
      roles: [{ tag: 'A. Person', role: 'The walker', thumb: 'https://images.example/a.jpg' }],
      locked: ['title', 'genre'],
    });
    const [bare = {}, rich = {}] = await getRows(double(), '/library/metadata/801,802');
    for (const name of ['Field', 'Genre', 'Role', 'Label', 'studio', 'thumb', 'Guid']) {
      expect(bare).not.toHaveProperty(name);
    }
    expect(bare['summary']).toBe('');
    expect(bare).toMatchObject({ librarySectionID: 4, librarySectionKey: '/library/sections/4' });
    expect(pluck(rich['Genre'], 'tag')).toEqual(genres);
    expect(rich['Role']).toEqual([
      {
        id: expect.any(Number),
        filter: expect.stringMatching(/^actor=\d+$/),
        tag: 'A. Person',
        role: 'The walker',
        thumb: 'https://images.example/a.jpg',
      },
    ]);
    expect(rich['Field']).toEqual([
      { locked: true, name: 'title' },
      { locked: true, name: 'genre' },
    ]);
  });

  it('read without skipRefresh=1 is recorded as a refresh, and may take time per item (PD-9.4)', async () => {
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv' });
    double().library.addItem('4', { title: 'B', file: '/data/clips/b.mkv' });
    await getRows(double(), '/library/metadata/801,802?skipRefresh=1');
    await getRows(double(), `${ALL}?type=1`);
    await getRows(double(), '/library/metadata/801/posters');
    expect(double().library.refreshedReads).toEqual([]);
    await getRows(double(), '/library/metadata/801,999,802');
    await getRows(double(), '/library/metadata/802?skipRefresh=0');
    expect(double().library.refreshedReads).toEqual([['801', '802'], ['802']]);
    double().switches.localRefreshLatencyMs = 60_000;
    const slow = getRows(double(), '/library/metadata/801,802');
    await until(() => double().log.entries.length === 6);
    await getRows(double(), '/library/metadata/801,802?skipRefresh=1');
    expect(double().library.refreshedReads).toHaveLength(2);
    double().advance(120_000);
    expect(await slow).toHaveLength(2);
    expect(double().library.refreshedReads).toHaveLength(3);
  });

  it('holds at most 200 roles (PD-9.10)', async () => {
    const roles = Array.from({ length: 205 }, (_, index) => `Person ${index}`);
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv', roles, genres: roles });
    const [detail = {}] = await getRows(double(), '/library/metadata/801');
    expect(pluck(detail['Role'], 'tag')).toEqual(roles.slice(0, 200));
    expect(listOf(detail['Genre'])).toHaveLength(205);
    expect(double().library.item('801')?.roles).toHaveLength(205);
  });
});
