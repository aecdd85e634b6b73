import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  averageSecs,
  createSyncStats,
  estimatedTimeoutSecs,
  type SyncStats,
  successRate,
  summaryLines,
} from '../../src/drain/SyncStats.ts';
import type { Totals } from '../../src/drain/Totals.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const FILE = 'stats.json';

/** A data folder whose stats file may hold `content`, and the processes that count in it. */
function dataFolder(content?: string | Buffer) {
  const folder = join(tempFolder(), 'data');
  const path = join(folder, FILE);
  if (content !== undefined) {
    mkdirSync(folder);
    writeFileSync(path, content);
  }
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  return {
    folder,
    path,
    clock,
    lines,
    /** Another process starts counting. */
    open: (): SyncStats => createSyncStats({ path, clock, log }),
    stored: () => JSON.parse(readFileSync(path, 'utf8')),
  };
}

function inMemory(clock = new FakeClock()): SyncStats {
  return createSyncStats({ clock, log: recordingLog().log });
}

/** Counts so many jobs of each kind, each of 1 s. */
function count(stats: SyncStats, { succeeded = 0, failed = 0 }): void {
  for (let n = 0; n < succeeded; n += 1) stats.recordSuccess(1);
  for (let n = 0; n < failed; n += 1) stats.recordFailure('PlexNotFound', 1, { toDlq: true });
}

/** Totals with given members. */
function totals(members: Partial<Totals> = {}): Totals {
  return { ...inMemory().summary(), ...members };
}

describe('SyncStats: counting', () => {
  it('adds successes up, by quality of the match (ST-1)', () => {
    const stats = inMemory();
    stats.recordSuccess(0.5, 'high');
    stats.recordSuccess(1.5, 'low');
    stats.recordSuccess(0.25);
    expect(stats.summary()).toMatchObject({
      jobsProcessed: 3,
      jobsSucceeded: 3,
      jobsFailed: 0,
      totalProcessingSecs: 2.25,
      highConfidenceMatches: 2,
      lowConfidenceMatches: 1,
    });
  });

  it('adds failures up, by type, and as dead letters only when told (ST-2)', () => {
    const stats = inMemory();
    stats.recordFailure('PlexNotFound', 0.5, { toDlq: true });
    stats.recordFailure('PlexNotFound', 1.5, { toDlq: false });
    stats.recordFailure('PlexTemporaryError', 0.25);
    expect(stats.summary()).toMatchObject({
      jobsProcessed: 3,
      jobsSucceeded: 0,
      jobsFailed: 3,
      jobsToDlq: 1,
      totalProcessingSecs: 2.25,
      errorsByType: { PlexNotFound: 2, PlexTemporaryError: 1 },
    });
  });

  it('counts jobs and attempts apart: a retry is no processed job (W37)', () => {
    const stats = inMemory();
    stats.recordFailedAttempt('PlexTemporaryError');
    stats.recordFailedAttempt('PlexTemporaryError');
    stats.recordSuccess(1);
    stats.recordFailedAttempt('PlexNotFound');
    stats.recordFailure('PlexNotFound', 1, { toDlq: true });
    const summary = stats.summary();
    expect(summary).toMatchObject({
      jobsProcessed: 2,
      jobsSucceeded: 1,
      jobsFailed: 1,
      jobsToDlq: 1,
      attempts: 5,
      attemptsFailed: 4,
      errorsByType: { PlexTemporaryError: 2, PlexNotFound: 2 },
    });
    expect(successRate(summary)).toBe(50);
  });

  it('starts at zero, now, with a table of its own (ST-7)', () => {
    const clock = new FakeClock();
    const stats = inMemory(clock);
    const other = inMemory(clock);
    stats.recordFailedAttempt('PlexNotFound');
    expect(other.summary()).toEqual({
      jobsProcessed: 0,
      jobsSucceeded: 0,
      jobsFailed: 0,
      jobsToDlq: 0,
      attempts: 0,
      attemptsFailed: 0,
      totalProcessingSecs: 0,
      sessionStart: clock.now() / 1000,
      errorsByType: {},
      highConfidenceMatches: 0,
      lowConfidenceMatches: 0,
    });
  });

  it('counts an error type like any other that is called as a member of every object', () => {
    const stats = inMemory();
    for (const type of ['constructor', '__proto__', 'constructor']) stats.recordFailedAttempt(type);
    expect(Object.entries(stats.summary().errorsByType)).toEqual([
      ['constructor', 2],
      ['__proto__', 1],
    ]);
  });
});

