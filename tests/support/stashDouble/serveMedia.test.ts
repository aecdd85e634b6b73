import { describe, expect, test } from 'vitest';
import type { StashDouble } from './startStashDouble.ts';
import { ask, testDouble } from './testClient.ts';

async function get(double: StashDouble, path: string) {
  const response = await fetch(double.url + path);
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get('content-type'), body };
}

describe('/scene/<id>/…', () => {
  test('gives the cover as JPEG, or a placeholder with 200 (SD-11)', async () => {
    const double = await testDouble();
    const screenshot = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
    double.scenes.add({ screenshot });
    double.scenes.add();
    expect(await get(double, '/scene/1/screenshot?t=5')).toEqual({
      status: 200,
      type: 'image/jpeg',
      body: screenshot,
    });
    expect(await get(double, '/scene/2/screenshot')).toMatchObject({ status: 200, type: 'image/svg+xml' });
  });

  test('gives previews and streams, or 404 (SD-11)', async () => {
    const double = await testDouble();
    const [preview, webp] = [Buffer.from('mp4'), Buffer.from('webp')];
    double.scenes.add({ preview, webp, files: ['/x.mp4'] });
    double.scenes.add();
    expect(await get(double, '/scene/1/preview')).toEqual({ status: 200, type: 'video/mp4', body: preview });
    expect(await get(double, '/scene/1/webp')).toEqual({ status: 200, type: 'image/webp', body: webp });
    expect((await get(double, '/scene/1/stream')).status).toBe(200);
    for (const what of ['preview', 'webp', 'stream', 'funscript', 'interactive_heatmap']) {
      expect((await get(double, `/scene/2/${what}`)).status).toBe(404);
    }
    expect(await get(double, '/scene/2/caption?lang=en&type=srt')).toMatchObject({
      status: 200,
      body: Buffer.of(),
    });
  });

  test('is 404 for unknown scenes, names and paths (SD-11)', async () => {
    const double = await testDouble();
    for (const path of ['/scene/9/screenshot', '/scene/x/screenshot', '/scene/abc_thumbs.vtt', '/other']) {
      expect((await get(double, path)).status).toBe(404);
    }
  });
});

describe('Scene.paths', () => {
  const QUERY = `{ findScene(id: 1) { paths {
    screenshot preview stream webp vtt sprite funscript interactive_heatmap caption } } }`;

  test('are built on the host that the client used, and always filled in (SD-11)', async () => {
    const double = await testDouble({ now: () => Date.UTC(2026, 0, 11, 12), utcOffsetMinutes: 60 });
    double.scenes.add({ files: [{ path: '/x', oshash: 'cafe' }] });
    const base = `http://127.0.0.1:${double.port}`;
    expect((await ask(double, QUERY)).data).toEqual({
      findScene: {
        paths: {
          screenshot: `${base}/scene/1/screenshot?t=${Date.UTC(2026, 0, 11, 12) / 1000}`,
          preview: `${base}/scene/1/preview`,
          stream: `${base}/scene/1/stream`,
          webp: `${base}/scene/1/webp`,
          vtt: `${base}/scene/cafe_thumbs.vtt`,
          sprite: `${base}/scene/cafe_sprite.jpg`,
          funscript: `${base}/scene/1/funscript`,
          interactive_heatmap: `${base}/scene/1/interactive_heatmap`,
          caption: `${base}/scene/1/caption`,
        },
      },
    });
  });

  test('carry a forwarded prefix, and the key in the stream only (SD-11)', async () => {
    const double = await testDouble({ auth: { apiKey: 'secret' } });
    double.scenes.add();
    const headers = { 'X-Forwarded-Prefix': '/stash' };
    const { data } = await ask<{ findScene: { paths: Record<string, string> } }>(double, QUERY, {}, headers);
    const { stream, ...others } = data.findScene.paths;
    expect(stream).toBe(`http://127.0.0.1:${double.port}/stash/scene/1/stream?apikey=secret`);
    expect(JSON.stringify(others)).not.toContain('secret');
  });
});
