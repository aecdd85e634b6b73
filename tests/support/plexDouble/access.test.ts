import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { getContainer, getRows, listOf, pluck, send } from './testClient.ts';
import { useDouble } from './useDouble.ts';

const double = useDouble();

describe('token', () => {
  it('is checked everywhere but on /identity, as header or parameter (PD-1)', async () => {
    const anonymous = { headers: { 'X-Plex-Token': undefined } };
    expect((await send(double(), 'GET', '/identity', anonymous)).status).toBe(200);
    for (const path of ['/', '/library/sections', '/library/sections/4/all?type=1', '/nowhere']) {
      const refused = await send(double(), 'GET', path, anonymous);
      expect(refused.status).toBe(401);
      expect(refused.headers['content-type']).toBe('text/html');
      expect(refused.headers['x-plex-protocol']).toBe('1.0');
      expect(refused.text).toContain('<h1>401 Unauthorized</h1>');
    }
    const wrong = await send(double(), 'GET', '/library/sections', { headers: { 'X-Plex-Token': 'wrong' } });
    expect(wrong.status).toBe(401);
    const query = `/library/sections?X-Plex-Token=${double().token}`;
    expect((await send(double(), 'GET', query, anonymous)).status).toBe(200);
  });

  it('of another user may read and not write (PD-1)', async () => {
    const item = double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    const user = { headers: { 'X-Plex-Token': double().userToken } };
    expect((await send(double(), 'GET', '/library/sections', user)).status).toBe(200);
    const edit = `/library/sections/4/all?type=1&id=${item.ratingKey}&title.value=Two`;
    for (const [method, path] of [
      ['PUT', edit],
      ['POST', `/library/metadata/${item.ratingKey}/posters?url=x`],
      ['DELETE', `/library/metadata/${item.ratingKey}/thumb`],
    ] as const) {
      const refused = await send(double(), method, path, user);
      expect(refused.status).toBe(403);
      expect(refused.headers['content-type']).toBe('text/html');
    }
    expect(double().library.item(item.ratingKey)?.title).toBe('One');
  });

  it.each([401, 422, 498] as const)(
    'can be answered %i for both accounts, not on /identity (PD-9.7)',
    async (status) => {
      double().switches.tokenStatus = status;
      for (const token of [double().token, double().userToken]) {
        const headers = { 'X-Plex-Token': token };
        const refused = await send(double(), 'GET', '/library/sections', { headers });
        expect(refused.status).toBe(status);
        expect(refused.headers['content-type']).toBe('text/html');
        expect(refused.text).toContain(`<h1>${status} `);
        expect((await send(double(), 'GET', '/identity', { headers })).status).toBe(200);
      }
      const wrong = { headers: { 'X-Plex-Token': 'wrong' } };
      expect((await send(double(), 'GET', '/library/sections', wrong)).status).toBe(401);
      double().switches.tokenStatus = 200;
      expect((await send(double(), 'GET', '/library/sections')).status).toBe(200);
    },
  );

  it('of another user hides paths, in rows and details, when the switch says so (PD-9.13)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv' });
    const user = { headers: { 'X-Plex-Token': double().userToken } };
    const files = async (path: string, options = {}) =>
      (await getRows(double(), path, options)).flatMap((row) =>
        listOf(row['Media']).flatMap((version) => pluck(version['Part'], 'file')),
      );
    for (const path of ['/library/sections/4/all?type=1', '/library/metadata/801']) {
      double().switches.hidePathsFromUser = false;
      expect(await files(path, user)).toEqual(['/data/clips/1.mkv']);
      double().switches.hidePathsFromUser = true;
      expect(await files(path, user)).toEqual([undefined]);
      expect(await files(path)).toEqual(['/data/clips/1.mkv']);
    }
  });

  it('is not needed on a server that asks for none (PD-1)', async () => {
    double().switches.requireToken = false;
    const anonymous = { headers: { 'X-Plex-Token': undefined } };
    expect((await send(double(), 'GET', '/library/sections', anonymous)).status).toBe(200);
  });
});

