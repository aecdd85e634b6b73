import { NTFY_LOGIN, NTFY_TOKEN } from './credentials.ts';
import { type Delivered, json, type ServiceAnswer } from './NotifyRequest.ts';

/** The one user of the protected topic. */
const LOGINS = [
  `Bearer ${NTFY_TOKEN}`,
  `Basic ${Buffer.from(`${NTFY_LOGIN.user}:${NTFY_LOGIN.password}`).toString('base64')}`,
];

/**
 * ntfy's "Publish as JSON" at its root: a topic is needed, priority is 1 to 5, tags are a list; topics that begin with `private` are for
 * the user only (403). A message over 4 096 bytes becomes a file, which is what nobody wants: the double refuses it.
 */
export function ntfyAnswer({ method, headers, body }: Delivered): ServiceAnswer {
  const { topic, title = '', message = '', priority = 3, tags = [] } = body;
  if (method !== 'POST' && method !== 'PUT')
    return json(404, { code: 40401, http: 404, error: 'page not found' });
  if (typeof topic !== 'string' || !/^[-_A-Za-z0-9]{1,64}$/.test(topic))
    return json(400, { code: 40009, http: 400, error: 'invalid request: topic invalid' });
  const isWellFormed =
    typeof title === 'string' &&
    typeof message === 'string' &&
    Buffer.byteLength(message) <= 4_096 &&
    [1, 2, 3, 4, 5].includes(Number(priority)) &&
    Array.isArray(tags);
  if (!isWellFormed)
    return json(400, { code: 40024, http: 400, error: 'invalid request: request body must be valid JSON' });
  if (headers.authorization !== undefined && !LOGINS.includes(headers.authorization))
    return json(401, { code: 40101, http: 401, error: 'unauthorized' });
  if (topic.startsWith('private') && headers.authorization === undefined)
    return json(403, { code: 40301, http: 403, error: 'forbidden' });
  return json(200, { id: 'sPs71M8A2T', time: 1_700_000_000, event: 'message', topic, message });
}
