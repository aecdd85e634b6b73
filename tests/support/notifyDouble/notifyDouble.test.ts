import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APPRISE_KEY, DISCORD_PATH, GOTIFY_TOKEN, NTFY_TOKEN } from './credentials.ts';
import { type NotifyDouble, startNotifyDouble } from './startNotifyDouble.ts';

let double: NotifyDouble;
beforeAll(async () => {
  double = await startNotifyDouble();
});
afterAll(() => double.stop());

const embed = { title: 'T', description: 'D' };
const gotify = `/message?token=${GOTIFY_TOKEN}`;
const apprise = `/notify/${APPRISE_KEY}`;
const bearer = { authorization: `Bearer ${NTFY_TOKEN}` };

describe('the double of receivers', () => {
  it.each<[string, unknown, Record<string, string>, number]>([
    [DISCORD_PATH, { content: 'Hello' }, {}, 204],
    [DISCORD_PATH, { embeds: [embed] }, {}, 204],
    [DISCORD_PATH, { embeds: [] }, {}, 400],
    [DISCORD_PATH, { content: 'x'.repeat(2_001) }, {}, 400],
    [DISCORD_PATH, { embeds: [{ ...embed, title: 'x'.repeat(257) }] }, {}, 400],
    [`${DISCORD_PATH}x`, { content: 'Hello' }, {}, 401],
    ['/api/webhooks/1/x', { content: 'Hello' }, {}, 404],
    ['/', { topic: 'open', message: 'M' }, {}, 200],
    ['/', { message: 'M' }, {}, 400],
    ['/', { topic: 'open', message: 'M', priority: 9 }, {}, 400],
    ['/', { topic: 'open', message: '漢'.repeat(1_400) }, {}, 400],
    ['/', { topic: 'private', message: 'M' }, {}, 403],
    ['/', { topic: 'private', message: 'M' }, bearer, 200],
    ['/', { topic: 'open', message: 'M' }, { authorization: 'Bearer tk_wrong' }, 401],
    [gotify, { message: 'M' }, {}, 200],
    ['/message', { message: 'M' }, { 'x-gotify-key': GOTIFY_TOKEN }, 200],
    ['/message', { message: 'M' }, {}, 401],
    [gotify, { title: 'T' }, {}, 400],
    [apprise, { body: 'B' }, {}, 200],
    [apprise, { body: 'B', type: 'problem' }, {}, 400],
    [apprise, { title: 'T' }, {}, 400],
    [apprise, { body: 'B', tag: 'broken' }, {}, 424],
    ['/notify/unknown', { body: 'B' }, {}, 204],
    ['/anything', {}, {}, 200],
  ])('answers a message to %s (%j, %j) with %d', async (path, body, headers, status) => {
    const answer = await fetch(`${double.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(status);
  });
});
