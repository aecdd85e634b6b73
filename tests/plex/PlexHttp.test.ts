import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlexHttp, type PlexHttpOptions, type PlexRequest } from '../../src/plex/PlexHttp.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { startTlsFront } from '../support/startTlsFront.ts';

const TOKEN = 's3cr3t-t0k3n-of-the-owner';
const LISTING: PlexRequest = { method: 'GET', path: '/library/sections/1/all' };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function connect(port: number, options: Partial<PlexHttpOptions> = {}) {
  const clock = new FakeClock();
  const http = openPlexHttp({
    baseUrl: `http://127.0.0.1:${port}`,
    token: TOKEN,
    clientIdentifier: 'client-1',
    version: '2.0.0',
    connectTimeoutMs: 5_000,
    readTimeoutMs: 5_000,
    clock,
    ...options,
  });
  onTestFinished(() => http.close());
  return { http, clock };
}

/** A server that answers with `listener`, and what it was asked. */
async function plexThat(listener: RequestListener, options: Partial<PlexHttpOptions> = {}) {
  const seen: {
    method: string | undefined;
    url: string | undefined;
    headers: IncomingHttpHeaders;
    body: Buffer;
  }[] = [];
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks) });
      listener(request, response);
    });
  });
  return { ...connect(await listen(server), options), seen };
}

/** A server that treats the n-th connection (from 0) with `onConnection`. */
async function socketsThat(
  onConnection: (socket: Socket, index: number) => void,
  options: Partial<PlexHttpOptions> = {},
) {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const index = count;
    count += 1;
    socket.once('data', () => onConnection(socket, index));
  });
  return { ...connect(await listen(server), options), connections: () => count };
}

