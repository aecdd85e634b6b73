import { describe, expect, it } from 'vitest';
import { getRows, listOf, pluck, send } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();
const ALL = '/library/sections/4/all?type=1';

describe('the trash', () => {
  it('keeps an item listed with deletedAt, in rows and details, until its files come back (PD-9.9)', async () => {
    double().library.addItem('4', { title: 'A', file: '/data/clips/a.mkv' });
    double().library.addItem('4', { title: 'B', file: '/data/clips/b.mkv', deletedAt: 100 });
    expect(pluck(await getRows(double(), ALL), 'deletedAt')).toEqual([undefined, 100]);
    double().library.trashItem('801');
    for (const path of [ALL, `${ALL}&file=a.mkv`, '/library/metadata/801']) {
      expect((await getRows(double(), path))[0]).toMatchObject({
        ratingKey: '801',
        deletedAt: double().library.item('801')?.deletedAt,
      });
    }
    expect(double().library.item('801')?.deletedAt).toBeGreaterThan(100);
    expect(pluck(await getRows(double(), `${ALL}&trash=1`), 'title')).toEqual(['A', 'B']);
    double().library.restoreItem('801');
    expect((await getRows(double(), '/library/metadata/801'))[0]).not.toHaveProperty('deletedAt');
    expect(pluck(await getRows(double(), `${ALL}&trash=1`), 'title')).toEqual(['B']);
    expect(() => double().library.trashItem('999')).toThrow('There is no item 999.');
  });

  it('holds a moved file beside the living item, which is bare (PD-9.9)', async () => {
    double().library.addItem('4', { title: 'File name', file: '/data/clips/a.mkv', userRating: 3 });
    await send(double(), 'PUT', `${ALL}&id=801&title.value=Edited&title.locked=1`);
    const moved = double().library.moveFile('801', '/data/clips/2021/a.mkv');
    expect(moved).toMatchObject({
      ratingKey: '802',
      title: 'File name',
      userRating: undefined,
      lockedFields: [],
    });
    expect(await getRows(double(), `${ALL}&file=a.mkv`)).toMatchObject([
      { ratingKey: '801', deletedAt: expect.any(Number) },
      { ratingKey: '802' },
    ]);
    expect(double().library.itemByFile('/data/clips/2021/a.mkv')).toMatchObject({ deletedAt: undefined });
    const details = await getRows(double(), '/library/metadata/801,802?checkFiles=1');
    const parts = details.flatMap((row) => listOf(row['Media']).flatMap(({ Part }) => listOf(Part)));
    expect(pluck(parts, 'file')).toEqual(['/data/clips/a.mkv', '/data/clips/2021/a.mkv']);
    expect(pluck(parts, 'exists')).toEqual([false, true]);
  });
});
