import { describe, expect, test } from 'vitest';
import { ask, testDouble } from './testClient.ts';

const BELOW_TAGS = `query Below($value: [ID!], $depth: Int) {
  findTags(tag_filter: { parents: { value: $value, modifier: INCLUDES, depth: $depth } }) { count tags { name } }
}`;
const BELOW_STUDIOS = `query Below($value: [ID!]) {
  findStudios(studio_filter: { parents: { value: $value, modifier: INCLUDES } }) { studios { name parent_studio { name } } }
}`;

describe('tags and studios', () => {
  test('are found by name as by LIKE, and by id', async () => {
    const double = await testDouble();
    for (const name of ['Film', 'film noir', 'Serial']) double.scenes.tags.named(name);
    const find = `query Find($name: String!) {
      findTags(tag_filter: { name: { value: $name, modifier: EQUALS } }) { tags { id name } }
    }`;
    const named = async (name: string) => (await ask(double, find, { name })).data;
    expect(await named('FILM')).toEqual({ findTags: { tags: [{ id: '1', name: 'Film' }] } });
    expect(await named('film%')).toMatchObject({
      findTags: { tags: [{ name: 'Film' }, { name: 'film noir' }] },
    });
    const byId = await ask(double, '{ known: findTag(id: 3) { name } none: findTag(id: 9) { name } }');
    expect(byId.data).toEqual({ known: { name: 'Serial' }, none: null });
  });

  test('are found below others: tags to a depth, studios their children only', async () => {
    const double = await testDouble();
    const { tags, studios } = double.scenes;
    tags.nest('b', 'a');
    tags.nest('c', 'b', 'other');
    tags.nest('d', 'c');
    studios.nest('child', 'parent');
    studios.nest('grandchild', 'child');
    const below = async (depth: number | null) => {
      const { data } = await ask(double, BELOW_TAGS, { value: [tags.idOf('a')], depth });
      return data;
    };
    expect(await below(null)).toEqual({ findTags: { count: 1, tags: [{ name: 'b' }] } });
    expect(await below(1)).toMatchObject({ findTags: { tags: [{ name: 'b' }, { name: 'c' }] } });
    expect(await below(-1)).toMatchObject({ findTags: { count: 3 } });
    const children = await ask(double, BELOW_STUDIOS, { value: [studios.idOf('parent')] });
    expect(children.data).toEqual({
      findStudios: { studios: [{ name: 'child', parent_studio: { name: 'parent' } }] },
    });
  });

  test('come 25 at a time unless all are asked for', async () => {
    const double = await testDouble();
    for (let number = 1; number <= 30; number += 1) double.scenes.studios.named(`Studio ${number}`);
    const listed = async (filter: string) =>
      (
        await ask<{ findStudios: { count: number; studios: unknown[] } }>(
          double,
          `{ findStudios${filter} { count studios { id } } }`,
        )
      ).data.findStudios;
    expect((await listed('')).studios).toHaveLength(25);
    expect((await listed('(filter: { per_page: -1 })')).studios).toHaveLength(30);
    expect((await listed('(filter: { per_page: 0 })')).count).toBe(30);
  });
});
