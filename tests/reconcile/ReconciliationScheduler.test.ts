import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  createReconciliationScheduler,
  type ReconciliationScheduler,
  type RunRecord,
} from '../../src/reconcile/ReconciliationScheduler.ts';
import { NEVER_RUN } from '../../src/reconcile/ReconciliationState.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const FILE = 'reconciliation_state.json';
const HOUR_MS = 3_600_000;
const RUN: RunRecord = {
  trigger: 'interval',
  scope: 'all scenes',
  gaps: { empty_metadata: 3, stale_sync: 2, missing: 1 },
  enqueued: 5,
  checked: 400,
};

function bench(content?: unknown) {
  const folder = tempFolder();
  const path = join(folder, FILE);
  if (content !== undefined)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  const open = (): ReconciliationScheduler => createReconciliationScheduler({ path, clock, log });
  return {
    folder,
    path,
    clock,
    lines,
    open,
    scheduler: open(),
    nowSecs: () => clock.now() / 1000,
    stored: () => JSON.parse(readFileSync(path, 'utf8')),
  };
}

describe('createReconciliationScheduler', () => {
  it('starts with defaults, without a file and without making one (18.23)', async () => {
    const { scheduler, folder } = bench();
    expect(await scheduler.load()).toEqual(NEVER_RUN);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reads back what it recorded, and leaves no temporary file (18.23)', async () => {
    const { scheduler, open, folder, nowSecs } = bench();
    await scheduler.claim('daily');
    await scheduler.recordRun(RUN);
    expect(await open().load()).toEqual({
      ...NEVER_RUN,
      lastRunTime: nowSecs(),
      lastSuccessTime: nowSecs(),
      lastIntervalTime: nowSecs(),
      lastRunScope: 'all scenes',
      lastGapsFound: 6,
      lastGapsByType: RUN.gaps,
      lastEnqueued: 5,
      lastScenesChecked: 400,
      runCount: 1,
    });
    expect(readdirSync(folder)).toEqual([FILE]);
  });

  it('writes the keys of the original (18.23)', async () => {
    const { scheduler, stored, nowSecs } = bench();
    await scheduler.recordRun({ ...RUN, trigger: 'startup', scope: 'last 24 hours' });
    expect(stored()).toMatchObject({
      last_run_time: nowSecs(),
      last_run_scope: 'last 24 hours (startup)',
      last_gaps_found: 6,
      last_gaps_by_type: { empty_metadata: 3, stale_sync: 2, missing: 1 },
      last_enqueued: 5,
      last_scenes_checked: 400,
      is_startup_run: true,
      run_count: 1,
    });
  });

  it('counts runs and stores the start-up flag both ways (18.23)', async () => {
    const { scheduler } = bench();
    await scheduler.recordRun({ ...RUN, trigger: 'startup' });
    expect(await scheduler.load()).toMatchObject({ runCount: 1, isStartupRun: true });
    await scheduler.recordRun({ ...RUN, trigger: 'interval' });
    expect(await scheduler.load()).toMatchObject({ runCount: 2, isStartupRun: false });
  });

  it('takes a damaged file for none and sets it aside (18.23)', async () => {
    const { scheduler, folder } = bench('{"last_run_time": 12');
    expect(await scheduler.load()).toEqual(NEVER_RUN);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^reconciliation_state\.json\.damaged-/)]);
  });

  it('keeps keys that it does not know, and reads the others beside them (W-64)', async () => {
    const { scheduler, stored } = bench({ last_run_time: 12, run_count: 7, invented_later: { x: 1 } });
    expect(await scheduler.load()).toMatchObject({ lastRunTime: 12, runCount: 7 });
    await scheduler.recordRun(RUN);
    expect(stored()).toMatchObject({ invented_later: { x: 1 }, run_count: 8 });
  });

  it('replaces single values that are none (W-64)', async () => {
    const { scheduler } = bench({
      last_run_time: 'yesterday',
      run_count: 7,
      last_gaps_by_type: [],
      claim_trigger: 9,
    });
    expect(await scheduler.load()).toEqual({ ...NEVER_RUN, runCount: 7 });
  });

  it('takes a file of the original over: its one clock stands for all (W-52)', async () => {
    const { scheduler, clock } = bench({ last_run_time: 0, run_count: 3 });
    expect(await scheduler.isDue('weekly')).toBe(true);
    const { scheduler: younger } = bench({ last_run_time: clock.now() / 1000 - 600, run_count: 3 });
    expect(await younger.isDue('hourly')).toBe(false);
  });

  describe('claim', () => {
    it('is on disk before it is granted, and refused to the next one (18.23)', async () => {
      const { scheduler, open, stored, nowSecs } = bench();
      expect(await scheduler.claim('hourly')).toBe('interval');
      expect(stored()).toMatchObject({
        last_run_time: nowSecs(),
        claim_time: nowSecs(),
        claim_trigger: 'interval',
      });
      expect(await open().claim('hourly')).toBeUndefined();
      expect(await scheduler.claim('hourly')).toBeUndefined();
    });

    it('is refused for never, and without touching a file (18.23)', async () => {
      const { scheduler, folder } = bench();
      expect(await scheduler.claim('never')).toBeUndefined();
      expect(await scheduler.isDue('never')).toBe(false);
      expect(readdirSync(folder)).toEqual([]);
    });

    it('is refused 10 minutes after an hourly run, and 30 minutes after a start-up (18.23)', async () => {
      const { scheduler, clock } = bench();
      await scheduler.claim('hourly');
      await scheduler.recordRun(RUN);
      clock.advance(10 * 60_000);
      expect(await scheduler.claim('hourly')).toBeUndefined();
      clock.advance(HOUR_MS);
      expect(await scheduler.claim('weekly')).toBe('startup');
      await scheduler.recordRun({ ...RUN, trigger: 'startup' });
      clock.advance(30 * 60_000);
      expect(await scheduler.claim('weekly')).toBeUndefined();
    });

    it('gives a task of the user no clock of the automatic runs (W-52)', async () => {
      const { scheduler, clock } = bench();
      await scheduler.claim('daily');
      await scheduler.recordRun(RUN);
      clock.advance(23 * HOUR_MS);
      await scheduler.recordRun({ ...RUN, trigger: 'manual' });
      clock.advance(2 * HOUR_MS);
      expect(await scheduler.claim('daily')).toBe('interval');
    });

    it('is not touched by a task of the user that ends meanwhile', async () => {
      const { scheduler, open } = bench();
      await scheduler.claim('daily');
      await open().recordRun({ ...RUN, trigger: 'manual' });
      expect(await open().claim('daily')).toBeUndefined();
    });

    it('does not use up the interval when the run fails, and comes back after minutes (W-63)', async () => {
      const { scheduler, clock, stored } = bench();
      expect(await scheduler.claim('weekly')).toBe('interval');
      await scheduler.recordRun({ ...RUN, error: 'Plex does not answer.' });
      expect(stored()).toMatchObject({
        run_count: 0,
        last_gaps_found: 0,
        failures_in_row: 1,
        last_run_time: 0,
      });
      expect(await scheduler.claim('weekly')).toBeUndefined();
      clock.advance(5 * 60_000);
      expect(await scheduler.claim('weekly')).toBe('interval');
      await scheduler.recordRun(RUN);
      expect(stored()).toMatchObject({ run_count: 1, failures_in_row: 0, last_error: '' });
    });

    it('is taken over an hour after its process died (W-63)', async () => {
      const { scheduler, open, clock } = bench();
      await scheduler.claim('daily');
      clock.advance(59 * 60_000);
      expect(await open().claim('daily')).toBeUndefined();
      clock.advance(60_000);
      expect(await open().claim('daily')).toBe('interval');
    });

    it('is refused when it cannot be stored, and is not stored later either (18.23)', async () => {
      const { scheduler, open, path } = bench();
      // A folder in the file's place: it can be neither read nor written.
      mkdirSync(path);
      expect(await scheduler.claim('hourly')).toBeUndefined();
      rmdirSync(path);
      await scheduler.recordRun({ ...RUN, trigger: 'manual' });
      expect(await open().load()).toMatchObject({ claimTime: 0, runCount: 1 });
      expect(await open().claim('hourly')).toBe('interval');
    });

    it('goes to exactly one of several processes (18.23)', async () => {
      const { path, stored } = bench();
      const script = fileURLToPath(new URL('../support/claimInProcess.ts', import.meta.url));
      const children = Array.from({ length: 5 }, () => spawn(process.execPath, [script, path]));
      const outputs = children.map(async (child) => {
        let text = '';
        for await (const chunk of child.stdout) text += chunk;
        return text;
      });
      await Promise.all(
        children.map((child) => new Promise((resolve) => child.stdout.once('data', resolve))),
      );
      for (const child of children) child.stdin.end();
      const answers = (await Promise.all(outputs)).map((text) => text.trim().split('\n').at(-1));
      expect(answers.sort()).toEqual(['interval', 'nothing', 'nothing', 'nothing', 'nothing']);
      expect(stored()).toMatchObject({ claim_trigger: 'interval' });
    }, 30_000);
  });
});
