import type { LogLevel } from './logger.ts';

const LEVEL_LETTERS: Record<LogLevel | 'progress', string> = {
  trace: 't',
  debug: 'd',
  info: 'i',
  warn: 'w',
  error: 'e',
  progress: 'p',
};

/** Stash stops reading for good at a line of 64 KiB; a line that long is of no use to anybody either. */
const MAX_TEXT_BYTES = 16 * 1024;

/** One message in Stash's log protocol: byte 1, level letter, byte 2, text on one line, newline. */
export function stashLogLine(level: LogLevel | 'progress', text: string): string {
  return `\u0001${LEVEL_LETTERS[level]}\u0002${toOneLine(text)}\n`;
}

/**
 * The text as one physical line of bounded length (W56): line breaks become ` | ` because Stash takes each line
 * for a message of its own, other control characters a blank.
 */
export function toOneLine(whole: string): string {
  // Cut first: what follows is work per character.
  const text = whole.length > MAX_TEXT_BYTES * 2 ? whole.slice(0, MAX_TEXT_BYTES * 2) : whole;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
  const line = joinLines(text).replace(/[\u0000-\u001f\u007f]/g, ' ');
  const bytes = Buffer.byteLength(line);
  if (bytes <= MAX_TEXT_BYTES) return line;
  const kept = Buffer.from(line)
    .subarray(0, MAX_TEXT_BYTES)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${kept} … (${Buffer.byteLength(whole)} bytes)`;
}

function joinLines(text: string): string {
  if (!/[\r\n]/.test(text)) return text;
  const [first = '', ...others] = text.split(/[\r\n]+/);
  return [first.trimEnd(), ...others.map((line) => line.trim())].filter((line) => line !== '').join(' | ');
}
