import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createNoticeBook } from '../../src/notify/noticeBook.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { tempFolder } from '../support/tempFolder.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LASTING = { graceMs: MINUTE_MS, reminderMs: 24 * HOUR_MS, againMs: HOUR_MS };
const START_MS = Date.UTC(2026, 0, 11, 12);

it('takes a time that another process has just written for told, and not for a clock that was set back', () => {
  const path = join(tempFolder(), 'data.db');
  const [one, other] = [0, 1].map(() => createNoticeBook(openDatabase(path, { durability: 'normal' })));
  expect(one?.claimLasting('attention:a', LASTING, START_MS)).toBe(false);
  const nowMs = START_MS + HOUR_MS;
  expect(one?.claimLasting('attention:a', LASTING, nowMs)).toBe(true);
  // It has waited for the first one, and its time is that of before.
  expect(other?.claimLasting('attention:a', LASTING, nowMs - 3)).toBe(false);
  expect(one?.claimAgain('trouble:a', HOUR_MS, nowMs)).toBe(true);
  expect(other?.claimAgain('trouble:a', HOUR_MS, nowMs - 3)).toBe(false);
  // Nobody knows how long ago that was.
  expect(other?.claimAgain('trouble:a', HOUR_MS, nowMs - 2 * HOUR_MS)).toBe(true);
});
