import { describe, expect, test, vi } from 'vitest';
import { ask, testDouble } from './testClient.ts';

const QUERY = 'query Version { version { version } }';

describe('an outage', () => {
  test('refuses connections; afterwards port and state are the same (SD-9)', async () => {
    const double = await testDouble();
    const id = double.scenes.add({ title: 'kept' });
    const cookie = { Cookie: `session=${double.cookieValue()}` };
    await ask(double, QUERY);
    await double.stop();
    await double.stop();
    await expect(ask(double, QUERY)).rejects.toThrow();
    await double.start();
    await double.start();
    double.auth.mode = 'login';
    expect((await ask(double, `{ findScene(id: ${id}) { title } }`, {}, cookie)).data).toEqual({
      findScene: { title: 'kept' },
    });
  });

  test('cuts the requests that are under way (SD-9)', async () => {
    const double = await testDouble();
    double.faults.add({ action: { delayMs: 10_000_000 } });
    const asked = expect(ask(double, QUERY)).rejects.toThrow();
    await vi.waitFor(() => expect(double.log.count()).toBe(1));
    await double.stop();
    await asked;
  });
});

describe('serverConnection', () => {
  test('has the members of the stdin document, in its order (SD-3)', async () => {
    const double = await testDouble();
    const connection = double.serverConnection();
    expect(Object.keys(connection)).toEqual(['Scheme', 'Host', 'Port', 'SessionCookie', 'Dir', 'PluginDir']);
    expect(connection).toMatchObject({ Scheme: 'http', Host: '0.0.0.0', Port: double.port });
    expect(connection.SessionCookie).toMatchObject({ Name: 'session', Path: '', MaxAge: 0, Unparsed: null });
    expect(Object.keys(connection.SessionCookie ?? {})).toHaveLength(14);
    expect(connection.SessionCookie?.Value).toMatch(/^[\w-]+=*$/);
  });

  test('may be overridden (SD-3)', async () => {
    const double = await testDouble();
    const overrides = { Host: '::', SessionCookie: null, PluginDir: '/plugins/x' };
    expect(double.serverConnection(overrides)).toMatchObject({ ...overrides, Port: double.port });
  });
});

describe('the log', () => {
  test('has every request, in order, with what it asked for (SD-10)', async () => {
    const double = await testDouble({ now: () => 5_000, auth: { mode: 'login', apiKey: 'k' } });
    const body = JSON.stringify({ query: QUERY, variables: { a: 1 }, operationName: 'Version' });
    const headers = { 'Content-Type': 'application/json', ApiKey: 'k' };
    await fetch(`${double.url}/graphql`, { method: 'POST', headers, body });
    await fetch(`${double.url}/scene/1/screenshot?t=5`, { redirect: 'manual' });
    expect(double.log.all()).toMatchObject([
      {
        method: 'POST',
        path: '/graphql',
        search: '',
        operationName: 'Version',
        rootFields: ['version'],
        query: QUERY,
        variables: { a: 1 },
        headers: { apikey: 'k' },
        status: 200,
        atMs: 5_000,
      },
      {
        method: 'GET',
        path: '/scene/1/screenshot',
        search: '?t=5',
        operationName: null,
        query: null,
        status: 302,
      },
    ]);
  });

  test('counts and filters, may be cleared and switched off (SD-10)', async () => {
    const double = await testDouble();
    await ask(double, QUERY);
    await ask(double, '{ jobQueue { id } }');
    await ask(double, '{ broken');
    expect(double.log.count()).toBe(3);
    expect(double.log.count({ operation: 'jobQueue' })).toBe(1);
    expect(double.log.where({ operation: /^version$/, path: '/graphql', method: 'POST' })).toHaveLength(1);
    expect(double.log.where(({ status }) => status === 400)).toHaveLength(1);
    double.log.clear();
    double.log.enabled = false;
    await ask(double, QUERY);
    expect(double.log.count()).toBe(0);
  });
});

