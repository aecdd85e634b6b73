import { describe, expect, it } from 'vitest';
import { send } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();

describe('the request log', () => {
  it('keeps method, path, raw pairs in order, headers, body length and status (PD-24)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    const query = 'type=1&id=801&genre%5B0%5D.tag.tag=A+B&genre%5B%5D.tag.tag-=C%252C%2520D&title.value=';
    await send(double(), 'PUT', `/library/sections/4/all?${query}`, {
      body: 'x',
      headers: { 'X-Own': 'yes' },
    });
    const [entry] = double().log.entries;
    expect(entry).toMatchObject({
      method: 'PUT',
      path: '/library/sections/4/all',
      rawQuery: query,
      bodyLength: 1,
      status: 200,
      atMs: expect.any(Number),
      doneMs: expect.any(Number),
    });
    expect(entry?.headers).toMatchObject({ 'x-own': 'yes', accept: 'application/json' });
    expect(entry?.body?.toString()).toBe('x');
    expect(entry?.rawPairs).toEqual([
      ['type', '1'],
      ['id', '801'],
      ['genre%5B0%5D.tag.tag', 'A+B'],
      ['genre%5B%5D.tag.tag-', 'C%252C%2520D'],
      ['title.value', ''],
    ]);
    expect(entry?.query.slice(2, 4)).toEqual([
      ['genre[0].tag.tag', 'A B'],
      ['genre[].tag.tag-', 'C%2C%20D'],
    ]);
  });

  it('counts and finds by text, pattern, members and function (PD-24)', async () => {
    await send(double(), 'GET', '/library/sections');
    await send(double(), 'GET', '/library/sections/4/all?type=1&file=x.mkv');
    await send(double(), 'POST', '/library/sections');
    const { log } = double();
    expect(log.count()).toBe(3);
    expect(log.count('/library/sections')).toBe(2);
    expect(log.count('POST /library/sections')).toBe(1);
    expect(log.count(/file=x/)).toBe(1);
    expect(log.count(/^GET /)).toBe(2);
    expect(log.count(/sections$/)).toBe(2);
    expect(log.count({ method: 'GET', path: /sections$/ })).toBe(1);
    expect(log.where({ status: 405 }).map(({ method }) => method)).toEqual(['POST']);
    expect(log.where((entry) => entry.parameter('type') === '1')).toHaveLength(1);
    log.clear();
    expect(log.count()).toBe(0);
  });

  it('still counts by route when it is off (PD-24)', async () => {
    const { log } = double();
    log.enabled = false;
    for (const path of ['/identity', '/library/metadata/1,2', '/library/metadata/3']) {
      await send(double(), 'GET', path);
    }
    expect(log.entries).toEqual([]);
    expect(log.count()).toBe(3);
    expect(log.count('/library/metadata/{ids}')).toBe(2);
    expect(log.count({ method: 'GET', path: '/identity' })).toBe(1);
    expect(log.count(/^PUT/)).toBe(0);
    for (const filter of [{ status: 404 }, { text: 'x' }, { longerThan: 1 }]) {
      expect(() => log.count(filter)).toThrow('method and path only');
    }
  });

  it('tells how many writes were under way at once (PD-24)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    const write = () => send(double(), 'PUT', '/library/sections/4/all?type=1&id=801&title.value=T');
    await write();
    await write();
    expect(double().log.peakWrites).toBe(1);
    double().switches.latencyMs = 20;
    await Promise.all([write(), write(), write()]);
    expect(double().log.peakWrites).toBe(3);
  });
});
