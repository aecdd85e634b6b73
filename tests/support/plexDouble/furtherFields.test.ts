import { describe, expect, it } from 'vitest';
import { getRows, pluck, send } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const ALL = '/library/sections/4/all?type=1';
const EDIT = [
  'originalTitle.value=HW-001&originalTitle.locked=1',
  'contentRating.value=XXX&contentRating.locked=1',
  'director[0].tag.tag=D.%20Rector&director.locked=1',
  'label[0].tag.tag=stash&label[1].tag.tag=Mine&label.locked=1',
].join('&');

describe.each(['add', 'replace'] as const)(
  'code, rating, director and labels of an item, where tags %s',
  (tagMode) => {
    const double = useDouble({ switches: { tagMode } });
    const edit = (query: string) => send(double(), 'PUT', `${ALL}&id=801&${query}`);
    const add = () =>
      double().library.addItem('4', {
        title: 'One',
        file: '/data/clips/1.mkv',
        originalTitle: 'Scanned',
        contentRating: 'PG',
        directors: ['Scanned'],
        labels: ['Scanned'],
      });
    const kept = tagMode === 'add' ? ['Scanned'] : [];

    it('are set, locked and told of in details; listings leave labels and locks out (PD-6, PD-9, PD-10, PD-12)', async () => {
      add();
      expect((await edit(EDIT)).status).toBe(200);
      const [detail = {}] = await getRows(double(), '/library/metadata/801');
      expect(detail).toMatchObject({ originalTitle: 'HW-001', contentRating: 'XXX' });
      expect(pluck(detail['Director'], 'tag')).toEqual([...kept, 'D. Rector']);
      expect(pluck(detail['Label'], 'tag')).toEqual([...kept, 'Stash', 'Mine']);
      expect(pluck(detail['Field'], 'name')).toEqual(['originalTitle', 'contentRating', 'director', 'label']);
      const [row = {}] = await getRows(double(), ALL);
      expect(row).toMatchObject({ originalTitle: 'HW-001', contentRating: 'XXX' });
      expect(row).not.toHaveProperty('Label');
      expect(row).not.toHaveProperty('Field');
      expect(pluck(row['Director'], 'tag')).toEqual([...kept, 'D. Rector']);
    });

    it('are cleared by empty values and by removals, and are then told of no more (PD-12)', async () => {
      add();
      await edit(EDIT);
      await edit(
        'originalTitle.value=&contentRating.value=&director[].tag.tag-=Scanned,D.%2520Rector&label[].tag.tag-=STASH,scanned',
      );
      const [detail = {}] = await getRows(double(), '/library/metadata/801');
      for (const member of ['originalTitle', 'contentRating', 'Director'])
        expect(detail).not.toHaveProperty(member);
      expect(pluck(detail['Label'], 'tag')).toEqual(['Mine']);
    });

    it('come back with a refresh as they were found, but for those that are locked (PD-25)', async () => {
      add();
      await edit(EDIT);
      double().library.agentRefresh('801');
      expect(double().library.item('801')).toMatchObject({ originalTitle: 'HW-001', contentRating: 'XXX' });
      await edit('originalTitle.locked=0&contentRating.locked=0&director.locked=0&label.locked=0');
      double().library.agentRefresh('801');
      expect(double().library.item('801')).toMatchObject({
        originalTitle: 'Scanned',
        contentRating: 'PG',
        directors: ['Scanned'],
        labels: ['Scanned'],
      });
    });
  },
);
