import { describe, expect, test } from 'vitest';
import type { StashDouble } from './startStashDouble.ts';
import { ask, testDouble } from './testClient.ts';

const QUERY = '{ version { version } }';

function get(double: StashDouble, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(double.url + path, { redirect: 'manual', headers });
}

function cookie(value: string): Record<string, string> {
  return { Cookie: `other=1; session=${value}` };
}

async function doubleWithLogin() {
  const clock = { ms: Date.UTC(2026, 0, 11, 12) };
  const double = await testDouble({ now: () => clock.ms, auth: { mode: 'login', apiKey: 'secret' } });
  double.scenes.add();
  return { double, clock };
}

describe('without a login', () => {
  test('every request is let through (SD-9)', async () => {
    const double = await testDouble();
    expect((await ask(double, QUERY)).status).toBe(200);
    expect((await ask(double, QUERY, {}, cookie('nonsense'))).status).toBe(200);
  });

  test('a wrong API key is 401 all the same, even beside a valid cookie (SD-9)', async () => {
    const double = await testDouble();
    expect((await ask(double, QUERY, {}, { ApiKey: 'stale' })).status).toBe(401);
    expect((await ask(double, QUERY, {}, { ApiKey: 'stale', ...cookie(double.cookieValue()) })).status).toBe(
      401,
    );
    double.auth.apiKey = 'stale';
    expect((await ask(double, QUERY, {}, { ApiKey: 'stale' })).status).toBe(200);
  });
});

describe('with a login', () => {
  test('GraphQL and paths with an extension are 401 without body (SD-9)', async () => {
    const { double } = await doubleWithLogin();
    for (const path of ['/graphql', '/scene/abc_sprite.jpg']) {
      const response = await get(double, path);
      expect(response.status).toBe(401);
      expect(await response.text()).toBe('');
    }
  });

  test('other paths lead to the login page, which is 200 (SD-9)', async () => {
    const { double } = await doubleWithLogin();
    for (const path of ['/scene/1/screenshot?t=5', '/index.html']) {
      const response = await get(double, path);
      expect(response.status).toBe(302);
      expect(response.headers.get('location')).toBe(`/login?returnURL=${encodeURIComponent(path)}`);
    }
    const followed = await fetch(`${double.url}/scene/1/screenshot`);
    expect(followed.status).toBe(200);
    expect(followed.headers.get('content-type')).toContain('text/html');
    expect(await followed.text()).toContain('Login');
  });

  test('the API key opens as header and as parameter (SD-9)', async () => {
    const { double } = await doubleWithLogin();
    const answer = await ask(double, QUERY, {}, { ApiKey: 'secret' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect((await get(double, '/scene/1/screenshot?t=5&apikey=secret')).status).toBe(200);
    expect((await get(double, '/scene/1/screenshot?apikey=wrong')).status).toBe(401);
  });

  test('a cookie opens, and is answered with a fresh one (SD-9)', async () => {
    const { double } = await doubleWithLogin();
    const answer = await ask(double, QUERY, {}, cookie(double.cookieValue()));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^session=[\w-]+=*; /);
    expect((await get(double, '/scene/1/screenshot', cookie(double.cookieValue()))).status).toBe(200);
  });

  test('a cookie expires max_session_age after it was made (SD-9)', async () => {
    const { double, clock } = await doubleWithLogin();
    const value = double.cookieValue();
    clock.ms += 3_600_000;
    expect((await ask(double, QUERY, {}, cookie(value))).status).toBe(200);
    clock.ms += 1_000;
    expect((await ask(double, QUERY, {}, cookie(value))).status).toBe(401);
    double.auth.maxSessionAgeSecs = 7_200;
    expect((await ask(double, QUERY, {}, cookie(value))).status).toBe(200);
  });

  test('a client that adopts Set-Cookie stays logged in (SD-9)', async () => {
    const { double, clock } = await doubleWithLogin();
    let value = double.cookieValue();
    for (let hour = 0; hour < 3; hour += 1) {
      clock.ms += 3_500_000;
      const { status, headers } = await ask(double, QUERY, {}, cookie(value));
      expect(status).toBe(200);
      value = /^session=([^;]*)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';
    }
  });

  test('a forged or foreign cookie does not open (SD-9)', async () => {
    const { double } = await doubleWithLogin();
    const { double: other } = await doubleWithLogin();
    const value = double.cookieValue();
    const forged = (value.startsWith('A') ? 'B' : 'A') + value.slice(1);
    for (const wrong of [forged, other.cookieValue(), '', 'short']) {
      expect((await ask(double, QUERY, {}, cookie(wrong))).status).toBe(401);
    }
  });

  test('the mode may change while it runs (SD-9)', async () => {
    const { double } = await doubleWithLogin();
    double.auth.mode = 'open';
    expect((await ask(double, '{ configuration { general { apiKey } } }')).data).toEqual({
      configuration: { general: { apiKey: 'secret' } },
    });
  });
});

test('revoked sessions and a changed key are 401 from then on, new ones are not (SD-9)', async () => {
  const { double } = await doubleWithLogin();
  const old = cookie(double.cookieValue());
  expect((await ask(double, QUERY, {}, old)).status).toBe(200);
  double.revokeSessions();
  expect((await ask(double, QUERY, {}, old)).status).toBe(401);
  expect((await ask(double, QUERY, {}, cookie(double.cookieValue()))).status).toBe(200);
  expect((await ask(double, QUERY, {}, { ApiKey: 'secret' })).status).toBe(200);
  double.auth.apiKey = 'other';
  expect((await ask(double, QUERY, {}, { ApiKey: 'secret' })).status).toBe(401);
});
