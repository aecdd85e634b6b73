const LINE_LIMIT = 64 * 1024;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a byte stream into lines like Go's `bufio.Scanner` with its default buffer: when 64 KiB hold no newline the
 * scan is over for good (`tooLong`), and Stash closes the read end.
 */
export class LineScanner {
  readonly #onLine: (line: Buffer) => void;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #tooLong = false;

  constructor(onLine: (line: Buffer) => void) {
    this.#onLine = onLine;
  }

  /** True once a line did not fit; later bytes are ignored. */
  get tooLong(): boolean {
    return this.#tooLong;
  }

  /** Takes the next bytes and reports every line that they complete. */
  push(chunk: Buffer): void {
    let start = 0;
    while (!this.#tooLong) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline === -1 ? chunk.length : newline;
      // The newline has to fit into the buffer too.
      if (this.#pendingBytes + (end - start) >= LINE_LIMIT) {
        this.#tooLong = true;
        return;
      }
      this.#pending.push(chunk.subarray(start, end));
      this.#pendingBytes += end - start;
      if (newline === -1) return;
      this.#emit();
      start = newline + 1;
    }
  }

  /** Reports a last line without newline. */
  end(): void {
    if (!this.#tooLong && this.#pendingBytes > 0) this.#emit();
  }

  #emit(): void {
    const line = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#onLine(line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line);
  }
}