describe('faults', () => {
  test.each([401, 500, 503])('answer with status %d and execute nothing (SD-10)', async (status) => {
    const double = await testDouble();
    double.scenes.add({ title: 'a' });
    double.faults.add({ match: { operation: 'sceneUpdate' }, action: { status } });
    const update = 'mutation { sceneUpdate(input: { id: 1, title: "b" }) { id } }';
    expect((await ask(double, update)).status).toBe(status);
    expect(double.scenes.get(1)?.title).toBe('a');
    expect((await ask(double, QUERY)).status).toBe(200);
    expect(double.log.all().map((entry) => entry.status)).toEqual([status, 200]);
  });

  test('hit the nth request, or a number of them (SD-10)', async () => {
    const double = await testDouble();
    const statuses = async (count: number) => {
      const seen: number[] = [];
      for (let index = 0; index < count; index += 1) seen.push((await ask(double, QUERY)).status);
      return seen;
    };
    const third = double.faults.add({ nth: 3, action: { status: 503 } });
    expect(await statuses(4)).toEqual([200, 200, 503, 200]);
    expect(third.hits).toBe(1);
    third.remove();
    double.faults.add({ nth: 2, times: 2, action: { status: 500 } });
    expect(await statuses(4)).toEqual([200, 500, 500, 200]);
    double.faults.clear();
    double.faults.add({ times: 1, action: { status: 401 } });
    expect(await statuses(2)).toEqual([401, 200]);
    const always = double.faults.add({ match: { path: /graphql/ }, action: { status: 500 } });
    expect(await statuses(3)).toEqual([500, 500, 500]);
    always.remove();
    expect(await statuses(1)).toEqual([200]);
  });

  test('answer with a GraphQL error, nothing, or the login page (SD-10)', async () => {
    const double = await testDouble();
    double.faults.add({ nth: 1, action: { graphqlError: 'database is locked' } });
    double.faults.add({ nth: 2, action: 'emptyReply' });
    double.faults.add({ nth: 3, action: 'loginPage' });
    expect(await ask(double, QUERY)).toMatchObject({
      status: 200,
      data: null,
      errors: [{ message: 'database is locked' }],
    });
    const reply = () => fetch(`${double.url}/graphql`, { method: 'POST' });
    const empty = await reply();
    expect([empty.status, await empty.text()]).toEqual([200, '']);
    const page = await reply();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  test('reset the connection before, or cut it after the effect (SD-10)', async () => {
    const double = await testDouble();
    double.scenes.add({ title: 'a' });
    const update = (title: string) =>
      ask(double, `mutation { sceneUpdate(input: { id: 1, title: "${title}" }) { id } }`);
    double.faults.add({ nth: 1, action: 'reset' });
    await expect(update('b')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(double.scenes.get(1)?.title).toBe('a');
    double.faults.clear();
    double.faults.add({ nth: 1, action: 'truncated' });
    await expect(update('c')).rejects.toThrow();
    expect(double.scenes.get(1)?.title).toBe('c');
  });

  test('and latency delay a reply that is otherwise normal (SD-10)', async () => {
    const double = await testDouble({ latencyMs: 1 });
    double.faults.add({ action: { delayMs: 2 } });
    expect((await ask(double, QUERY)).data).toEqual({ version: { version: 'v0.30.1' } });
  });
});

describe('a database that does not answer', () => {
  const BATCH = '{ s1: findScene(id: 1) { id } s9: findScene(id: 9) { id } }';
  const PAGE = '{ findScenes { count } }';

  test.each([
    ['locked', 'database is locked', 'OK', 75],
    ['needsMigration', 'database not initialized', 'NEEDS_MIGRATION', 74],
    ['needsSetup', 'database not initialized', 'SETUP', null],
  ] as const)(
    '(%s) fails every scene, and nothing else (SD-10)',
    async (condition, message, status, schema) => {
      const double = await testDouble();
      double.scenes.add({ screenshot: Buffer.from('jpeg') });
      double.database.condition = condition;
      expect(await ask(double, BATCH)).toMatchObject({ status: 200, data: { s1: null, s9: null } });
      expect((await ask(double, BATCH)).errors).toEqual([
        { message, path: ['s1'] },
        { message, path: ['s9'] },
      ]);
      expect(await ask(double, PAGE)).toMatchObject({
        status: 200,
        data: null,
        errors: [{ message, path: ['findScenes'] }],
      });
      const update = 'mutation { sceneUpdate(input: { id: 1, title: "b" }) { id } }';
      expect((await ask(double, update)).errors).toEqual([{ message, path: ['sceneUpdate'] }]);
      expect(double.scenes.get(1)?.title).toBe('');
      const system =
        '{ systemStatus { status databaseSchema appSchema } jobQueue { id } configuration { plugins } }';
      expect(await ask(double, system)).toMatchObject({
        errors: undefined,
        data: { systemStatus: { status, databaseSchema: schema, appSchema: 75 } },
      });
      expect((await fetch(`${double.url}/scene/1/screenshot`)).status).toBe(404);
      double.database.condition = 'ready';
      expect((await ask(double, BATCH)).data).toEqual({ s1: { id: '1' }, s9: null });
    },
  );

  test('for a number of requests only is a fault of resolvers (SD-10)', async () => {
    const double = await testDouble();
    double.scenes.add();
    const message = 'database is locked';
    const fault = double.faults.add({
      match: { operation: /^find/ },
      times: 2,
      action: { resolverError: message },
    });
    expect(await ask(double, BATCH)).toMatchObject({
      status: 200,
      data: { s1: null, s9: null },
      errors: [
        { message, path: ['s1'] },
        { message, path: ['s9'] },
      ],
    });
    expect(await ask(double, PAGE)).toMatchObject({
      data: null,
      errors: [{ message, path: ['findScenes'] }],
    });
    expect((await ask(double, BATCH)).errors).toBeUndefined();
    expect(fault.hits).toBe(2);
  });
});

test('a fault may last for a while on the clock of the server (SD-10)', async () => {
  const clock = { ms: 5_000 };
  const double = await testDouble({ now: () => clock.ms });
  double.faults.add({ forMs: 2_000, action: { status: 503 } });
  const statuses: number[] = [];
  for (const ms of [5_000, 6_999, 7_000, 9_000]) {
    clock.ms = ms;
    statuses.push((await ask(double, QUERY)).status);
  }
  expect(statuses).toEqual([503, 503, 200, 200]);
});
