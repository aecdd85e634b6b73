import { DISCORD_PATH } from './credentials.ts';
import { type Delivered, json, type ServiceAnswer } from './NotifyRequest.ts';

/**
 * Discord's "Execute Webhook": nothing on success (204), 404 with code 10015 for a webhook that is gone, 401 for a wrong token, 400 with code
 * 50006 for an empty message and 50035 for one that is too long (content 2 000, an embed's title 256, its description 4 096).
 */
export function discordAnswer({ method, path, body }: Delivered): ServiceAnswer {
  if (method !== 'POST') return json(405, { message: '405: Method Not Allowed', code: 0 });
  if (path !== DISCORD_PATH) {
    const isTokenWrong = path.startsWith(DISCORD_PATH.slice(0, DISCORD_PATH.lastIndexOf('/') + 1));
    return isTokenWrong
      ? json(401, { message: 'Invalid Webhook Token', code: 50027 })
      : json(404, { message: 'Unknown Webhook', code: 10015 });
  }
  const embeds = Array.isArray(body['embeds']) ? body['embeds'] : [];
  const content = body['content'];
  if (embeds.length === 0 && typeof content !== 'string')
    return json(400, { message: 'Cannot send an empty message', code: 50006 });
  const isTooLong =
    String(content ?? '').length > 2_000 ||
    embeds.length > 10 ||
    embeds.some(({ title = '', description = '' }) => title.length > 256 || description.length > 4_096);
  if (isTooLong) return json(400, { message: 'Invalid Form Body', code: 50035 });
  return { status: 204, body: '' };
}