describe('SyncStats: figures', () => {
  it.each([
    [0, 0, 0],
    [1, 1, 100],
    [1, 0, 0],
    [2, 1, 50],
    [3, 2, 66.67],
  ])('of %d jobs %d succeeded makes a rate of %d %% (ST-3)', (jobsProcessed, jobsSucceeded, rate) => {
    expect(successRate(totals({ jobsProcessed, jobsSucceeded }))).toBeCloseTo(rate, 2);
  });

  it('averages over all ended jobs, failures included (ST-3)', () => {
    const stats = inMemory();
    expect(averageSecs(stats.summary())).toBe(0);
    stats.recordSuccess(2);
    expect(averageSecs(stats.summary())).toBe(2);
    stats.recordFailure('PlexNotFound', 4);
    expect(averageSecs(stats.summary())).toBe(3);
  });

  it.each([
    // 2 s per item are assumed while nothing was measured.
    [20, {}, 60],
    [20, { jobsProcessed: 5, totalProcessingSecs: 25 }, 150],
    // Two of five jobs: 0.4 × 5 s + 0.6 × 2 s.
    [20, { jobsProcessed: 2, totalProcessingSecs: 10 }, 96],
    [20, { jobsProcessed: 50, totalProcessingSecs: 250 }, 150],
    [0, {}, 30],
    [1, {}, 30],
    [1_000, {}, 600],
  ])('allows for %d items after %o a time of %d s', (items, measured, secs) => {
    expect(estimatedTimeoutSecs(items, totals(measured))).toBeCloseTo(secs, 9);
  });
});

