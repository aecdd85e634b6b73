import { expect, test } from 'vitest';
import { ask, testDouble } from './testClient.ts';

const QUERY = `{ findScene(id: 1) {
  updated_at code director
  studio { name parent_studio { name parent_studio { name } } }
  performers { name tags { name } }
  groups { scene_index group { name } }
} }`;

test('a scene tells of its code, director, groups, the studios above its own and the tags of its performers', async () => {
  const double = await testDouble();
  const { scenes } = double;
  scenes.add({
    code: 'HW-001',
    studio: 'Acme',
    performers: ['A. Person', 'B. Person'],
    groups: ['Plain', { name: 'Lake cycle', scene_index: 3 }],
  });
  scenes.setParentStudio('Acme', 'Acme Group');
  scenes.tagPerformer('A. Person', ['Tall']);
  expect((await ask(double, QUERY)).data).toMatchObject({
    findScene: {
      code: 'HW-001',
      // A plain string in Go: never null.
      director: '',
      studio: { name: 'Acme', parent_studio: { name: 'Acme Group', parent_studio: null } },
      performers: [
        { name: 'A. Person', tags: [{ name: 'Tall' }] },
        { name: 'B. Person', tags: [] },
      ],
      groups: [
        { scene_index: null, group: { name: 'Plain' } },
        { scene_index: 3, group: { name: 'Lake cycle' } },
      ],
    },
  });
});

test("what changes of studios, performers and tags moves no scene's updated_at", async () => {
  let nowMs = Date.UTC(2026, 0, 11);
  const double = await testDouble({ now: () => nowMs });
  const { scenes } = double;
  const id = scenes.add({ studio: 'Acme', performers: ['A. Person'] });
  const before = scenes.get(id)?.updated_at;
  nowMs += 60_000;
  scenes.setParentStudio('Acme', 'Acme Group');
  scenes.tagPerformer('A. Person', ['Tall']);
  scenes.renameTag('Tall', 'Taller');
  const { data } = await ask<{ findScene: object }>(double, QUERY);
  expect(data.findScene).toMatchObject({
    updated_at: before,
    studio: { parent_studio: { name: 'Acme Group' } },
    performers: [{ tags: [{ name: 'Taller' }] }],
  });
});

test('a studio cannot be put below itself, however far', async () => {
  const { scenes } = await testDouble();
  scenes.setParentStudio('Acme', 'Acme Group');
  expect(() => scenes.setParentStudio('Acme Group', 'Acme')).toThrow('ancestor');
  expect(() => scenes.setParentStudio('Acme', 'Acme')).toThrow('ancestor');
  scenes.setParentStudio('Acme', null);
  scenes.setParentStudio('Acme Group', 'Acme');
});
