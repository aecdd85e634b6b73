import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { getContainer, send } from './testClient.ts';
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
