import { describe, expect, it, onTestFinished } from 'vitest';
import { openHttpAgent } from '../../src/http/openHttpAgent.ts';
import { type Delivery, deliver } from '../../src/notify/deliver.ts';
import type { Notice } from '../../src/notify/Notice.ts';
import { recognise } from '../../src/notify/recognise.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { APPRISE_KEY, DISCORD_PATH, GOTIFY_TOKEN, NTFY_TOKEN } from '../support/notifyDouble/credentials.ts';
import {
  type NotifyDouble,
  type NotifyFault,
  startNotifyDouble,
} from '../support/notifyDouble/startNotifyDouble.ts';
import { startTlsFront } from '../support/startTlsFront.ts';

const AT = '2026-01-11T12:00:00.000Z';
const NOTICE: Notice = {
  id: 'outage:1',
  event: 'outage',
  level: 'problem',
  title: 'Plex does not answer',
  message: 'For 5m 0s by now.',
  figures: { scenes_waiting: 3 },
  atMs: Date.parse(AT),
};
/** Short enough for a test to wait for, long enough for a server on this machine. */
const TIMEOUT_MS = 250;

async function startDouble(): Promise<NotifyDouble> {
  const double = await startNotifyDouble();
  onTestFinished(() => double.stop());
  return double;
}

async function send(address: string, notice = NOTICE, timeoutMs = 5_000) {
  const clock = new FakeClock();
  const http = openHttpAgent({ connect: { timeout: timeoutMs } });
  try {
    const delivery: Delivery = await deliver(notice, recognise(address), { http, clock, timeoutMs });
    return { delivery, sleeps: clock.sleeps };
  } finally {
    await http.close();
  }
}

/** Every service with an address of the double, and what a message looks like there. */
const SERVICES: [string, (double: NotifyDouble) => string, number, Record<string, unknown>][] = [
  [
    'Discord',
    ({ url }) => `${url}${DISCORD_PATH}`,
    204,
    {
      username: 'Stash2Plex',
      embeds: [{ title: NOTICE.title, description: NOTICE.message, color: 0xc0392b, timestamp: AT }],
      allowed_mentions: { parse: [] },
    },
  ],
  [
    'ntfy',
    ({ port }) => `ntfy://${NTFY_TOKEN}@127.0.0.1:${port}/private_topic`,
    200,
    { topic: 'private_topic', title: NOTICE.title, message: NOTICE.message, priority: 4, tags: ['warning'] },
  ],
  [
    'ntfy with a password',
    ({ port }) => `ntfy://phil:my%3Apass%20word@127.0.0.1:${port}/private_topic`,
    200,
    { topic: 'private_topic', title: NOTICE.title },
  ],
  [
    'Gotify',
    ({ url }) => `${url}/message?token=${GOTIFY_TOKEN}`,
    200,
    { title: NOTICE.title, message: NOTICE.message, priority: 8 },
  ],
  [
    'Apprise',
    ({ url }) => `${url}/notify/${APPRISE_KEY}?tag=admin`,
    200,
    { title: NOTICE.title, body: NOTICE.message, type: 'warning', format: 'text', tag: 'admin' },
  ],
  [
    'JSON',
    ({ url }) => `${url}/hook`,
    200,
    {
      event: 'outage',
      level: 'problem',
      title: NOTICE.title,
      message: NOTICE.message,
      scenes_waiting: 3,
      id: 'outage:1',
      at: AT,
    },
  ],
];

