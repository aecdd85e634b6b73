/** An address of a Plex server as the user entered it, made usable. */
export interface PlexAddress {
  /** Scheme, host, port and base path, without a trailing slash. */
  url: string;
  /** `user:password` that were in it, for a proxy in front of Plex; empty for none. */
  login: string;
  /** The X-Plex-Token that was in it; empty for none. */
  token: string;
  /** What was left out or put right, in words; empty when the address was fine. */
  mended: string[];
}

/** Why an address cannot be used: the end of a sentence that begins with the setting's name. It repeats nothing of the address. */
export interface AddressProblem {
  problem: string;
}

/**
 * Reads the setting `plex_url`. People copy it from where they see it: Plex's web app, a "View XML" page with a token, a message with
 * quotes around it. What is meant without doubt is taken.
 */
export function readPlexUrl(text: string): PlexAddress | AddressProblem {
  const mended: string[] = [];
  const bare = text.replace(WRAPPING, '');
  if (bare !== text.trim()) mended.push('quotes and blanks around it are left out');
  const schemed = withScheme(bare);
  if ('problem' in schemed) return schemed;
  if (schemed.isMended)
    mended.push(`it begins with ${schemed.url.startsWith('https') ? 'https' : 'http'}://`);
  // The parser would take a blank for %20, or leave a line break out.
  const parsed = /\s/.test(schemed.url) ? null : URL.parse(schemed.url);
  if (!parsed || parsed.hostname === '') return { problem: NO_ADDRESS };
  if (/(^|\.)plex\.tv$/i.test(parsed.hostname)) {
    return { problem: `is Plex's website; ${ENTER}` };
  }
  const token = tokenIn(parsed);
  if (parsed.search !== '' || parsed.hash !== '') mended.push('what follows ? or # is left out');
  const path = basePath(parsed.pathname);
  if (path !== parsed.pathname.replace(/\/+$/, '')) mended.push("the path of Plex's own pages is left out");
  return { url: `${parsed.protocol}//${parsed.host}${path}`, login: loginIn(parsed), token, mended };
}

const EXAMPLE = 'http://192.168.1.10:32400';
const ENTER = `enter the address of your Plex server, for example ${EXAMPLE}`;
const NO_ADDRESS = `is no address of a server; ${ENTER}`;

/** Blanks, invisible characters, quotes and brackets at either end. */
const WRAPPING =
  /^[\s\p{Cf}"'`<(\u2018-\u201f\u00ab\u00bb\u2039\u203a]+|[\s\p{Cf}"'`>)\u2018-\u201f\u00ab\u00bb\u2039\u203a,;]+$/gu;

function withScheme(address: string): { url: string; isMended: boolean } | AddressProblem {
  const [, scheme, slashes = '', rest = ''] =
    /^(?:([a-z][a-z0-9+.-]*):(?=\/))?(\/*)(.*)$/is.exec(address) ?? [];
  if (scheme && /^https?$/i.test(scheme)) {
    return { url: `${scheme.toLowerCase()}://${rest}`, isMended: slashes !== '//' };
  }
  if (scheme) return { problem: `must begin with http:// or https://; ${ENTER}` };
  const [authority = ''] = rest.split(/[/?#]/);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!HOST_AND_PORT.test(host) && !/^\d+(\.\d+){3}$/.test(host)) {
    // A name without a port may be a proxy's, and only the user knows which of the two it speaks.
    return { problem: /^[\w.-]+$/.test(host) ? `must begin with http:// or https://; ${ENTER}` : NO_ADDRESS };
  }
  const port = HOST_AND_PORT.test(host) ? '' : ':32400';
  const protocol = /\.plex\.direct(:|$)/i.test(host) ? 'https' : 'http';
  return { url: `${protocol}://${authority}${port}${rest.slice(authority.length)}`, isMended: true };
}

const HOST_AND_PORT = /^([\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i;

const PLEXS_OWN_PAGES = /\/((web|desktop)(\/.*)?|identity\/?|library\/(sections|metadata)(\/.*)?)$/i;

/** The path of a reverse proxy, without what leads to Plex's web app or to one of its documents. */
function basePath(path: string): string {
  return path.replace(PLEXS_OWN_PAGES, '').replace(/\/+$/, '');
}

/** In the query, or in that of the web app behind the `#`. */
function tokenIn({ search, hash }: URL): string {
  const found = /[?&]X-Plex-Token=([^&#]*)/i.exec(search + hash)?.[1] ?? '';
  return decoded(found).trim();
}

function loginIn({ username, password }: URL): string {
  return username === '' && password === '' ? '' : `${decoded(username)}:${decoded(password)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
