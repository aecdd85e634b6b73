import { type Literal, literalsOf } from './literalsOf.ts';

/** A sentence that the plugin may say when something is wrong; `…` stands for what is put in. */
export interface TroubleSentence {
  file: string;
  text: string;
}

/** What one source file says of trouble. */
export interface Trouble {
  sentences: TroubleSentence[];
  /** Trouble whose words come from elsewhere: `file: the call`. */
  borrowed: string[];
}

/** Trouble is said by these calls: warnings and errors in the log, and every error whose message reaches the user. */
const SAYS =
  /\blog\.(?:warn|error)\(|\bnew \w*Error\(|\bStorageError\.from\(|\b(?:problems|warnings|errors)\.push\(|\brefuse\(|\bkeepMessage\(db, \{ level: 'warn', /g;
/** Slips of a programmer, and what is only ever seen as a part of another sentence. */
const SAYS_NOTHING = /^new (?:RangeError|PickleError|LimitFound|ClientDestroyedError)\(/;
const STATEMENT = /^\s*(?:SELECT|INSERT|UPDATE|DELETE)\b/;
const FEWEST_WORDS = 3;

/**
 * What a source file says of trouble.
 *
 * @param isMaker every sentence of the file is said of trouble, by whoever asks it.
 */
export function troubleIn(file: string, source: string, isMaker: boolean): Trouble {
  const literals = literalsOf(source);
  const texts: string[] = isMaker ? literals.map(({ text }) => text) : [];
  const borrowed: string[] = [];
  for (const call of source.matchAll(SAYS)) {
    const start = call.index + call[0].length;
    if (SAYS_NOTHING.test(call[0]) || isInComment(source, call.index)) continue;
    const end = endOfCall(source, start, literals);
    const own = literals.filter(({ at }) => at >= start && at < end).map(({ text }) => text);
    texts.push(...own);
    if (!own.some(isSentence))
      borrowed.push(`${file}: ${source.slice(call.index, end + 1).replace(/\s+/g, ' ')}`);
  }
  const sentences = [...new Set(texts)].filter(isSentence).map((text) => ({ file, text }));
  return { sentences, borrowed };
}

function isSentence(text: string): boolean {
  return (
    text.split(/\s+/).filter((word) => /[a-z]/i.test(word)).length >= FEWEST_WORDS && !STATEMENT.test(text)
  );
}

function isInComment(source: string, at: number): boolean {
  const line = source.slice(source.lastIndexOf('\n', at) + 1, at);
  return /^\s*(?:\/\/|\/?\*)/.test(line);
}

/** Where the call's closing bracket stands; brackets in its texts do not count. */
function endOfCall(source: string, start: number, literals: readonly Literal[]): number {
  let depth = 1;
  for (let at = start; at < source.length; at += 1) {
    const skipped = literals.find((literal) => literal.at === at);
    const quote = source[at];
    if (skipped && (quote === "'" || quote === '"')) {
      at += 1;
      while (source[at] !== quote) at += source[at] === '\\' ? 2 : 1;
    } else if (source[at] === '(') depth += 1;
    else if (source[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`A call does not end: ${source.slice(start, start + 60)}`);
}