describe('notation', () => {
  it('is JSON when asked for (PD-2)', async () => {
    const container = await getContainer(double(), '/identity');
    expect(container).toEqual({
      size: 0,
      claimed: true,
      machineIdentifier: double().library.machineIdentifier,
      version: expect.any(String),
    });
    expect(double().violations).toEqual([]);
  });

  it('is missed loudly when not asked for (PD-2)', async () => {
    const answer = await send(double(), 'GET', '/library/sections', { headers: { Accept: undefined } });
    expect(answer.status).toBe(400);
    expect(double().violations).toEqual(['GET /library/sections without Accept: application/json']);
  });

  it('is XML otherwise, with the same data (PD-2)', async () => {
    double().switches.requireJson = false;
    const { ratingKey } = double().library.addItem('4', {
      title: 'Tom & "Jerry" <1>',
      file: '/data/clips/1.mkv',
      genres: ['Nature'],
      locked: ['title'],
    });
    const xml = { headers: { Accept: undefined } };
    const sections = await send(double(), 'GET', '/library/sections', xml);
    expect(sections.headers['content-type']).toBe('text/xml;charset=utf-8');
    expect(sections.text).toMatch(/<Directory [^>]*key="4"[^>]*><Location id="1" path="\/data\/clips"\/>/);
    const detail = (await send(double(), 'GET', `/library/metadata/${ratingKey}`, xml)).text;
    expect(detail).toContain('<MediaContainer size="1"');
    expect(detail).toMatch(/<Video ratingKey="801"[^>]*title="Tom &amp; &quot;Jerry&quot; &lt;1&gt;"/);
    expect(detail).toMatch(/<Part [^>]*file="\/data\/clips\/1.mkv"/);
    expect(detail).toContain('<Field locked="1" name="title"/>');
    expect((await send(double(), 'GET', `/library/metadata/${ratingKey}/posters`, xml)).text).toContain(
      '<Photo key=',
    );
    expect((await send(double(), 'GET', '/library/metadata/1', xml)).headers['content-type']).toBe(
      'text/html',
    );
  });
});

describe('rows', () => {
  it('of collections are Directory in XML, of pictures Photo, of videos Video (PD-9.13)', async () => {
    double().switches.requireJson = false;
    double().library.addSection({ key: '5', title: 'Photos', type: 'photo' });
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', collections: ['Lake'] });
    double().library.addItem('5', { title: 'Two', file: '/photos/2.jpg' });
    const text = async (path: string) =>
      (await send(double(), 'GET', path, { headers: { Accept: undefined } })).text;
    const collections = await text('/library/sections/4/collections');
    expect(collections).toMatch(/<Directory ratingKey="802" key="\/library\/collections\/802\/children"/);
    const mixed = await text('/library/sections/4/all?type=1&includeCollections=1');
    expect(mixed).toMatch(/<Video ratingKey="801".*<Directory ratingKey="802"/);
    expect(await text('/library/sections/5/all?type=13')).toContain('<Photo ratingKey="803"');
    expect(await text('/library/metadata/801/posters')).toContain('<Photo key=');
    expect(await text('/library/collections/802/children')).toContain('<Video ratingKey="801"');
  });

  it('of collections in JSON lead to their members (PD-9.13)', async () => {
    double().library.addItem('4', { title: 'One', file: '/data/clips/1.mkv', collections: ['Lake'] });
    double().library.addItem('4', { title: 'Other', file: '/data/clips/2.mkv' });
    const [row] = await getRows(double(), '/library/sections/4/collections');
    expect(row).toMatchObject({ type: 'collection', key: '/library/collections/802/children' });
    expect(pluck(await getRows(double(), String(row?.['key'])), 'title')).toEqual(['One']);
    expect((await send(double(), 'GET', '/library/collections/801/children')).status).toBe(404);
  });

  it('hold raw control characters when the switch is on, and are then no JSON (PD-9.13)', async () => {
    const title = 'a\u0000b\u001fc\td\ne\\n"f"\\u0001';
    double().library.addItem('4', { title, file: '/data/clips/1.mkv' });
    double().library.addItem('4', { title: 'Plain \\t', file: '/data/clips/2.mkv' });
    const whole = await send(double(), 'GET', '/library/metadata/801');
    expect(JSON.parse(whole.text).MediaContainer.Metadata[0].title).toBe(title);
    double().switches.rawControlCharacters = true;
    for (const path of ['/library/metadata/801', '/library/sections/4/all?type=1']) {
      const { headers, text } = await send(double(), 'GET', path);
      expect(headers['content-type']).toBe('application/json');
      expect(() => JSON.parse(text)).toThrow(SyntaxError);
      expect(text).toContain('"a\u0000b\u001fc\td\ne\\\\n\\"f\\"\\\\u0001"');
    }
    expect(pluck(await getRows(double(), '/library/metadata/802'), 'title')).toEqual(['Plain \\t']);
  });
});

describe('response headers', () => {
  it('are those of a server (PD-3)', async () => {
    const { headers } = await send(double(), 'GET', '/library/sections', {
      headers: { Connection: 'keep-alive' },
    });
    expect(headers).toMatchObject({
      'x-plex-protocol': '1.0',
      'cache-control': 'no-cache',
      'keep-alive': 'timeout=20',
      connection: 'Keep-Alive',
      'content-type': 'application/json',
    });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('tell of gzip only when it was offered, on errors too (PD-3)', async () => {
    const gzip = { headers: { 'Accept-Encoding': 'deflate, gzip' } };
    for (const path of ['/library/sections', '/library/metadata/1']) {
      const { headers, bytes } = await send(double(), 'GET', path, gzip);
      expect(headers['content-encoding']).toBe('gzip');
      expect(headers['x-plex-content-compressed-length']).toBe(String(bytes.length));
      expect(headers['x-plex-content-original-length']).toBe(String(gunzipSync(bytes).length));
    }
    const refused = await send(double(), 'GET', '/library/sections', {
      headers: { 'Accept-Encoding': 'gzip;q=0' },
    });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });
});