/** What was thrown, checked for what must never be in it. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => expect.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'PlexError' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TOKEN);
  return error;
}

const HTML = { 'content-type': 'text/html' };
const JSON_TYPE = { 'content-type': 'application/json' };
const WHOLE = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

describe('openPlexHttp: what is sent', () => {
  it('keeps the query in order, encoded once, the token out of it, and says who we are (18.1, 18.3, DI-2)', async () => {
    const { http, seen } = await plexThat((_, response) => void response.writeHead(200, HTML).end());
    const query = [
      ['type', '1'],
      ['id', '812'],
      ['title.value', 'A, b & c'],
      ['genre[0].tag.tag', 'x'],
      ['genre[].tag.tag-', 'Sound%2C%20recorded'],
      ['genre.locked', '1'],
    ] as const;
    await http.send({ method: 'PUT', path: '/library/sections/4/all', query });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      url:
        '/library/sections/4/all?type=1&id=812&title.value=A%2C%20b%20%26%20c&genre%5B0%5D.tag.tag=x' +
        '&genre%5B%5D.tag.tag-=Sound%252C%2520recorded&genre.locked=1',
      headers: {
        accept: 'application/json',
        'x-plex-token': TOKEN,
        'x-plex-client-identifier': 'client-1',
        'x-plex-product': 'Stash2Plex',
        'x-plex-device-name': 'Stash2Plex Plugin',
        'x-plex-version': '2.0.0',
      },
    });
    expect(seen[0]?.headers).not.toHaveProperty('accept-encoding');
    expect(seen[0]?.headers).not.toHaveProperty('x-plex-container-size');
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
  });

  it('always asks for a page with start and size together', async () => {
    const { http, seen } = await plexThat(
      (_, response) => void response.writeHead(200, JSON_TYPE).end('{"a":1}'),
    );
    expect(await http.json({ ...LISTING, page: { start: 0, size: 200 } })).toEqual({ a: 1 });
    expect(seen[0]?.headers).toMatchObject({ 'x-plex-container-start': '0', 'x-plex-container-size': '200' });
  });

  it('uploads bytes with their length and type, and discards the answer', async () => {
    const { http, seen } = await plexThat((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('/library/metadata/812/thumb/1700000200');
    });
    const bytes = Buffer.from([0xff, 0xd8, 0xff, 0]);
    await http.send({
      method: 'POST',
      path: '/library/metadata/812/posters',
      body: { bytes, contentType: 'image/jpeg' },
    });
    expect(seen[0]).toMatchObject({
      body: bytes,
      headers: { 'content-type': 'image/jpeg', 'content-length': '4' },
    });
    expect(seen[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it("discards an upload's answer also when Plex labels the plain text text/html, as it does everything else", async () => {
    const { http } = await plexThat((_, response) => {
      response.writeHead(200, HTML).end('/library/metadata/812/thumb/1700000200');
    });
    await http.send({ method: 'POST', path: '/library/metadata/812/posters' });
  });

  it('sends requests strictly one after another', async () => {
    let running = 0;
    let most = 0;
    const { http } = await plexThat((_, response) => {
      running += 1;
      most = Math.max(most, running);
      setImmediate(() => {
        running -= 1;
        response.writeHead(200, JSON_TYPE).end('{}');
      });
    });
    await Promise.all(Array.from({ length: 8 }, () => http.json(LISTING)));
    expect(most).toBe(1);
  });
});

describe('openPlexHttp: statuses', () => {
  it.each([
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'notFound'],
    [405, 'rejected'],
    [408, 'unavailable'],
    [409, 'rejected'],
    [413, 'rejected'],
    [414, 'rejected'],
    [429, 'unavailable'],
    [500, 'serverError'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [301, 'misconfigured'],
    [302, 'misconfigured'],
    [307, 'misconfigured'],
    [308, 'misconfigured'],
    [425, 'unavailable'],
    [507, 'unavailable'],
  ])(
    'takes %d for "%s", after one request, and follows no redirect (18.2, ERR-2, ERR-5, W-14, W9)',
    async (status, kind) => {
      const page = '<html><body><h1>Error</h1></body></html>';
      const { http, seen } = await plexThat((_, response) => {
        response.writeHead(status, { ...HTML, location: '/login' }).end(page);
      });
      expect(await failure(http.json(LISTING))).toMatchObject({ kind, status });
      expect(await failure(http.send(LISTING))).toMatchObject({ kind, status });
      expect(seen.map(({ url }) => url)).toEqual([LISTING.path, LISTING.path]);
    },
  );

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['0.5', 500],
    ['', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['Wed, 21 Oct 2015 07:28:00 GMT', undefined],
  ])('reads the Retry-After "%s" as %s ms (W-14)', async (header, retryAfterMs) => {
    const { http } = await plexThat((_, response) => {
      response.writeHead(503, { ...JSON_TYPE, 'retry-after': header }).end('{"code":503}');
    });
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: 'unavailable', retryAfterMs });
  });

  it.each([200, 201, 204])('takes %d for success', async (status) => {
    const { http } = await plexThat((_, response) => void response.writeHead(status, HTML).end());
    await http.send(LISTING);
  });

  it.each([
    ['text/html;charset=utf-8', '<!doctype html><p>Log in</p>'],
    ['Text/HTML', '\ufeff\n<html><p>Log in</p></html>'],
    ['application/xhtml+xml', '<?xml version="1.0"?><html><p>Log in</p></html>'],
  ])('takes a page with status 200 for a proxy, on reading and on writing: %s', async (contentType, page) => {
    const { http } = await plexThat((_, response) => {
      response.writeHead(200, { 'content-type': contentType }).end(page);
    });
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: 'unavailable' });
    expect(await failure(http.send(LISTING))).toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['nothing', '', 'unavailable'],
    ['half a document', '{"MediaContainer": {"size"', 'serverError'],
    ['XML', '<?xml version="1.0"?><MediaContainer size="0"/>', 'serverError'],
  ])('does not take %s for an answer to a read', async (_, body, kind) => {
    const { http } = await plexThat(
      (_request, response) => void response.writeHead(200, JSON_TYPE).end(body),
    );
    expect(await failure(http.json(LISTING))).toMatchObject({ kind });
  });
});

describe('openPlexHttp: whose login it is', () => {
  const answering = (status: number, headers: Record<string, string> = {}, options = {}) =>
    plexThat((_, response) => void response.writeHead(status, { ...HTML, ...headers }).end(), options);

  it('sends user and password of the address as basic authentication, beside the token', async () => {
    const { http, seen } = await answering(200, {}, { login: 'me:s@fe ä' });
    await http.send(LISTING);
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:s@fe ä').toString('base64')}`,
      'x-plex-token': TOKEN,
    });
  });

  it.each([
    [
      'a login of its own with 401',
      401,
      { 'www-authenticate': 'Basic realm="x"' },
      {},
      'plex_url with user and password',
    ],
    [
      'another login',
      401,
      { 'www-authenticate': 'Digest realm="x"' },
      { login: 'a:b' },
      'does not take the user',
    ],
    ['a login with 407', 407, {}, {}, 'without that proxy'],
  ])('does not blame the token for a proxy that asks for %s', async (_, status, headers, options, said) => {
    const { http } = await answering(status, headers, options);
    const error = await failure(http.json(LISTING));
    expect(error).toMatchObject({ kind: 'misconfigured', status, message: expect.stringContaining(said) });
    expect(String(error)).not.toContain('token');
  });

  it.each([
    ['401 of Plex', 401, { 'x-plex-protocol': '1.0', 'www-authenticate': 'Basic' }, TOKEN, 'unauthorized'],
    ['498', 498, {}, TOKEN, 'unauthorized'],
    ['422 for a signed token', 422, {}, 'eyJh.eyJz.c2ln-_', 'unauthorized'],
    ['422 for another token', 422, {}, TOKEN, 'rejected'],
  ])('says whether %s is about the token (plex-http-api 9.7)', async (_, status, headers, token, kind) => {
    const { http } = await answering(status, headers, { token });
    const error = await failure(http.json(LISTING));
    expect(error).toMatchObject({ kind, status });
    expect(String(error).includes('plex_token')).toBe(kind === 'unauthorized');
  });
});

describe('openPlexHttp: listings', () => {
  it('has the total of the header as a second source (plex-http-api 9.6)', async () => {
    const total = async (header: Record<string, string>) => {
      const { http } = await plexThat((_, response) => {
        response.writeHead(200, { ...JSON_TYPE, ...header }).end('{}');
      });
      return (await http.listing(LISTING)).totalSize;
    };
    expect(await total({ 'x-plex-container-total-size': '450' })).toBe(450);
    expect(await total({ 'x-plex-container-total-size': 'many' })).toBeUndefined();
    expect(await total({})).toBeUndefined();
  });

  it('does not blame the address for a document that cannot be read', async () => {
    const { http } = await plexThat((_, response) => {
      response.writeHead(200, JSON_TYPE).end('{"MediaContainer": {"size"');
    });
    const error = await failure(http.json(LISTING));
    expect(error).toMatchObject({ kind: 'serverError', isGarbled: true });
    expect(String(error)).not.toContain('plex_url');
  });
});

describe('openPlexHttp: no answer', () => {
  it('says that nobody answers, where and why, without trying again (18.2, ERR-3, W-09)', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { http, clock } = connect(port);
    expect(await failure(http.json(LISTING))).toMatchObject({
      kind: 'unavailable',
      message: `Plex does not answer at http://127.0.0.1:${port} (ECONNREFUSED).`,
    });
    expect(clock.sleeps).toEqual([]);
  });

  it.each([
    ['reset', (socket: Socket) => void socket.resetAndDestroy()],
    ['closed without a word', (socket: Socket) => void socket.end()],
    ['cut off in its head', (socket: Socket) => void socket.end(WHOLE.slice(0, 30))],
    ['cut off in its body', (socket: Socket) => void socket.end(WHOLE.slice(0, -1))],
    ['no HTTP', (socket: Socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ])('repeats a request whose answer is %s, three times in all (18.1, ERR-4, ERR-8)', async (_, breakOff) => {
    const { http, clock, connections } = await socketsThat(breakOff);
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: 'unavailable' });
    expect(connections()).toBe(3);
    expect(clock.sleeps).toHaveLength(2);
  });

  it('succeeds when the connection breaks twice and then holds (18.1, ERR-8)', async () => {
    const { http } = await socketsThat((socket, index) => {
      if (index < 2) socket.resetAndDestroy();
      else socket.end(WHOLE);
    });
    expect(await http.json(LISTING)).toEqual({});
  });

  it.each([
    ['says nothing', () => {}],
    ['starts an answer', (socket: Socket) => void socket.write(WHOLE.slice(0, -1))],
  ])('gives up at the deadline when Plex %s, without trying again', async (_, answer) => {
    const { http, connections } = await socketsThat(answer, { connectTimeoutMs: 30, readTimeoutMs: 30 });
    expect(await failure(http.json(LISTING))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('TIMEOUT'),
    });
    expect(connections()).toBe(1);
  });

  it('gives a single request a deadline of its own (W-16)', async () => {
    const { http } = await socketsThat(() => {});
    expect(await failure(http.json({ ...LISTING, timeoutMs: 30 }))).toMatchObject({ kind: 'unavailable' });
  });

  it('repeats nothing once the deadline of a request is over (W40)', async () => {
    const { http, clock, connections } = await socketsThat((socket) => void socket.resetAndDestroy());
    clock.onSleep = () => new Promise((resolve) => setTimeout(resolve, 60));
    const error = await failure(http.json({ ...LISTING, timeoutMs: 30 }));
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('TIMEOUT') });
    expect(connections()).toBe(1);
  });

  it('bounds repeated attempts by one deadline, not each by its own (W40)', async () => {
    const { http, connections } = await socketsThat((socket) => {
      setTimeout(() => socket.resetAndDestroy(), 60);
    });
    const error = await failure(http.json({ ...LISTING, timeoutMs: 100 }));
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('TIMEOUT') });
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it('gives up at the deadline also while it is still connecting (W40)', async () => {
    const port = await listen(createServer((socket) => void socket.on('error', () => {})));
    const { http } = connect(port, { baseUrl: `https://127.0.0.1:${port}`, connectTimeoutMs: 60_000 });
    const error = await failure(http.json({ ...LISTING, timeoutMs: 30 }));
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('TIMEOUT') });
  });

  it('gives up at the deadline also while another request has the connection (W40)', async () => {
    const { http } = await socketsThat(() => {}, { readTimeoutMs: 60_000 });
    const other = failure(http.json(LISTING));
    const error = await failure(http.json({ ...LISTING, timeoutMs: 30 }));
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('TIMEOUT') });
    await http.close();
    await other;
  });

  it('succeeds within its deadline when the connection breaks once', async () => {
    const { http } = await socketsThat((socket, index) => {
      if (index < 1) socket.resetAndDestroy();
      else socket.end(WHOLE);
    });
    expect(await http.json({ ...LISTING, timeoutMs: 20_000 })).toEqual({});
  });

  it.each([
    ['to accept the connection', { connectTimeoutMs: 30, readTimeoutMs: 60_000 }, false],
    ['to answer', { connectTimeoutMs: 60_000, readTimeoutMs: 30 }, true],
  ])(
    'bounds the wait for Plex %s by a time-out of its own (18.1, W-66)',
    async (_, timeouts, isAccepting) => {
      const port = await listen(
        createServer((socket) => {
          socket.on('error', () => {});
          if (isAccepting) socket.resume();
        }),
      );
      const scheme = isAccepting ? 'http' : 'https';
      const { http, clock } = connect(port, { baseUrl: `${scheme}://127.0.0.1:${port}`, ...timeouts });
      expect(await failure(http.json(LISTING))).toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('TIMEOUT'),
        // Only what was sent may be at work in Plex.
        isUnanswered: isAccepting,
      });
      expect(clock.sleeps).toEqual([]);
    },
  );

  it('gives up an answer that drips and never ends: the time-outs bound the whole of it (W-16)', async () => {
    const { http, connections } = await socketsThat(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n');
        const drip = setInterval(() => socket.write(' '), 5);
        socket.on('close', () => clearInterval(drip));
      },
      { connectTimeoutMs: 30, readTimeoutMs: 60 },
    );
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: 'unavailable', isUnanswered: true });
    expect(connections()).toBe(1);
  });

  it('leaves https against a server without it to the user (W-15)', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const port = await listen(server);
    const { http } = connect(port, { baseUrl: `https://127.0.0.1:${port}` });
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: 'misconfigured' });
  });

  it('fails with a PlexError also over a head that is too large', async () => {
    const { http } = await plexThat((_, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'x-large': 'x'.repeat(20_000) }).end('{}');
    });
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: expect.any(String) });
  });

  it('fails with a PlexError also over a token that no header can carry', async () => {
    const { http } = await plexThat((_, response) => void response.end('{}'), { token: `${TOKEN}\u201d` });
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: 'misconfigured' });
  });

  it('does not hang in a request that is under way when it is closed', async () => {
    const { http } = await socketsThat(() => void http.close());
    expect(await failure(http.json(LISTING))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('openPlexHttp: certificates', () => {
  it('does not talk to a server that nobody vouches for, and says what to do about it (W-15)', async () => {
    const { seen, http: plain } = await plexThat(
      (_, response) => void response.writeHead(200, JSON_TYPE).end('{}'),
    );
    expect(await plain.json(LISTING)).toEqual({});
    const port = await startTlsFront(Number(seen[0]?.headers.host?.split(':')[1]));
    const { http, clock } = connect(port, { baseUrl: `https://127.0.0.1:${port}` });
    expect(await failure(http.json(LISTING))).toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('plex_accept_any_certificate'),
    });
    expect(clock.sleeps).toEqual([]);
    // The token did not get out.
    expect(seen).toHaveLength(1);
  });

  it('talks to it when the user says so (W-15)', async () => {
    const { seen, http: plain } = await plexThat(
      (_, response) => void response.writeHead(200, JSON_TYPE).end('{}'),
    );
    await plain.json(LISTING);
    const port = await startTlsFront(Number(seen[0]?.headers.host?.split(':')[1]));
    const { http } = connect(port, { baseUrl: `https://127.0.0.1:${port}`, acceptsAnyCertificate: true });
    expect(await http.json(LISTING)).toEqual({});
    expect(seen[1]?.headers).toMatchObject({ 'x-plex-token': TOKEN });
  });
});
