import { describe, expect, it } from 'vitest';
import { keepMessage, MAX_MESSAGES, takeMessages } from '../../src/queue/backgroundMessages.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { openStore } from './openStore.ts';

const texts = (messages: { text: string }[]) => messages.map(({ text }) => text);

describe('messages of the background', () => {
  it('are taken once, oldest first (W48)', () => {
    const { db } = openStore();
    expect(takeMessages(db)).toEqual([]);
    keepMessage(db, { level: 'warn', text: 'second' }, 2_000);
    keepMessage(db, { level: 'error', text: 'first' }, 1_000);
    expect(takeMessages(db)).toEqual([
      { level: 'error', text: 'first', count: 1, firstAtMs: 1_000, lastAtMs: 1_000 },
      { level: 'warn', text: 'second', count: 1, firstAtMs: 2_000, lastAtMs: 2_000 },
    ]);
    expect(takeMessages(db)).toEqual([]);
  });

  it('are one with a count when they say the same at the same level (W48)', () => {
    const { db } = openStore();
    for (const nowMs of [1_000, 2_000, 3_000])
      keepMessage(db, { level: 'warn', text: 'Plex is down.' }, nowMs);
    keepMessage(db, { level: 'error', text: 'Plex is down.' }, 4_000);
    expect(takeMessages(db)).toMatchObject([
      { level: 'warn', count: 3, firstAtMs: 1_000, lastAtMs: 3_000 },
      { level: 'error', count: 1 },
    ]);
  });

  it('are bounded in number and length: what was last heard of longest ago drops out (W48)', () => {
    const { db } = openStore();
    for (let index = 0; index < MAX_MESSAGES; index += 1)
      keepMessage(db, { level: 'info', text: `${index}` }, index);
    keepMessage(db, { level: 'info', text: '0' }, 100);
    keepMessage(db, { level: 'info', text: 'x'.repeat(5_000) }, 101);
    const kept = texts(takeMessages(db));
    expect(kept).toHaveLength(MAX_MESSAGES);
    expect(kept).not.toContain('1');
    expect(kept.slice(-2)).toEqual(['0', 'x'.repeat(1_000)]);
  });

  it('are the same when they differ beyond what is kept, and end with a whole character (W48)', () => {
    const { db } = openStore();
    for (const end of ['a', 'b']) keepMessage(db, { level: 'info', text: `x${'😀'.repeat(600)}${end}` }, 1);
    expect(takeMessages(db)).toMatchObject([{ count: 2, text: `x${'😀'.repeat(499)}` }]);
  });

  it('are not pushed out by older ones from before the clock was set back (W25)', () => {
    const { db } = openStore();
    for (let index = 0; index < MAX_MESSAGES; index += 1)
      keepMessage(db, { level: 'info', text: `${index}` }, 1e12);
    keepMessage(db, { level: 'error', text: 'new' }, 1_000);
    expect(texts(takeMessages(db))).toContain('new');
  });

  it('are shown by one of two processes (W48)', () => {
    const { db, path } = openStore();
    keepMessage(db, { level: 'info', text: 'once' }, 1);
    const other = openDatabase(path, { durability: 'normal' });
    expect(texts(takeMessages(other))).toEqual(['once']);
    expect(takeMessages(db)).toEqual([]);
  });
});
