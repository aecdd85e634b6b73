import { describe, expect, test } from 'vitest';
import { ask, testDouble } from './testClient.ts';

const READ = 'query($include: [ID!]) { configuration { plugins(include: $include) } }';
const WRITE = 'mutation($id: ID!, $input: Map!) { configurePlugin(plugin_id: $id, input: $input) }';

describe('plugin settings', () => {
  test('come by plugin id; an id with nothing stored is left out (SD-12)', async () => {
    const double = await testDouble();
    double.settings.set('example', { apiUrl: 'http://10.0.0.5:32400', limit: 50 });
    double.settings.set('other', { dryRun: true });
    const read = async (include?: string[]) => (await ask(double, READ, { include })).data;
    const example = { apiUrl: 'http://10.0.0.5:32400', limit: 50 };
    expect(await read(['example', 'absent'])).toEqual({ configuration: { plugins: { example } } });
    expect(await read(['absent'])).toEqual({ configuration: { plugins: {} } });
    const all = { configuration: { plugins: { example, other: { dryRun: true } } } };
    expect(await read()).toEqual(all);
    expect(await read([])).toEqual(all);
  });

  test('nest at the dots of the id, unless they are included by id (SD-12)', async () => {
    const double = await testDouble();
    double.settings.set('a.b', { x: 1 });
    double.settings.set('a.c', { y: 2 });
    const { data } = await ask(double, READ);
    expect(data).toEqual({ configuration: { plugins: { a: { b: { x: 1 }, c: { y: 2 } } } } });
    const included = await ask(double, READ, { include: ['a.b'] });
    expect(included.data).toEqual({ configuration: { plugins: { 'a.b': { x: 1 } } } });
  });

  test('are replaced as a whole by configurePlugin, which returns them (SD-12)', async () => {
    const double = await testDouble();
    double.settings.set('example', { apiUrl: 'x', limit: 50 });
    const input = { limit: 7, hidden: { deep: [1.5] }, text: '' };
    const { data } = await ask(double, WRITE, { id: 'example', input });
    expect(data).toEqual({ configurePlugin: input });
    expect(double.settings.get('example')).toEqual(input);
  });

  test('lose numbers that Go cannot parse as integers (SD-12)', async () => {
    const double = await testDouble();
    const input = {
      tiny: 1e-7,
      huge: 1e21,
      long: 1e19,
      half: 0.5,
      whole: -3,
      inner: { tiny: 1e-7 },
      list: [1e-7],
    };
    await ask(double, WRITE, { id: 'example', input });
    expect(double.settings.get('example')).toEqual({
      tiny: 0,
      huge: 0,
      long: 0,
      half: 0.5,
      whole: -3,
      inner: { tiny: 0 },
      list: [1e-7],
    });
  });
});
