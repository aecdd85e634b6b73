import type { Service, Target } from './Target.ts';

/**
 * Recognises a service by its address, without asking anybody.
 *
 * - Discord: the path of a webhook, `/api/webhooks/<number>/<token>`, whatever the host.
 * - Gotify: a path that ends in `/message`, with `?token=`. The token goes in a header instead.
 * - Apprise API: a path that ends in `/notify` or `/notify/<key>`; `?tag=` goes into the message.
 * - ntfy: `ntfy://` (http) and `ntfys://` (https), the host `ntfy.sh`, or one that begins with `ntfy.`; the topic is the path's last part.
 * - Everything else gets plain JSON.
 *
 * @param address as `config/readNotifyUrl` passes it.
 */
export function recognise(address: string): Target {
  const isNtfyScheme = /^ntfys?:/.test(address);
  const parsed = new URL(isNtfyScheme ? address.replace(/^ntfy(s?):/, 'http$1:') : address);
  const login = loginOf(parsed);
  parsed.username = '';
  parsed.password = '';
  parsed.hash = '';
  // A login goes over the line only where the user chose plain http; the public server has https in any case.
  if (parsed.hostname === 'ntfy.sh') parsed.protocol = 'https:';
  const secrets = [...login.secrets, ...secretsIn(parsed)];
  const base = { host: parsed.host, headers: login.headers, secrets };
  switch (serviceOf(parsed, isNtfyScheme)) {
    case 'ntfy':
      return { ...base, ...ntfyTarget(parsed, login) };
    case 'Gotify':
      return { ...base, ...gotifyTarget(parsed, login.headers) };
    case 'Apprise':
      return { ...base, ...appriseTarget(parsed) };
    case 'Discord':
      return { ...base, service: 'Discord', url: parsed.href };
    case 'JSON':
      return { ...base, service: 'JSON', url: parsed.href };
  }
}

function serviceOf({ hostname, pathname, searchParams }: URL, isNtfyScheme: boolean): Service {
  if (isNtfyScheme) return 'ntfy';
  // Its ids are snowflakes: numbers of 17 digits and more.
  if (/^\/api(\/v\d+)?\/webhooks\/\d{17,}\/[\w-]+\/?$/.test(pathname)) return 'Discord';
  if (/\/message\/?$/.test(pathname) && searchParams.has('token')) return 'Gotify';
  if (/\/notify(\/[\w-]{1,128})?\/?$/.test(pathname)) return 'Apprise';
  const hasTopic = /[^/]/.test(pathname);
  return hasTopic && /^ntfy\./.test(hostname) ? 'ntfy' : 'JSON';
}

/** ntfy takes JSON at its root only (https://docs.ntfy.sh/publish/#publish-as-json). */
function ntfyTarget(parsed: URL, login: Login): Pick<Target, 'service' | 'url' | 'topic' | 'headers'> {
  const parts = parsed.pathname.split('/').filter((part) => part !== '');
  const topic = decoded(parts.pop() ?? '');
  parsed.pathname = parts.map((part) => `/${part}`).join('') || '/';
  const { user, password } = login;
  // An access token stands alone, before or behind the colon.
  const token = user === '' ? password : password === '' ? user : '';
  const headers: Record<string, string> = token === '' ? login.headers : { authorization: `Bearer ${token}` };
  return { service: 'ntfy', url: parsed.href, topic, headers };
}

/** Gotify takes the token in a header as well (https://gotify.net/docs/pushmsg), where no proxy's log shows it. */
function gotifyTarget(parsed: URL, headers: Target['headers']): Pick<Target, 'service' | 'url' | 'headers'> {
  const token = parsed.searchParams.get('token') ?? '';
  parsed.searchParams.delete('token');
  return { service: 'Gotify', url: parsed.href, headers: { ...headers, 'x-gotify-key': token } };
}

function appriseTarget(parsed: URL): Pick<Target, 'service' | 'url' | 'tag'> {
  const tag = parsed.searchParams.get('tag') ?? '';
  parsed.searchParams.delete('tag');
  return { service: 'Apprise', url: parsed.href, ...(tag === '' ? {} : { tag }) };
}

interface Login {
  user: string;
  password: string;
  headers: Record<string, string>;
  secrets: string[];
}

function loginOf(parsed: URL): Login {
  const [user, password] = [decoded(parsed.username), decoded(parsed.password)];
  if (user === '' && password === '') return { user, password, headers: {}, secrets: [] };
  const encoded = Buffer.from(`${user}:${password}`).toString('base64');
  // A user's name alone is none: an everyday word would be hidden in every line.
  const secrets = password === '' ? [user, encoded] : [password, encoded];
  return { user, password, headers: { authorization: `Basic ${encoded}` }, secrets };
}

/** A part of a path that looks like no word somebody would use: 16 signs and more, with a digit. */
const RANDOM = /^(?=.*\d)[\w.~-]{16,}$/;

/**
 * What must not appear. An address's path as a whole, for a topic or a key is as good as a password; of its parts only those that are no
 * words, because what is hidden is hidden in every line of the log.
 */
function secretsIn({ host, pathname, search, searchParams }: URL): string[] {
  const whole = pathname === '/' ? [] : [`${host}${pathname}`];
  const parts = pathname.split('/').filter((part) => RANDOM.test(part));
  const token = searchParams.get('token') ?? '';
  const values = [...searchParams.values()].filter((value) => RANDOM.test(value));
  return [...(search === '' ? [] : [`${host}${pathname}${search}`]), ...whole, ...parts, token, ...values];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
