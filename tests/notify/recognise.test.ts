import { describe, expect, it } from 'vitest';
import { recognise } from '../../src/notify/recognise.ts';
import { DISCORD_PATH } from '../support/notifyDouble/credentials.ts';

const TOKEN = 'dIsCoRd-T0ken_of_this_webhook';
const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;

describe('an address for notifications', () => {
  it.each([
    [`https://discord.com${DISCORD_PATH}`, 'Discord'],
    [`https://discordapp.com/api/v10/webhooks/1234567890123456789/${TOKEN}`, 'Discord'],
    [`https://ptb.discord.com${DISCORD_PATH}?thread_id=77`, 'Discord'],
    ['https://ntfy.sh/my_topic', 'ntfy'],
    ['https://ntfy.example.org/my_topic', 'ntfy'],
    ['ntfy://192.168.1.10:8080/my_topic', 'ntfy'],
    ['ntfys://push.example.org/my_topic', 'ntfy'],
    ['https://push.example.org/message?token=AbCdEf', 'Gotify'],
    ['https://example.org/gotify/message?token=AbCdEf', 'Gotify'],
    ['http://apprise:8000/notify/my-key', 'Apprise'],
    ['http://apprise:8000/notify/', 'Apprise'],
    ['http://apprise:8000/notify/my-key?tag=admin', 'Apprise'],
    ['http://192.168.1.10:1880/stash', 'JSON'],
    ['https://push.example.org/message', 'JSON'],
    ['https://ntfy.example.org/', 'JSON'],
    ['https://discord.com/channels/1/2', 'JSON'],
  ])('%s is recognised as one of %s', (address, service) => {
    expect(recognise(address).service).toBe(service);
  });

  it.each([
    ['https://ntfy.sh/topic', { url: 'https://ntfy.sh/', topic: 'topic', headers: {} }],
    ['ntfy://ntfy.sh/topic', { url: 'https://ntfy.sh/', topic: 'topic' }],
    ['ntfy://home:8080/topic', { url: 'http://home:8080/', topic: 'topic' }],
    ['ntfys://home/sub/topic?auth=x', { url: 'https://home/sub?auth=x', topic: 'topic' }],
    ['ntfys://:tk_1@home/topic', { url: 'https://home/', headers: { authorization: 'Bearer tk_1' } }],
    ['ntfys://tk_1@home/topic', { headers: { authorization: 'Bearer tk_1' } }],
    ['ntfys://u:p%40%3A@home/topic', { headers: { authorization: basic('u:p@:') } }],
    ['https://u:p@home/hook?a=1', { url: 'https://home/hook?a=1', headers: { authorization: basic('u:p') } }],
    [
      'https://u:p@home/x/message?token=T0&a=1',
      {
        url: 'https://home/x/message?a=1',
        headers: { authorization: basic('u:p'), 'x-gotify-key': 'T0' },
      },
    ],
    ['http://home/notify/key?tag=a%20b', { url: 'http://home/notify/key', tag: 'a b' }],
  ])('%s is asked without its login and token, which go in headers', (address, expected) => {
    expect(recognise(address)).toMatchObject(expected);
  });

  it('has secrets: the whole path, its random parts, the token and the password, but no word of every day', () => {
    expect(recognise(`https://discord.com${DISCORD_PATH}`).secrets).toContain(TOKEN);
    expect(recognise('https://ntfy.sh/stash').secrets).not.toContain('stash');
    expect(recognise('https://ntfy.sh/stash').secrets).toContain('ntfy.sh/stash');
    expect(recognise('https://phil:secret@home/message?token=Tok.12').secrets).toEqual(
      expect.arrayContaining(['secret', 'Tok.12', Buffer.from('phil:secret').toString('base64')]),
    );
    expect(recognise('https://home/hooks/abc?key=0123456789abcdef').secrets).toContain('0123456789abcdef');
  });
});
