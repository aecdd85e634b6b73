import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { openReliability } from '../../src/drain/Reliability.ts';
import { openDeviceId } from '../../src/plex/deviceId.ts';
import { createReconciliationScheduler } from '../../src/reconcile/ReconciliationScheduler.ts';
import { copyRealFolder, REAL_MOMENT_MS } from '../support/pythonPlugin/pythonFolder.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { openTakeover } from './openTakeover.ts';

/** The real state files, as a process of this plugin reads them. */
function openState(prepare: (dataFolder: string) => void = () => {}) {
  const plugin = openTakeover(REAL_MOMENT_MS);
  copyRealFolder(plugin.dataFolder);
  prepare(plugin.dataFolder);
  plugin.takeOver();
  const paths = resolvePaths({ STASH_PLUGIN_DATA: plugin.dataFolder }, plugin.pluginFolder);
  const { log, lines } = recordingLog();
  const { clock, jobs } = plugin;
  const warnings = () => lines.filter(({ level }) => level === 'warn' || level === 'error');
  return { plugin, paths, log, warnings, reliability: openReliability({ paths, clock, log, jobs }) };
}

describe('the state files of the Python plugin', () => {
  it('keep the circuit open, with the time at which it opened, until Plex was asked', async () => {
    const { reliability, plugin, warnings } = openState();
    const { breaker, outages } = reliability;
    expect(await breaker.snapshot()).toMatchObject({ state: 'open', openedAtSecs: 1795602293.5363533 });
    const { state, openedAtSecs } = await breaker.snapshot();
    await outages.align(state, openedAtSecs);
    expect(await outages.history()).toEqual([
      {
        startedAtSecs: 1795343093.5349185,
        endedAtSecs: 1795343693.5351288,
        durationSecs: 600.0002102851868,
        jobsAffected: 7,
      },
      { startedAtSecs: 1795602293.5363533, endedAtSecs: null, durationSecs: null, jobsAffected: 0 },
    ]);
    expect(await breaker.refresh()).toBe('half_open');
    expect(await breaker.canExecute()).toBe(true);
    await breaker.recordSuccess();
    const [, ended] = await outages.history();
    expect(ended).toMatchObject({ endedAtSecs: plugin.clock.now() / 1000, jobsAffected: 48 });
    expect(warnings()).toEqual([]);
    // What the Python plugin reads stays in the file.
    const stored = JSON.parse(readFileSync(join(plugin.dataFolder, 'circuit_breaker.json'), 'utf8'));
    expect(stored).toMatchObject({ state: 'closed', failure_count: 0, success_count: 0, opened_at: null });
  });

  it('do not keep it open for ever with a time that cannot be (W20)', async () => {
    const { reliability } = openState((folder) => {
      const file = join(folder, 'circuit_breaker.json');
      const state = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...state, opened_at: state.opened_at + 1e6 }));
    });
    expect(await reliability.breaker.refresh()).toBe('half_open');
  });

  it('count on where the Python plugin stopped, and keep the device that Plex knows', async () => {
    const { reliability, paths, log, plugin, warnings } = openState();
    expect(await reliability.stats.load()).toMatchObject({
      jobsProcessed: 10,
      jobsSucceeded: 10,
      totalProcessingSecs: 0.3556610629999568,
      sessionStart: 1795602249.6309865,
      highConfidenceMatches: 10,
    });
    expect(await reliability.recovery.loadState()).toMatchObject({
      lastCheckTime: 1795602293.5379295,
      consecutiveFailures: 1,
      recoveryCount: 0,
    });
    const scheduler = createReconciliationScheduler({
      path: paths.reconciliationState,
      clock: plugin.clock,
      log,
    });
    expect(await scheduler.load()).toMatchObject({
      lastRunTime: 1795602263.17268,
      lastRunScope: 'scenes added in last 24 hours',
      lastGapsFound: 48,
      lastGapsByType: { empty_metadata: 46, stale_sync: 0, missing: 2 },
      lastEnqueued: 46,
      lastScenesChecked: 60,
      runCount: 1,
    });
    expect(await openDeviceId(paths.deviceId, log)()).toBe('b4f55120-e836-4887-9d21-68a886d56547');
    expect(warnings()).toEqual([]);
  });
});
