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
export function toOneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
  const line = text.replace(/\s*[\r\n]+\s*/g, ' | ').replace(/[\u0000-\u001f\u007f]/g, ' ');
  const bytes = Buffer.byteLength(line);
  if (bytes <= MAX_TEXT_BYTES) return line;
  const kept = Buffer.from(line)
    .subarray(0, MAX_TEXT_BYTES)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${kept} … (${bytes} bytes)`;
}
