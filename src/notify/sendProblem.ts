import { networkErrorCode, networkErrorKind } from '../http/networkError.ts';
import { nameOf, type Service, type Target } from './Target.ts';

/** What came of one try: an answer, or nothing. */
export type Attempt =
  | { status: number; isPage: boolean; retryAfterMs?: number | undefined }
  | { error: unknown };

/** Of these an answer in HTML is a login page of a proxy in front of them. */
const ANSWER_JSON: readonly Service[] = ['Discord', 'ntfy', 'Gotify'];

/** What is wrong, as a sentence with what helps and without anything secret; undefined when the message was accepted. */
export function sendProblem(target: Target, attempt: Attempt, timeoutMs: number): string | undefined {
  const name = nameOf(target);
  if ('error' in attempt) return networkProblem(name, attempt.error, timeoutMs);
  const { status, isPage } = attempt;
  if (status >= 200 && status < 300) {
    if (target.service === 'Apprise' && status === 204)
      return `${sentenceCase(name)} has nothing configured under this address (status 204): add services to its key, or correct notify_url.`;
    if (isPage && ANSWER_JSON.includes(target.service))
      return `A web page answers in place of ${name} (status ${status}): a proxy or a login may stand in between.`;
    return undefined;
  }
  return statusProblem(sentenceCase(name), status, target.service);
}

function statusProblem(name: string, status: number, service: Service): string {
  if (status < 400)
    return `${name} redirects elsewhere (status ${status}): enter the address that it leads to in notify_url.`;
  if (service === 'Apprise' && status === 424)
    return `${name} could not reach a service that it passes messages on to (status ${status}): see its own log.`;
  switch (status) {
    case 401:
    case 403:
      return `${name} refuses the login (status ${status}): correct the user, password or token in notify_url.`;
    case 404:
    case 410:
      return `${name} does not know this address (status ${status}): copy it again into notify_url, or make a new one there.`;
    case 429:
      return `${name} wants fewer messages (status ${status}): nothing to do, unless others use up its limit.`;
  }
  if (status >= 500) return `${name} fails at a message (status ${status}): see its own log.`;
  return `${name} does not take the message (status ${status}): check that notify_url is the whole address of its service.`;
}

function networkProblem(name: string, error: unknown, timeoutMs: number): string {
  const code = networkErrorCode(error) ?? 'no usable answer';
  switch (networkErrorKind(error)) {
    case 'timeout':
      return `${sentenceCase(name)} gave no answer within ${timeoutMs / 1000} seconds: check that it runs.`;
    case 'certificate':
      return `The certificate of ${name} is not accepted (${code}): use the name that it is made out to, or plain http at home.`;
    case 'unreachable':
    case 'interrupted':
      return `${sentenceCase(name)} does not answer (${code}): check the address in notify_url, and that it runs.`;
    case undefined:
      return `No message can be sent to ${name} (${code}): correct notify_url.`;
  }
}

/** A service's own name stays as it writes itself. */
function sentenceCase(name: string): string {
  return name.startsWith('the ') ? `T${name.slice(1)}` : name;
}
