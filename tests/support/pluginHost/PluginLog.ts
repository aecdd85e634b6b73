/** A level at which Stash logs a plugin's line. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error';

/** One message in Stash's log. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly text: string;
}

type LineLevel = LogLevel | 'progress' | 'none';

const LETTERS: Readonly<Record<string, LineLevel>> = {
  t: 'trace',
  d: 'debug',
  i: 'info',
  w: 'warning',
  e: 'error',
  p: 'progress',
  '\0': 'none',
};
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;

/** What Go's `strconv.ParseFloat` makes of a text; undefined if it is an error (syntax or range). */
function parseFloatLikeGo(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Reads the lines of a plugin's stderr by the log protocol (section 5). */
export class PluginLog {
  readonly messages: LogMessage[] = [];
  /** Progress reports in order, clamped to 0..1; NaN passes the clamp as it does in Stash. */
  readonly progress: number[] = [];
  readonly #errLog: LineLevel;
  readonly #keepsProgress: boolean;

  /** `errLog` is the yml's value; `keepsProgress` is false in hooks and operations, where progress is ignored. */
  constructor(errLog: string, keepsProgress: boolean) {
    const known = Object.values(LETTERS).find((level) => level === errLog);
    this.#errLog = known ?? 'error';
    this.#keepsProgress = keepsProgress;
  }

  /** Takes one line without its newline. */
  addLine(line: Buffer): void {
    const level =
      line.length >= 4 && line[0] === 0x01 && line[2] === 0x02
        ? LETTERS[String.fromCharCode(line[1] ?? 0)]
        : undefined;
    if (level !== undefined) this.#add(level, line.subarray(3).toString('utf8').trim());
    else if (line.length > 0) this.#add(this.#errLog, line.toString('utf8'));
  }

  #add(level: LineLevel, text: string): void {
    if (level === 'none') return;
    if (level !== 'progress') {
      this.messages.push({ level, text });
      return;
    }
    const value = parseFloatLikeGo(text);
    if (value === undefined) {
      this.messages.push({ level: 'error', text: `Error parsing progress value '${text}': invalid number` });
    } else if (this.#keepsProgress) {
      this.progress.push(Math.min(1, Math.max(0, value)));
    }
  }
}