describe.each(SERVICES)('a message to %s', (_name, addressOf, status, body) => {
  it('has the form of the service, which accepts it', async () => {
    const double = await startDouble();
    const { delivery } = await send(addressOf(double));
    expect(delivery).toEqual({ accepted: true, status, problem: null });
    expect(double.requests).toHaveLength(1);
    expect(double.requests[0]).toMatchObject({ method: 'POST', body, status });
    expect(double.requests[0]?.headers['content-type']).toBe('application/json');
  });

  it('is tried twice when the first try meets a failing server, and no more', async () => {
    const double = await startDouble();
    double.fail({ status: 502 });
    expect((await send(addressOf(double))).delivery).toMatchObject({ accepted: true });
    double.fail({ status: 500 }, 3);
    const { delivery } = await send(addressOf(double));
    expect(delivery).toMatchObject({ accepted: false, status: 500 });
    expect(delivery.problem).toContain('fails at a message (status 500)');
    expect(double.requests).toHaveLength(4);
  });

  it('is given up after two tries when the server is slow', async () => {
    const double = await startDouble();
    double.fail('silent', 2);
    const { delivery } = await send(addressOf(double), NOTICE, TIMEOUT_MS);
    expect(delivery).toMatchObject({ accepted: false, status: null });
    expect(delivery.problem).toContain('gave no answer within 0.25 seconds');
    expect(double.requests).toHaveLength(2);
  });

  it('is tried once where it is refused, and says what helps', async () => {
    const double = await startDouble();
    double.fail({ status: 401 });
    const { delivery } = await send(addressOf(double));
    expect(delivery).toMatchObject({ accepted: false, status: 401 });
    expect(delivery.problem).toContain('refuses the login (status 401): correct the user, password or token');
    expect(double.requests).toHaveLength(1);
  });

  it('says so when nobody listens any more', async () => {
    const double = await startDouble();
    const address = addressOf(double);
    await double.stop();
    const { delivery, sleeps } = await send(address);
    expect(delivery).toMatchObject({ accepted: false, status: null });
    expect(delivery.problem).toMatch(/does not answer \(ECONNREFUSED\): check the address/);
    expect(sleeps).toEqual([1_000]);
  });

  it('stays within what the service takes, however long the text', async () => {
    const double = await startDouble();
    const long = { ...NOTICE, title: 'ü'.repeat(3_000), message: '漢'.repeat(9_000) };
    expect((await send(addressOf(double), long)).delivery).toMatchObject({ accepted: true });
  });

  it('shows nothing of its address but the host, whatever goes wrong', async () => {
    const double = await startDouble();
    const secrets = [DISCORD_PATH, NTFY_TOKEN, 'private_topic', 'pass', GOTIFY_TOKEN, APPRISE_KEY, 'hook'];
    const faults: NotifyFault[] = [
      { status: 302 },
      { status: 404 },
      { status: 429 },
      { status: 400 },
      'reset',
    ];
    for (const fault of faults) {
      double.fail(fault, 2);
      const { delivery } = await send(addressOf(double));
      expect(delivery.problem).toContain(`127.0.0.1:${double.port}`);
      for (const secret of secrets) expect(delivery.problem).not.toContain(secret);
      double.heal();
    }
  });
});

describe('a message', () => {
  it('follows no redirect, which would carry its secrets elsewhere', async () => {
    const [double, elsewhere] = [await startDouble(), await startDouble()];
    double.fail({ status: 307, headers: { location: `${elsewhere.url}/hook` } });
    const { delivery } = await send(`${double.url}/hook`);
    expect(delivery.problem).toBe(
      `The receiver at 127.0.0.1:${double.port} redirects elsewhere (status 307): enter the address that it leads to in notify_url.`,
    );
    expect(elsewhere.requests).toEqual([]);
  });

  it('waits as long as it is asked to, up to five seconds', async () => {
    const double = await startDouble();
    double.fail({ status: 429, headers: { 'retry-after': '2.5' } });
    expect(await send(`${double.url}${DISCORD_PATH}`)).toMatchObject({
      delivery: { accepted: true },
      sleeps: [2_500],
    });
    double.fail({ status: 429, headers: { 'retry-after': '60' } });
    const { delivery, sleeps } = await send(`${double.url}${DISCORD_PATH}`);
    expect([delivery.status, sleeps]).toEqual([429, []]);
  });

  it('counts as accepted when the answer has begun well and never ends', async () => {
    const double = await startDouble();
    double.fail('endless');
    expect((await send(`${double.url}/hook`, NOTICE, TIMEOUT_MS)).delivery).toEqual({
      accepted: true,
      status: 200,
      problem: null,
    });
  });

  it('is not taken for accepted by a login page in front of the service', async () => {
    const double = await startDouble();
    double.fail({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>' });
    const { delivery } = await send(`${double.url}/message?token=${GOTIFY_TOKEN}`);
    expect(delivery.problem).toContain('A web page answers in place of Gotify at');
  });

  it.each([
    [
      'a key that nothing is configured under',
      '/notify/another-key',
      'has nothing configured under this address',
    ],
    ['a service that cannot be reached', `/notify/${APPRISE_KEY}?tag=broken`, 'could not reach a service'],
  ])('to Apprise says what is wrong with %s', async (_name, path, sentence) => {
    const double = await startDouble();
    const { delivery } = await send(`${double.url}${path}`);
    expect(delivery.accepted).toBe(false);
    expect(delivery.problem).toContain(sentence);
  });

  it('goes over a certificate that nobody vouches for to nobody', async () => {
    const double = await startDouble();
    const port = await startTlsFront(double.port);
    const { delivery, sleeps } = await send(`https://127.0.0.1:${port}/hook`);
    expect(delivery.problem).toMatch(/^The certificate of the receiver at 127\.0\.0\.1:\d+ is not accepted/);
    expect(sleeps).toEqual([]);
    expect(double.requests).toEqual([]);
  });

  it('that no request can be made of says so', async () => {
    const double = await startDouble();
    const { delivery } = await send(`${double.url}/message?token=%0A%00`);
    expect(delivery.problem).toMatch(/^No message can be sent to Gotify at .*: correct notify_url\.$/);
  });
});
