import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedactor } from '../../src/log/redactor.ts';
import { readImage } from '../../src/stash/readImage.ts';
import { openStashHttp } from '../../src/stash/StashHttp.ts';

/** A Stash that answers every request with `reply`, and a client signed in to it. */
async function stashThat(reply: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: { url: string | undefined; cookie: string | undefined }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url, cookie: request.headers.cookie });
    reply(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const http = openStashHttp(
    { baseUrl: `http://127.0.0.1:${port}`, sessionCookie: 'MTc2ODEx==' },
    createRedactor(),
  );
  onTestFinished(async () => {
    await http.close();
    server.close();
  });
  return { http, requests };
}

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
const WEBP = Buffer.from('RIFF1234WEBPVP8 ');
const BMP = Buffer.from('BM123456');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
const SHOT = '/scene/1287/screenshot?t=1700000000';

describe('readImage', () => {
  it.each([
    [JPEG, 'image/jpeg'],
    [PNG, 'image/png'],
    [WEBP, 'image/webp'],
    [Buffer.from('GIF89a....'), 'image/gif'],
  ])(
    'reads bytes, type and hash, whatever the header calls them (18.14, WK-18, W-50)',
    async (bytes, contentType) => {
      const { http } = await stashThat((_, response) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
      });
      const hash = createHash('sha256').update(bytes).digest('hex');
      expect(await readImage(http, http.baseUrl + SHOT)).toEqual({ bytes, contentType, hash });
    },
  );

  it.each([
    ['http://evil.example', SHOT],
    ['https://stash.example/behind/a/proxy', SHOT],
    ['', SHOT],
  ])('asks the Stash it is connected to, and no other host, for %s%s (W-50)', async (base, path) => {
    const { http, requests } = await stashThat((_, response) => void response.end(JPEG));
    expect(await readImage(http, base + path)).toMatchObject({ bytes: JPEG });
    expect(requests).toEqual([{ url: path, cookie: 'session=MTc2ODEx==' }]);
  });

  it('asks for nothing when the address is no scene image', async () => {
    const { http, requests } = await stashThat((_, response) => void response.end(JPEG));
    expect(await readImage(http, 'http://evil.example/passwords')).toBeUndefined();
    expect(requests).toEqual([]);
  });

  it.each([
    ['the placeholder', 200, SVG],
    ['a login page', 200, Buffer.from('<!doctype html>')],
    ['nothing', 200, Buffer.alloc(0)],
    ['a missing file', 404, JPEG],
    ['a missing one that is none', 404, BMP],
  ])('gives no image for %s (18.14, WK-18, W-50)', async (_, status, bytes) => {
    const { http } = await stashThat((_request, response) => void response.writeHead(status).end(bytes));
    expect(await readImage(http, SHOT)).toBeUndefined();
  });

  it.each([
    ['is a BMP picture, which Plex does not show', BMP],
    ['is an AVIF picture, which Plex does not show', Buffer.from('\0\0\0 ftypavif\0\0\0\0')],
    ['is a video, which Plex does not show', Buffer.from('\0\0\0 ftypisom')],
    ['is a file of an unknown kind, which Plex does not show', Buffer.from([1, 2, 3])],
    ['has 10.0 MB, and Plex takes less than 10 MB', Buffer.concat([JPEG, Buffer.alloc(9_999_987)])],
    ['has 12.0 MB, and Plex takes less than 10 MB', Buffer.concat([JPEG, Buffer.alloc(11_999_987)])],
  ])(
    'says of a cover that it %s, by its bytes, whatever the header calls it (W-50)',
    async (unusable, bytes) => {
      const { http } = await stashThat((_, response) => {
        response.writeHead(200, { 'content-type': 'image/jpeg' }).end(bytes);
      });
      const hash = createHash('sha256').update(bytes).digest('hex');
      expect(await readImage(http, SHOT)).toEqual({ unusable, hash });
    },
  );

  it('takes a picture of one byte less than the limit (W-50)', async () => {
    const bytes = Buffer.concat([JPEG, Buffer.alloc(9_999_986)]);
    const { http } = await stashThat((_, response) => void response.end(bytes));
    expect(await readImage(http, SHOT)).toHaveProperty('contentType', 'image/jpeg');
  });

  it.each([
    [401, 'unauthorized'],
    [302, 'unauthorized'],
    [403, 'rejected'],
    [500, 'rejected'],
    [503, 'rejected'],
  ])('tells status %d (%s) from "no image": it is worth another attempt (18.14)', async (status, kind) => {
    const { http, requests } = await stashThat((_, response) => {
      response.writeHead(status, { location: '/login?returnURL=x' }).end();
    });
    await expect(readImage(http, SHOT)).rejects.toMatchObject({ name: 'StashError', kind });
    expect(requests).toHaveLength(1);
  });
});
