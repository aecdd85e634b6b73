/** What the double's services know their users by. */
export const DISCORD_PATH = '/api/webhooks/1234567890123456789/dIsCoRd-T0ken_of_this_webhook';
export const NTFY_TOKEN = 'tk_0123456789abcdefghijklmnopqrs';
export const NTFY_LOGIN = { user: 'phil', password: 'my:pass word' };
export const GOTIFY_TOKEN = 'AbCdEf.12345678';
export const APPRISE_KEY = 'my-apprise-key';
