import type { IncomingHttpHeaders } from 'node:http';
import { extname } from 'node:path';
import { emptyReply, type Reply } from './Reply.ts';
import type { SessionCookies } from './SessionCookies.ts';
import type { StashAuth } from './StashState.ts';

/** Either the reply that turns the request away, or the headers to add to the reply that it gets. */
export type AuthResult =
  | { readonly refused: Reply }
  | { readonly refused: null; readonly headers: Readonly<Record<string, string>> };

function cookieValue(headers: IncomingHttpHeaders): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const session = pairs.find((pair) => pair.startsWith('session='));
  return session?.slice('session='.length).replace(/^"(.*)"$/, '$1');
}

/** Turned away: API and files get a bare 401, pages the way to the login page. */
function refusal(url: URL): Reply {
  const extension = extname(url.pathname);
  if (url.pathname === '/graphql' || (extension !== '' && extension !== '.html')) return emptyReply(401);
  const returnUrl = encodeURIComponent(url.pathname + url.search);
  return emptyReply(302, { Location: `/login?returnURL=${returnUrl}` });
}

/**
 * Lets a request in or turns it away (section 9). An API key is checked first and, if it is wrong, is 401 even when no
 * login is configured. A valid cookie is answered with a fresh one of the same content.
 */
export function authenticate(
  url: URL,
  headers: IncomingHttpHeaders,
  auth: StashAuth,
  cookies: SessionCookies,
): AuthResult {
  const apiKey = headers['apikey'] ?? url.searchParams.get('apikey') ?? '';
  if (apiKey !== '') {
    const right = auth.apiKey !== '' && apiKey === auth.apiKey;
    return right ? { refused: null, headers: {} } : { refused: emptyReply(401) };
  }
  const content = cookies.open(cookieValue(headers) ?? '', auth.maxSessionAgeSecs);
  if (content !== undefined) {
    const fresh = `session=${cookies.mint(content)}; Path=/; Max-Age=${auth.maxSessionAgeSecs}; HttpOnly`;
    return { refused: null, headers: { 'Set-Cookie': fresh } };
  }
  return auth.mode === 'open' || url.pathname === '/login'
    ? { refused: null, headers: {} }
    : { refused: refusal(url) };
}
