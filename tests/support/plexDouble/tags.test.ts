import { describe, expect, it } from 'vitest';
import { getRows, listOf, pluck, send } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();

async function edit(query: string, ratingKey = '801'): Promise<number> {
  return (await send(double(), 'PUT', `/library/sections/4/all?type=1&id=${ratingKey}&${query}`)).status;
}

/** A removal value as the specification has it: each name encoded, then the query's own encoding. */
function removal(...names: string[]): string {
  return encodeURIComponent(names.map(encodeURIComponent).join(','));
}

function addOne(genres: string[] = []): void {
  double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', genres });
}

const genres = () => double().library.item('801')?.genres;

describe('tags', () => {
  it('are added behind what is there, in index order, without duplicates ignoring case (PD-12)', async () => {
    addOne(['Nature']);
    await edit(
      'genre%5B1%5D.tag.tag=Short&genre[0].tag.tag=NATURE&genre[10].tag.tag=Last&genre[2].tag.tag=A%2C%20B',
    );
    expect(genres()).toEqual(['Nature', 'Short', 'A, B', 'Last']);
  });

  it('of the kinds label and collection begin with a capital when new (PD-12)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', labels: ['known'] });
    await edit(
      'label[0].tag.tag=test&collection[0].tag.tag=%C3%A9lan%20vital&genre[0].tag.tag=noir&label[1].tag.tag=Known',
    );
    const { labels, collections } = double().library.item('801') ?? {};
    expect(labels).toEqual(['known', 'Test']);
    expect(collections).toEqual(['Élan vital']);
    expect(genres()).toEqual(['noir']);
  });

  it('are removed by one joined, doubly encoded parameter, ignoring case (PD-12)', async () => {
    const awkward = ['A, B', 'C&D', '100%', 'a+b', '#1', "it's", '😀', 'x/y=z', 'Stays'];
    addOne(awkward);
    await edit(`genre%5B%5D.tag.tag-=${removal(...awkward.slice(0, -1), 'not there')}`);
    expect(genres()).toEqual(['Stays']);
    await edit(`genre%5B%5D.tag.tag-=${removal('sTAYS')}`);
    expect(genres()).toEqual([]);
  });

  it('encoded only once are split at their commas (PD-12)', async () => {
    addOne(['A, B', 'A', 'Plain']);
    await edit(`genre[].tag.tag-=${encodeURIComponent('A, B')}&genre[9].tag.tag=New`);
    expect(genres()).toEqual(['A, B', 'Plain', 'New']);
    await edit('genre[].tag.tag-=Plain,New');
    expect(genres()).toEqual(['A, B']);
  });

  it('of repeated removals only the last counts (PD-12)', async () => {
    addOne(['A', 'B', 'C']);
    await edit('genre[].tag.tag-=A&genre[].tag.tag-=B');
    expect(genres()).toEqual(['A', 'C']);
  });

  it('are cleared before, and removed after additions, whatever the order in the query (PD-12)', async () => {
    addOne(['A', 'B']);
    await edit('genre[].tag.tag-=C&genre[0].tag.tag=C&genre[1].tag.tag=D');
    expect(genres()).toEqual(['A', 'B', 'D']);
    await edit('genre[0].tag.tag=E&genre[].tag=');
    expect(genres()).toEqual(['E']);
  });

  it('ignore forms that only look right (PD-12)', async () => {
    addOne(['A']);
    const query =
      'actor[0].tag=X&genre[0].tag=X&genre[0].tag.tag=&genre[].tag.tag=X&genre=X&nosuch[0].tag.tag=X';
    expect(await edit(`${query}&genre.locked=1&genre[].tag.tag-=`)).toBe(200);
    expect(double().library.item('801')).toMatchObject({ genres: ['A'], roles: [], lockedFields: ['genre'] });
  });

  it('replace the list when the switch says so (PD-13)', async () => {
    addOne(['A', 'B']);
    double().switches.tagMode = 'replace';
    await edit('genre[0].tag.tag=C&genre[1].tag.tag=a&genre[].tag.tag-=B');
    expect(genres()).toEqual(['C', 'A']);
    await edit('genre[].tag.tag-=C');
    expect(genres()).toEqual(['A']);
    await edit('label[0].tag.tag=X');
    expect(genres()).toEqual(['A']);
  });

  it('share one id per kind and name, over items and sections, ignoring case (PD-15)', async () => {
    double().library.addSection({ key: '5', title: 'Other' });
    double().library.addItem('4', {
      title: 'A',
      file: '/data/clips/a',
      genres: ['Nature'],
      labels: ['Nature'],
    });
    double().library.addItem('5', { title: 'B', file: '/other/b', genres: ['Nature'] });
    double().library.addItem('4', { title: 'C', file: '/data/clips/c' });
    await edit('genre[0].tag.tag=nature', '803');
    const details = await getRows(double(), '/library/metadata/801,802,803');
    const ids = details.flatMap((detail) => pluck(detail['Genre'], 'id'));
    expect(new Set(ids).size).toBe(1);
    expect(details.flatMap((detail) => pluck(detail['Genre'], 'tag'))).toEqual([
      'Nature',
      'Nature',
      'Nature',
    ]);
    expect(pluck(details[0]?.['Label'], 'id')[0]).not.toBe(ids[0]);
    expect(pluck(details[0]?.['Genre'], 'filter')).toEqual([`genre=${ids[0]}`]);
  });
});

