import { describe, expect, it } from 'vitest';
import { getRows, pluck, send, type WireAnswer } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();
const ALL = '/library/sections/4/all?type=1';

const edit = (query: string): Promise<WireAnswer> => send(double(), 'PUT', `${ALL}&id=801&${query}`);

/** What the item's detail says of its sort title. */
async function shown(): Promise<unknown> {
  return (await getRows(double(), '/library/metadata/801'))[0]?.['titleSort'];
}

async function sorted(): Promise<unknown[]> {
  return pluck(await getRows(double(), `${ALL}&sort=titleSort`), 'title');
}

describe('titleSort', () => {
  it('stays as stored when the title alone is edited, and the item keeps its place (PD-9.5)', async () => {
    double().library.addItem('4', { title: 'A clip', file: '/data/clips/1.mkv' });
    double().library.addItem('4', { title: 'Middle', file: '/data/clips/2.mkv' });
    expect(await shown()).toBeUndefined();
    await edit('title.value=Zebra');
    expect(await shown()).toBe('clip');
    expect(await sorted()).toEqual(['Zebra', 'Middle']);
    await edit('titleSort.value=Own&title.value=Yak');
    await edit('title.value=The%20Own');
    // What the title would give is not shown.
    expect(await shown()).toBeUndefined();
    await edit('title.value=Alpha');
    expect(await shown()).toBe('Own');
    expect(double().library.item('801')).toMatchObject({ titleSort: 'Own', lockedFields: [] });
    expect(await sorted()).toEqual(['Middle', 'Alpha']);
  });

  it('is made from the title anew when sent empty, before or after the title (PD-9.5)', async () => {
    double().library.addItem('4', { title: 'A clip', file: '/data/clips/1.mkv', titleSort: 'Scanned' });
    double().library.addItem('4', { title: 'Middle', file: '/data/clips/2.mkv' });
    expect(await shown()).toBe('Scanned');
    await edit('titleSort.value=&title.value=The%20Zebra');
    expect(await shown()).toBeUndefined();
    expect(await sorted()).toEqual(['Middle', 'The Zebra']);
    await edit('title.value=Ant&titleSort.value=');
    expect(await shown()).toBeUndefined();
    expect(await sorted()).toEqual(['Ant', 'Middle']);
  });

  it('follows the title when the switch says so, unless it is its own or locked (PD-9.5)', async () => {
    double().switches.titleEditRebuildsSort = true;
    double().library.addItem('4', { title: 'A clip', file: '/data/clips/1.mkv' });
    await edit('title.value=Zebra');
    expect(await shown()).toBeUndefined();
    await edit('titleSort.locked=1');
    await edit('title.value=Yak');
    expect(await shown()).toBe('Zebra');
    await edit('titleSort.locked=0&titleSort.value=Own');
    await edit('title.value=Xerus');
    expect(await shown()).toBe('Own');
  });

  it('can be locked, shows so, and then outlives an agent refresh (PD-9.5)', async () => {
    double().library.addItem('4', { title: 'A clip', file: '/data/clips/1.mkv' });
    await edit('title.value=Zebra&title.locked=1&titleSort.value=Own&titleSort.locked=1');
    const [detail = {}] = await getRows(double(), '/library/metadata/801');
    expect(pluck(detail['Field'], 'name')).toEqual(['title', 'titleSort']);
    double().library.agentRefresh('801');
    expect(await shown()).toBe('Own');
    await edit('titleSort.locked=0');
    double().library.agentRefresh('801');
    // The title is locked: the agent makes the sort title from that one.
    expect(await shown()).toBeUndefined();
    expect(double().library.item('801')).toMatchObject({ title: 'Zebra', lockedFields: ['title'] });
  });
});
