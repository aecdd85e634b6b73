import { APPRISE_KEY } from './credentials.ts';
import { type Delivered, json, type ServiceAnswer } from './NotifyRequest.ts';

const TYPES = ['info', 'success', 'warning', 'failure'];
const FORMATS = ['text', 'markdown', 'html'];

/**
 * Apprise API's `POST /notify/<key>`: 204 when nothing is configured under the key, 400 for a body without `body` or with a type or format
 * that it does not know, 424 when a service could not be reached (its tag is `broken` here), else 200. Without a key it needs `urls`.
 */
export function appriseAnswer({ method, path, body }: Delivered): ServiceAnswer {
  if (method !== 'POST') return json(405, { error: 'Method Not Allowed' });
  const key = path.split('/')[2];
  const { body: text, type = 'info', format = 'text', tag } = body;
  const isWellFormed =
    typeof text === 'string' &&
    text !== '' &&
    TYPES.includes(String(type)) &&
    FORMATS.includes(String(format));
  if (!isWellFormed) return json(400, { error: 'An invalid payload was specified' });
  if (key !== APPRISE_KEY) return { status: 204, body: '' };
  if (tag === 'broken') return json(424, { error: 'One or more notification could not be sent.' });
  return json(200, { error: null, details: [] });
}
