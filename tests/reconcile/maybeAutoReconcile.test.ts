import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/settings.ts';
import { isAutoReconcileDue, maybeAutoReconcile } from '../../src/reconcile/maybeAutoReconcile.ts';
import { createReconciliationScheduler } from '../../src/reconcile/ReconciliationScheduler.ts';
import type { RunRequest } from '../../src/reconcile/runReconciliation.ts';
import { createCircuitBreaker } from '../../src/resilience/CircuitBreaker.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';

const HOUR_MS = 3_600_000;
const REQUIRED = { plex_url: 'http://localhost:1', plex_token: 'a-token-of-some-length' };

/** Looks for a due run with these settings; runs are only written down, and recorded as done. */
function bench(stored: Record<string, unknown> = {}) {
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  const scheduler = createReconciliationScheduler({ clock, log });
  const breaker = createCircuitBreaker({ clock, log });
  const runs: Pick<RunRequest, 'scope' | 'trigger'>[] = [];
  let isBroken = false;
  const settings = async () => {
    if (isBroken) throw new Error('Stash does not answer.');
    return parseSettings({ ...REQUIRED, ...stored }, {}).settings;
  };
  const check = { scheduler, breaker, log, settings };
  return {
    clock,
    lines,
    breaker,
    runs,
    scheduler,
    breakStash: () => {
      isBroken = true;
    },
    isDue: () => isAutoReconcileDue(check),
    look: (error?: Error) =>
      maybeAutoReconcile(check, async (request) => {
        runs.push(request);
        if (error) throw error;
        const gaps = { empty_metadata: 0, stale_sync: 0, missing: 0 };
        await scheduler.recordRun({
          trigger: request.trigger,
          scope: request.scope,
          gaps,
          enqueued: 0,
          checked: 0,
        });
      }),
  };
}

describe('maybeAutoReconcile', () => {
  it.each([
    ['the interval is never', {}],
    ['the plugin is switched off', { reconcile_interval: 'hourly', enabled: false }],
    ['nothing is synced at all', { reconcile_interval: 'hourly', sync_master: false }],
  ])('does nothing when %s (18.23)', async (_, stored) => {
    const { look, isDue, runs } = bench(stored);
    expect(await isDue()).toBe(false);
    await look();
    expect(runs).toEqual([]);
  });

  it('does nothing without settings, and leaves it to others to say why (18.23)', async () => {
    const { look, isDue, runs, lines, breakStash } = bench({ reconcile_interval: 'hourly' });
    breakStash();
    expect(await isDue()).toBe(false);
    await look();
    expect(runs).toEqual([]);
    expect(lines.filter(({ level }) => level !== 'debug')).toEqual([]);
  });

  it('runs the configured scope when its interval has passed, recorded as no start-up (18.23)', async () => {
    const { look, runs, scheduler } = bench({ reconcile_interval: 'daily', reconcile_scope: '7days' });
    await look();
    expect(runs).toEqual([{ trigger: 'interval', scope: 'recent_7days' }]);
    expect(await scheduler.load()).toMatchObject({ isStartupRun: false, runCount: 1 });
  });

  it('looks at what is new at a start-up in between, recorded as such (18.23, W-52)', async () => {
    const { look, runs, scheduler, clock } = bench({ reconcile_interval: 'daily', reconcile_scope: 'all' });
    await look();
    clock.advance(2 * HOUR_MS);
    await look();
    await look();
    expect(runs.slice(1)).toEqual([{ trigger: 'startup', scope: 'recent' }]);
    expect(await scheduler.load()).toMatchObject({ isStartupRun: true, lastRunScope: 'recent (startup)' });
  });

  it.each([
    ['hourly', 12 * 7, 0],
    ['daily', 7, 12 * 7 - 7],
    ['weekly', 1, 12 * 7 - 1],
  ])(
    'runs %s as often as that, whatever is started in between (W-52)',
    async (reconcile_interval, full, recent) => {
      const { look, runs, clock } = bench({ reconcile_interval, reconcile_scope: 'all' });
      for (let half = 0; half < 12 * 7; half += 1) {
        await look();
        clock.advance(2 * HOUR_MS);
      }
      expect(runs.filter(({ trigger }) => trigger === 'interval')).toHaveLength(full);
      expect(runs.filter(({ trigger }) => trigger === 'startup')).toHaveLength(recent);
    },
  );

  it('claims nothing while Plex is known to be away', async () => {
    const { look, runs, breaker, isDue, scheduler } = bench({ reconcile_interval: 'hourly' });
    for (let n = 0; n < 5; n += 1) await breaker.recordFailure();
    await look();
    expect([runs, await isDue()]).toEqual([[], false]);
    expect(await scheduler.load()).toMatchObject({ claimTime: 0 });
    await breaker.reset();
    await look();
    expect(runs).toHaveLength(1);
  });

  it('catches what a run throws, warns once, and tries again after minutes (18.23, W-63)', async () => {
    const { look, lines, clock, runs } = bench({ reconcile_interval: 'hourly' });
    await look(new Error('The disk is full.'));
    expect(lines.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      expect.stringContaining('The automatic reconciliation failed: The disk is full.'),
    ]);
    await look();
    expect(runs).toHaveLength(1);
    clock.advance(5 * 60_000);
    await look();
    expect(runs).toHaveLength(2);
  });
});