describe('SyncStats: file', () => {
  it('holds every key with its value (ST-4)', async () => {
    const { open, stored, clock } = dataFolder();
    const stats = open();
    stats.recordSuccess(1.5, 'low');
    stats.recordFailedAttempt('PlexNotFound');
    stats.recordFailure('PlexNotFound', 0.5, { toDlq: true });
    await stats.save();
    expect(stored()).toEqual({
      jobs_processed: 2,
      jobs_succeeded: 1,
      jobs_failed: 1,
      jobs_to_dlq: 1,
      attempts: 3,
      attempts_failed: 2,
      total_processing_time: 2,
      session_start: clock.now() / 1000,
      errors_by_type: { PlexNotFound: 2 },
      high_confidence_matches: 0,
      low_confidence_matches: 1,
    });
  });

  it('appears with its folder, alone (ST-5)', async () => {
    const { folder, open } = dataFolder();
    const stats = open();
    stats.recordSuccess(1);
    await stats.save();
    expect(readdirSync(folder)).toEqual([FILE]);
  });

  it('does not appear when nothing was counted (W46)', async () => {
    const { folder, open } = dataFolder();
    await open().save();
    expect(() => readdirSync(folder)).toThrow('ENOENT');
  });

  it('sums up over sessions, however often they save, from the first start on (ST-5)', async () => {
    const { open, stored, clock } = dataFolder();
    const begunSecs = clock.now() / 1000;
    for (const jobs of [5, 3, 2]) {
      const stats = open();
      count(stats, { succeeded: jobs - 1, failed: 1 });
      await stats.save();
      await stats.save();
      clock.advance(60_000);
    }
    expect(stored()).toMatchObject({
      jobs_processed: 10,
      jobs_succeeded: 7,
      errors_by_type: { PlexNotFound: 3 },
      total_processing_time: 10,
      session_start: begunSecs,
    });
  });

  it('is replaced when it is broken, which is kept under another name (ST-5)', async () => {
    const { open, stored, folder } = dataFolder('{"jobs_processed": 7');
    const stats = open();
    count(stats, { succeeded: 1 });
    await stats.save();
    expect(stored()).toMatchObject({ jobs_processed: 1 });
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });

  it('is read with what is not saved yet (ST-6)', async () => {
    const { open } = dataFolder('{"jobs_processed": 7, "jobs_succeeded": 6, "errors_by_type": {"A": 1}}');
    const stats = open();
    expect(await stats.load()).toMatchObject({
      jobsProcessed: 7,
      jobsSucceeded: 6,
      jobsFailed: 0,
      attempts: 0,
      errorsByType: { A: 1 },
    });
    stats.recordFailedAttempt('A');
    expect(await stats.load()).toMatchObject({ jobsProcessed: 7, attempts: 1, errorsByType: { A: 2 } });
    expect(stats.summary()).toMatchObject({ jobsProcessed: 0, attempts: 1 });
  });

  it.each([
    ['nothing', undefined],
    ['broken JSON', '{'],
    ['a negative counter', '{"jobs_processed": -1, "jobs_succeeded": 5}'],
    ['an absurd counter', '{"jobs_processed": 10000001, "jobs_succeeded": 5}'],
    ['a counter blown up by an old defect', '{"jobs_succeeded": 1e32, "jobs_processed": 5}'],
    ['a text for a counter', '{"low_confidence_matches": "5", "jobs_processed": 5}'],
    ['a negative time', '{"total_processing_time": -5, "jobs_processed": 5}'],
  ])('counts from zero when it holds %s (ST-6)', async (_, content) => {
    const { open, clock } = dataFolder(content);
    expect(await open().load()).toEqual(totals({ sessionStart: clock.now() / 1000 }));
  });

  it('believes counters up to the limit (ST-6)', async () => {
    const { open } = dataFolder('{"jobs_processed": 10000000}');
    expect(await open().load()).toMatchObject({ jobsProcessed: 10_000_000 });
  });

  it('is taken over as the original wrote it; without one, counting starts at zero (ST-8)', async () => {
    const original = {
      jobs_processed: 100,
      jobs_succeeded: 90,
      jobs_failed: 10,
      jobs_to_dlq: 5,
      total_processing_time: 250.5,
      session_start: 1700000000.5,
      errors_by_type: { PlexNotFound: 10 },
      high_confidence_matches: 80,
      low_confidence_matches: 10,
    };
    expect(await dataFolder(JSON.stringify(original)).open().load()).toEqual({
      jobsProcessed: 100,
      jobsSucceeded: 90,
      jobsFailed: 10,
      jobsToDlq: 5,
      attempts: 0,
      attemptsFailed: 0,
      totalProcessingSecs: 250.5,
      sessionStart: 1700000000.5,
      errorsByType: { PlexNotFound: 10 },
      highConfidenceMatches: 80,
      lowConfidenceMatches: 10,
    });
    expect(await dataFolder().open().load()).toMatchObject({ jobsProcessed: 0, attempts: 0 });
    expect(await inMemory().load()).toMatchObject({ jobsProcessed: 0, attempts: 0 });
  });

  it.each([
    ['a list', '[]'],
    ['null', 'null'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ])('is set aside with one warning when it holds %s, and counting goes on (W27)', async (_, content) => {
    const { open, stored, folder, lines } = dataFolder(content);
    const stats = open();
    stats.recordSuccess(1);
    await stats.save();
    await stats.load();
    expect(stored()).toMatchObject({ jobs_processed: 1 });
    const [kept = ''] = readdirSync(folder).filter((name) => name !== FILE);
    expect(readFileSync(join(folder, kept))).toEqual(Buffer.from(content));
    expect(lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it.each([
    ['a list', [], {}],
    ['null', null, {}],
    ['partly no counts', { A: 2, B: 'x', C: -1, D: null }, { A: 2 }],
  ])('loses only its error types when they are %s; unknown keys stay (W27)', async (_, errors, kept) => {
    const { open, stored } = dataFolder(
      JSON.stringify({ jobs_processed: 7, errors_by_type: errors, session_start: 'today', extra: [1] }),
    );
    const stats = open();
    expect(await stats.load()).toMatchObject({ jobsProcessed: 7, errorsByType: kept });
    stats.recordSuccess(1);
    await stats.save();
    expect(stored()).toMatchObject({ jobs_processed: 8, errors_by_type: kept, extra: [1] });
  });

  it('counts small runs too: nine successes and five failures (W37)', async () => {
    const { open, stored } = dataFolder();
    const stats = open();
    count(stats, { succeeded: 9, failed: 5 });
    await stats.save();
    expect(stored()).toMatchObject({ jobs_processed: 14, jobs_succeeded: 9, jobs_failed: 5 });
  });

  it('is not overwritten by processes that count at the same time (W37)', async () => {
    const { open, stored } = dataFolder();
    const [one, two] = [open(), open()];
    await one.load();
    await two.load();
    for (let round = 0; round < 3; round += 1) {
      count(one, { succeeded: 2 });
      count(two, { succeeded: 1, failed: 1 });
      await Promise.all([one.save(), two.save()]);
    }
    expect(stored()).toMatchObject({
      jobs_processed: 12,
      jobs_succeeded: 9,
      jobs_failed: 3,
      errors_by_type: { PlexNotFound: 3 },
    });
  });

  it('gets later what could not be saved at first, once (W37)', async () => {
    const { open, stored, folder } = dataFolder();
    writeFileSync(folder, 'in the way');
    const stats = open();
    stats.recordSuccess(1);
    await stats.save();
    expect(await stats.load()).toMatchObject({ jobsProcessed: 1 });
    stats.recordSuccess(1);
    await stats.save();
    rmSync(folder);
    await stats.save();
    await stats.save();
    expect(stored()).toMatchObject({ jobs_processed: 2 });
    expect(await stats.load()).toMatchObject({ jobsProcessed: 2 });
  });

  it('is not needed: without one, counts are kept in memory (ST-9)', async () => {
    const stats = inMemory();
    count(stats, { succeeded: 2 });
    await stats.save();
    count(stats, { failed: 1 });
    expect(await stats.load()).toMatchObject({ jobsProcessed: 3 });
    expect(summaryLines(await stats.load(), {}).info).toContain('2/3 succeeded');
  });
});

describe('summaryLines', () => {
  it('says how many of how many jobs succeeded, in per cent (ST-9)', () => {
    const stats = inMemory();
    count(stats, { succeeded: 2, failed: 1 });
    const { info } = summaryLines(stats.summary(), {});
    expect(info).toContain('2/3 succeeded (66.7%)');
    expect(info).toContain('average 1000 ms');
  });

  it('says the same as one JSON object, also of nothing (ST-4, ST-9)', () => {
    const stats = inMemory();
    stats.recordSuccess(0.1);
    stats.recordFailure('PlexNotFound', 0.2, { toDlq: true });
    expect(JSON.parse(summaryLines(stats.summary(), {}).json)).toEqual({
      processed: 2,
      succeeded: 1,
      failed: 1,
      to_dlq: 1,
      success_rate: '50.0%',
      avg_time_ms: 150,
      high_confidence: 1,
      low_confidence: 0,
      errors_by_type: { PlexNotFound: 1 },
    });
    expect(JSON.parse(summaryLines(totals(), {}).json)).toMatchObject({ processed: 0, errors_by_type: {} });
  });

  it('says 0 of 0 when nothing was done (ST-9)', () => {
    const { info } = summaryLines(totals(), {});
    expect(info).toContain('0/0 succeeded');
    expect(info).toContain('0.0%');
  });

  it.each([
    [{ PlexNotFound: 3, PlexTemporaryError: 2 }, 5],
    [{ PlexNotFound: 3, PlexTemporaryError: 2, AmbiguousMatch: 1 }, 6],
  ])('sums the dead letters up: %o are %d (ST-9)', (byType, total) => {
    const { deadLetters } = summaryLines(totals(), byType);
    expect(deadLetters).toContain(`Dead letters: ${total} (`);
    for (const [type, number] of Object.entries(byType)) expect(deadLetters).toContain(`${number} ${type}`);
  });

  it.each([{}, { PlexNotFound: 0 }])(
    'says nothing about dead letters when there are none: %o (ST-9)',
    (byType) => {
      expect(summaryLines(totals(), byType).deadLetters).toBeUndefined();
    },
  );
});
