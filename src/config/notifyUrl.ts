/** Why an address cannot be used: the rest of a sentence, with nothing of the address, which is a secret as a rule. */
interface UrlProblem {
  problem: string;
}

/** The addresses of the setting `notify_url`, separated by blanks, line breaks or semicolons, as they were written. */
export function notifyUrls(stored: unknown): string[] {
  return String(stored)
    .split(/[\s;]+/)
    .map((part) => part.replace(WRAPPING, ''))
    .filter((part) => part !== '');
}

/**
 * Checks one address. Its scheme is one of `http`, `https`, `ntfy` and `ntfys`; the latter two name a topic of an ntfy server, without and
 * with encryption.
 */
export function readNotifyUrl(text: string): { url: string } | UrlProblem {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  const plain = scheme.toLowerCase();
  if (!SCHEMES.includes(plain)) return { problem: `does not begin with ${SCHEMES.join('://, ')}://` };
  // Other schemes than the web's are parsed by other rules.
  const parsed = URL.parse(`${plain.startsWith('ntfy') ? 'https' : plain}://${rest}`);
  if (!parsed || parsed.hostname === '') return { problem: 'names no server' };
  const isNtfy = plain.startsWith('ntfy') || parsed.hostname === 'ntfy.sh';
  if (isNtfy && /^\/*$/.test(parsed.pathname)) return { problem: 'names no topic of that ntfy server' };
  return { url: `${plain}://${rest}` };
}

/** What is wrong with the addresses of a stored list, by their places in it. */
export function notifyUrlProblems(stored: unknown): string[] {
  return notifyUrls(stored).flatMap((text, index) => {
    const read = readNotifyUrl(text);
    return 'problem' in read ? [`address ${index + 1}, which ${read.problem}`] : [];
  });
}

const SCHEMES = ['https', 'http', 'ntfys', 'ntfy'];
/** Quotes, brackets and commas at either end. */
const WRAPPING = /^["'`<(,]+|["'`>),]+$/g;
