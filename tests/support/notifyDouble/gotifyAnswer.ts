import { GOTIFY_TOKEN } from './credentials.ts';
import { type Delivered, json, type ServiceAnswer } from './NotifyRequest.ts';

/** Gotify's `POST /message`: the application's token in the query or a header (else 401), and a message that is not empty (else 400). */
export function gotifyAnswer({ method, query, headers, body }: Delivered): ServiceAnswer {
  const token = query['token'] ?? headers['x-gotify-key'];
  if (token !== GOTIFY_TOKEN)
    return json(401, {
      error: 'Unauthorized',
      errorCode: 401,
      errorDescription: 'you need to provide a valid access token or user credentials to access this api',
    });
  if (method !== 'POST')
    return json(404, { error: 'Not Found', errorCode: 404, errorDescription: 'page not found' });
  const { message, title = '', priority = 0 } = body;
  const isWellFormed =
    typeof message === 'string' && message !== '' && typeof title === 'string' && Number.isInteger(priority);
  if (!isWellFormed)
    return json(400, {
      error: 'Bad Request',
      errorCode: 400,
      errorDescription: "Field 'message' is required",
    });
  return json(200, { id: 25, appid: 5, message, title, priority });
}
