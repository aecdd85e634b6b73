/** A line of Stash's own log. */
export interface ServerLogEntry {
  readonly level: 'error' | 'debug';
  readonly message: string;
}

/** What Stash itself writes to its log about the plugins that it ran: the only trace of a task that failed. */
export class ServerLog {
  readonly #entries: ServerLogEntry[] = [];

  add(level: ServerLogEntry['level'], message: string): void {
    this.#entries.push({ level, message });
  }

  /** All lines, oldest first. */
  all(): readonly ServerLogEntry[] {
    return [...this.#entries];
  }

  /** The messages at error level. */
  errors(): string[] {
    return this.#entries.filter(({ level }) => level === 'error').map(({ message }) => message);
  }
}
