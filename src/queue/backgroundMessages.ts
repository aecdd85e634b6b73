import type { Database } from '../storage/openDatabase.ts';
import { boundedText } from './boundedText.ts';

/** Most messages that are kept, warnings and errors apart from the rest, and the longest text of one. */
export const MAX_MESSAGES = 50;
const MAX_TEXT_LENGTH = 1_000;

/** Something that a background process has to tell the user. */
export interface BackgroundMessage {
  level: 'info' | 'warn' | 'error';
  text: string;
}

/** A message with how often it came up since it was last shown. */
export interface KeptMessage extends BackgroundMessage {
  count: number;
  firstAtMs: number;
  lastAtMs: number;
}

/**
 * Keeps a message until a process that Stash listens to shows it (W48): the same one is kept once, with a count, and of
 * too many the oldest drop out.
 *
 * @param nowMs milliseconds since the epoch.
 */
export function keepMessage(db: Database, { level, text }: BackgroundMessage, nowMs: number): void {
  db.transaction(() => {
    db.prepare(
      `INSERT INTO background_messages (level, text, first_at_ms, last_at_ms) VALUES (@level, @text, @nowMs, @nowMs)
       ON CONFLICT (level, text) DO UPDATE SET count = count + 1, last_at_ms = @nowMs`,
    ).run({ level, text: boundedText(text, MAX_TEXT_LENGTH), nowMs });
    // A time in the future means that the clock was set back: it must not push out what is new (W25).
    db.prepare(
      `DELETE FROM background_messages WHERE id NOT IN (
         SELECT id FROM background_messages WHERE (level = 'info') = (@level = 'info')
         ORDER BY min(last_at_ms, @nowMs) DESC, id DESC LIMIT ${MAX_MESSAGES})
       AND (level = 'info') = (@level = 'info')`,
    ).run({ level, nowMs });
  }).immediate();
}

/** Takes all messages, oldest first: of several processes that ask, one gets each. */
export function takeMessages(db: Database): KeptMessage[] {
  // Nearly always there is none, and reading waits for nobody.
  if (!db.prepare('SELECT 1 FROM background_messages LIMIT 1').get()) return [];
  return db
    .transaction(() => {
      const messages = db
        .prepare(
          `SELECT level, text, count, first_at_ms AS firstAtMs, last_at_ms AS lastAtMs FROM background_messages
           ORDER BY last_at_ms, id`,
        )
        .all() as KeptMessage[];
      db.prepare('DELETE FROM background_messages').run();
      return messages;
    })
    .immediate();
}
