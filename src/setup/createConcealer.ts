import { createPathObfuscator } from '../log/obfuscatePath.ts';

/** Takes out of a text whatever says who somebody is or where his files are. */
export interface Concealer {
  /** These are replaced wherever they stand, from now on. */
  path(path: string): void;
  /** In these very letters: a library "Films" may stand beside the word. */
  name(name: string): void;
  /** The host of an address. */
  address(url: string): void;
  /** The text without them, and without any other path or host. */
  conceal(text: string): string;
}

/** They tell nothing of anybody, and without them no sentence could be understood. */
const TELLING_NOTHING = new Set([
  'plex',
  'stash',
  'stash2plex',
  'node',
  'root',
  'localhost',
  '127.0.0.1',
  '::1',
]);

/** Paths of Plex's interface, which are the same everywhere. */
const PLEX_PATHS =
  /^\/(identity|library\/sections(\/\d+(\/(all|refresh|collections))?)?|library\/metadata\/[\d,]+(\/\w+)?)$/;

/** Stand for what is replaced until the rest is cleaned. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];

/** A concealer that knows nothing yet. The same name becomes the same word. */
export function createConcealer(): Concealer {
  const words = createPathObfuscator();
  const known = new Map<string, { source: string; word: string }>();
  const add = (text: string, word: string, isName: boolean) => {
    const literal = text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    // A name is no part of another word.
    const source = isName ? `(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])` : literal;
    known.set(text, { source, word });
  };
  const name = (text: string) => {
    const bare = text.trim();
    if (bare === '' || TELLING_NOTHING.has(bare.toLowerCase())) return;
    add(bare, words.name(bare), true);
  };
  return {
    path(path) {
      // A separator alone is no secret, and everywhere.
      if (/[^\\/\s]/.test(path)) add(path, words.path(path), false);
    },
    name,
    address(url) {
      const host = URL.parse(url)?.hostname;
      if (host) name(host.replace(/^\[|\]$/g, ''));
    },
    conceal(text) {
      const longestFirst = [...known].sort(([left], [right]) => right.length - left.length);
      const replaced: string[] = [];
      const marked = replaceAny(text.replaceAll(OPEN, '').replaceAll(CLOSE, ''), longestFirst, (word) => {
        replaced.push(word);
        return `${OPEN}${replaced.length - 1}${CLOSE}`;
      });
      return withoutPlaces(marked).replace(
        new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'gu'),
        (_, index: string) => replaced[Number(index)] ?? '',
      );
    },
  };
}

/** Replaces all of them in one go, so that none is found in another one's word. */
function replaceAny(
  text: string,
  known: readonly (readonly [string, { source: string; word: string }])[],
  mark: (word: string) => string,
): string {
  if (known.length === 0) return text;
  const any = new RegExp(known.map(([, { source }]) => `(${source})`).join('|'), 'gu');
  return text.replace(any, (...found: unknown[]) => {
    const index = known.findIndex((_, each) => found[each + 1] !== undefined);
    return mark(known[index]?.[1].word ?? '');
  });
}

/** What looks like an address or a path, whoever put it into the text. */
function withoutPlaces(text: string): string {
  return text
    .replace(/(https?):\/\/[^\s"'<>);,]+/gi, (url: string, scheme: string) => {
      const port = /:(\d{1,5})(?=\/|$)/.exec(url.slice(scheme.length + 3))?.[1];
      return `${scheme}:<host>${port ? `:${port}` : ''}`;
    })
    .replace(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g, '<address>')
    .replace(/"((?:\/|\\\\|[a-z]:[\\/])[^"]*)"/gi, '"<path>"')
    .replace(/(?<![\w<>:./\\-])(?:\/|\\\\|[a-z]:[\\/])[^\s"';,)]+/gi, (path: string) =>
      PLEX_PATHS.test(path.replace(/[.:]$/, '')) ? path : '<path>',
    );
}