describe('actors', () => {
  it('are edited as actor, with a role each and a picture on the shared tag (PD-14)', async () => {
    double().library.addItem('4', {
      title: 'A',
      file: '/data/clips/a',
      roles: [{ tag: 'Ann', role: 'Old' }],
    });
    double().library.addItem('4', { title: 'B', file: '/data/clips/b', roles: ['Ann'] });
    const thumb = 'https://images.example/ann.jpg';
    await edit(
      `actor[0].tag.tag=Ann&actor[0].tagging.text=The%20walker&actor[0].tag.thumb=${encodeURIComponent(thumb)}` +
        '&actor[1].tag.tag=Bob&actor.locked=1',
    );
    const { roles, lockedFields } = double().library.item('801') ?? {};
    expect(roles).toEqual([{ tag: 'Ann', role: 'The walker', thumb }, { tag: 'Bob' }]);
    expect(lockedFields).toEqual(['actor']);
    expect(double().library.item('802')?.roles).toEqual([{ tag: 'Ann', thumb }]);
    const [detail = {}] = await getRows(double(), '/library/metadata/801');
    expect(listOf(detail['Role'])).toMatchObject([{ tag: 'Ann', role: 'The walker', thumb }, { tag: 'Bob' }]);
    await edit(`actor[].tag.tag-=${removal('ann')}`);
    expect(double().library.item('801')?.roles).toEqual([{ tag: 'Bob' }]);
  });

  it('lose a role that is not sent again only on a replacing server (PD-14)', async () => {
    double().library.addItem('4', {
      title: 'A',
      file: '/data/clips/a',
      roles: [{ tag: 'Ann', role: 'Walker' }],
    });
    await edit('actor[0].tag.tag=Ann');
    expect(double().library.item('801')?.roles).toEqual([{ tag: 'Ann', role: 'Walker' }]);
    double().switches.tagMode = 'replace';
    await edit('actor[0].tag.tag=Ann');
    expect(double().library.item('801')?.roles).toEqual([{ tag: 'Ann' }]);
  });

  it('named role are ignored, or refused by switch; a studio like a tag is a director (PD-14)', async () => {
    addOne();
    expect(await edit('role[0].tag.tag=Ann&title.value=Two')).toBe(200);
    expect(double().library.item('801')).toMatchObject({ roles: [], title: 'Two' });
    double().switches.roleParameter = 'reject';
    expect(await edit('role[0].tag.tag=Ann&title.value=Three')).toBe(403);
    expect(double().library.item('801')?.title).toBe('Two');
    await edit('studio[0].tag.tag=Example&director[0].tag.tag=Dan');
    expect(double().library.item('801')).toMatchObject({ directors: ['Dan', 'Example'], studio: undefined });
  });
});

describe('collections', () => {
  const listed = async (key = '4') => getRows(double(), `/library/sections/${key}/collections`);

  it('come into being with their first member, per section, and are listed (PD-16)', async () => {
    double().library.addSection({ key: '5', title: 'Other' });
    addOne();
    double().library.addItem('5', { title: 'Elsewhere', file: '/other/x', collections: ['Lake'] });
    await edit('collection[0].tag.tag=lake');
    const [lake = {}] = await listed();
    expect(lake).toMatchObject({ type: 'collection', subtype: 'movie', title: 'Lake', childCount: '1' });
    expect(lake['guid']).toMatch(/^collection:\/\//);
    expect(await listed('5')).toHaveLength(1);
    const details = await getRows(double(), `/library/metadata/${lake['ratingKey']}`);
    expect(pluck(details, 'title')).toEqual(['Lake']);
    expect(await getRows(double(), '/library/sections/4/all?type=18')).toHaveLength(1);
    expect(await getRows(double(), '/library/sections/4/all?type=1&includeCollections=1')).toHaveLength(2);
  });

  it('stay when empty, or vanish by switch (PD-16)', async () => {
    addOne();
    await edit('collection[0].tag.tag=One&collection[1].tag.tag=Two');
    await edit('collection[].tag.tag-=One');
    expect(double().library.collections('4')).toMatchObject([
      { title: 'One', childCount: 0 },
      { title: 'Two', childCount: 1 },
    ]);
    double().switches.emptyCollections = 'vanish';
    await edit('collection[].tag.tag-=Two');
    expect(pluck(await listed(), 'title')).toEqual(['One']);
  });
});
