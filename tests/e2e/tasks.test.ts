import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import type { PluginProcess } from '../support/pluginHost/PluginProcess.ts';
import { startWorld, type World, YML_PATH } from '../support/startWorld.ts';

let world: World;
/** The test's beginning, in whole seconds: what is reckoned from it is exact. */
let startSecs: number;
beforeEach(async () => {
  world = await startWorld();
  startSecs = Math.floor(Date.now() / 1000);
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    files: [`/data/films/${name}.mkv`],
  });
}

const title = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });

/** Records a change of a new scene; nobody starts to work on it. */
async function recorded(name: string): Promise<number> {
  const id = scanned(name);
  await paused().runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
  return id;
}

/** An outage that is over, as the file has it. */
function outage(agoSecs: number, duration: number, jobsAffected = 0) {
  const startedAt = startSecs - agoSecs;
  return { started_at: startedAt, ended_at: startedAt + duration, duration, jobs_affected: jobsAffected };
}

/** Messages of a run at some levels, without the mark in front. */
function lines({ logs }: PluginRun, ...levels: string[]): string[] {
  return logs
    .filter(({ level }) => levels.includes(level))
    .map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));
}

const info = (run: PluginRun) => lines(run, 'info');
const shown = (run: PluginRun) => lines(run, 'info', 'warning', 'error');
const output = (run: PluginRun) => run.result.output as Record<string, unknown> & { summary: string };

describe('the list of tasks', () => {
  it("offers them in the order of Stash's page, each with its mode (TK-3)", async () => {
    const manifest = parse(readFileSync(YML_PATH, 'utf8')) as {
      tasks: { name: string; description: string; defaultArgs: Record<string, string> }[];
    };
    expect(manifest.tasks.map(({ name, defaultArgs }) => [name, defaultArgs['mode']])).toEqual([
      ['Sync All', 'all'],
      ['Sync Recent', 'recent'],
      ['Preview Sync', 'preview_sync'],
      ['Explain Scene', 'explain_scene'],
      ['Preview Restore of Plex Items', 'restore_items'],
      ['Restore Plex Items (Last 24 Hours)', 'restore_items'],
      ['Restore Plex Items (All)', 'restore_items'],
      ['List Failed Jobs', 'list_failed'],
      ['Retry Failed Jobs', 'retry_failed'],
      ['Clear Match Cache', 'clear_match_cache'],
      ['View Queue Status', 'queue_status'],
      ['Clear Pending Queue', 'clear_queue'],
      ['Clear Dead Letter Queue', 'clear_dlq'],
      ['Purge Old DLQ Entries', 'purge_dlq'],
      ['Process Queue', 'process_queue'],
      ['Check Setup', 'check_setup'],
      ['Health Check', 'health_check'],
      ['Reconcile Library (All)', 'reconcile_all'],
      ['Reconcile Library (Recent)', 'reconcile_recent'],
      ['Reconcile Library (Last 7 Days)', 'reconcile_7days'],
      ['Reconcile Missing Metadata Only', 'reconcile_missing_metadata'],
      ['Outage Summary Report', 'outage_summary'],
      ['Recover Outage Jobs', 'recover_outage_jobs'],
      ['Recover Outage Jobs (Include Temporary Errors)', 'recover_outage_jobs'],
      ['Send Test Notification', 'test_notification'],
      ['Install Node Runtime', 'install_runtime'],
      ['Remove Node Runtime', 'remove_runtime'],
    ]);
    const recover = manifest.tasks.find(({ name }) => name === 'Recover Outage Jobs');
    expect(recover?.description).toContain('PlexServerDown');
    for (const { name, description } of manifest.tasks) expect(description, name).toMatch(/^[A-Z].{20,}$/);
  });

  it('has a task of this version behind every mode (TK-3)', async () => {
    for (const { name, defaultArgs } of world.host.manifest.tasks) {
      const run = await paused().runOperation(defaultArgs);
      expect(run.result, name).toEqual({ output: expect.anything() });
    }
  });
});

describe('the task "Health Check"', () => {
  const reached = expect.stringMatching(/^Plex is HEALTHY \(responded in \d+ms\)$/);

  it('tells of circuit, Plex, token, libraries and queue, in this order', async () => {
    const run = await world.host.runTask('Health Check');
    expect(shown(run)).toEqual([
      '=== Plex Health Check ===',
      'Circuit Breaker State: CLOSED (no state file)',
      reached,
      'Token: accepted',
      'Libraries: Films',
      'Queue is empty',
      '=== Health Check Complete ===',
    ]);
    expect(output(run)).toMatchObject({ healthy: true, token: 'accepted', libraries: ['Films'], queued: 0 });
  });

  it('counts what waits and changes nothing (W49)', async () => {
    await recorded('one');
    await recorded('two');
    const run = await world.host.runTask('Health Check');
    expect(info(run)).toContain('Queue: 2 jobs pending');
    expect(world.rows('jobs')).toBe(2);
    expect(world.drainers()).toEqual([]);
  });

  it('says CLOSED where there is a state file, and how long an open circuit is open', async () => {
    const circuit = { state: 'closed', failure_count: 0, success_count: 0, opened_at: null };
    world.writeState('circuit_breaker.json', circuit);
    expect(info(await world.host.runTask('Health Check'))[1]).toBe('Circuit Breaker State: CLOSED');
    await recorded('waits');
    world.writeState('circuit_breaker.json', { ...circuit, state: 'open', opened_at: startSecs - 35 });
    const run = await paused().runTask('Health Check');
    expect(shown(run)).toEqual([
      '=== Plex Health Check ===',
      'Circuit Breaker State: OPEN',
      expect.stringMatching(/^Circuit opened 3\ds ago$/),
      reached,
      'Token: accepted',
      'Libraries: Films',
      'Queue: 1 jobs pending',
      'Circuit is OPEN: 1 jobs wait until Plex is back.',
      '=== Health Check Complete ===',
    ]);
  });

  it('says UNKNOWN for a damaged state file (W27)', async () => {
    world.writeState('circuit_breaker.json', 'no JSON');
    const run = await world.host.runTask('Health Check');
    expect(info(run).slice(0, 2)).toEqual([
      '=== Plex Health Check ===',
      'Circuit Breaker State: UNKNOWN (corrupted state file)',
    ]);
    expect(lines(run, 'warning')).toHaveLength(1);
    expect(output(run)).toMatchObject({ healthy: true, circuit: 'unknown' });
  });

  it('says UNREACHABLE and what to look at when Plex is stopped', async () => {
    await world.plex.stop();
    const run = await world.host.runTask('Health Check');
    expect(shown(run)).toEqual([
      '=== Plex Health Check ===',
      'Circuit Breaker State: CLOSED (no state file)',
      'Plex is UNREACHABLE',
      expect.stringContaining('ECONNREFUSED'),
      'Verify Plex URL and network connectivity',
      'Queue is empty',
      '=== Health Check Complete ===',
    ]);
    expect(lines(run, 'warning')).toEqual(['Plex is UNREACHABLE']);
    expect(output(run)).toMatchObject({ healthy: false, token: 'unknown', latencyMs: 0 });
  });

  it('tells a refused token from a Plex that cannot be reached (W41)', async () => {
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: 'a-wrong-token-of-length',
    });
    const run = await world.host.runTask('Health Check');
    expect(info(run)).toEqual(expect.arrayContaining([reached, 'Token: refused']));
    expect(lines(run, 'warning')).toEqual([expect.stringContaining('refuses the token')]);
    expect(output(run)).toMatchObject({ healthy: true, token: 'refused', libraries: [] });
    expect(output(run).summary).toContain('but cannot be used');
  });

  it('tells of a library that Plex does not have (W41)', async () => {
    const { url, token } = world.plex;
    world.stash.settings.set('Stash2Plex', { plex_url: url, plex_token: token, plex_library: 'Series' });
    const run = await world.host.runTask('Health Check');
    expect(info(run)).toEqual(expect.arrayContaining([reached, 'Token: accepted']));
    expect(lines(run, 'warning')).toEqual([expect.stringContaining('Series')]);
  });

  it('ends with an error when nothing is set up', async () => {
    world.stash.settings.delete('Stash2Plex');
    const run = await world.host.runTask('Health Check');
    expect(run.result.error).toContain('plex_url');
    expect(run.exitCode).toBe(1);
  });
});

describe('the task "Outage Summary Report"', () => {
  it('says that there was none (TK-1)', async () => {
    const run = await world.host.runTask('Outage Summary Report');
    expect(shown(run)).toEqual(['No outages of Plex have been recorded.']);
    expect(output(run)).toEqual({ summary: 'No outages of Plex have been recorded.', outages: [] });
  });

  it('lists the outages, newest first, with their figures (TK-1)', async () => {
    world.writeState('outage_history.json', [outage(7_200, 60), outage(3_600, 120, 4)]);
    const run = await world.host.runTask('Outage Summary Report');
    const at = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
    expect(shown(run)).toEqual([
      '=== Outage Summary Report ===',
      'Outages tracked: 2 (2 completed)',
      'Total downtime:  3m 0s',
      'MTTR:            1m 30s',
      'MTBF:            59m 0s',
      'Availability:    97.52%',
      'Recent outages:',
      expect.stringMatching(new RegExp(`^ *1\\. ${at}, 2m 0s, 4 jobs affected$`)),
      expect.stringMatching(new RegExp(`^ *2\\. ${at}, 1m 0s$`)),
      '=== End of Report ===',
    ]);
    expect(output(run)).toMatchObject({ outageCount: 2, mttrSecs: 90, totalDowntimeSecs: 180 });
  });

  it('shows the last ten, and one that goes on only while the circuit is open', async () => {
    const past = Array.from({ length: 12 }, (_, index) => outage(90_000 - index * 3_600, 60 + index));
    const present = { started_at: startSecs - 100, ended_at: null, duration: null, jobs_affected: 0 };
    world.writeState('outage_history.json', [...past, present]);
    const entries = (run: PluginRun) => info(run).filter((text) => /^\d+\. /.test(text.trim()));
    const resolved = entries(await world.host.runTask('Outage Summary Report'));
    expect(resolved).toHaveLength(10);
    expect(resolved[0]).toMatch(/, resolved$/);
    expect(resolved[1]).toContain('1m 11s');
    world.writeState('circuit_breaker.json', {
      state: 'open',
      failure_count: 0,
      success_count: 0,
      opened_at: startSecs - 20,
    });
    const ongoing = entries(await world.host.runTask('Outage Summary Report'));
    expect(ongoing[0]).toMatch(/, ongoing for 1m 4\ds$/);
  });
});

describe('the task "View Queue Status"', () => {
  it('shows queue, dead letters, circuit, recovery and outages of its data folder, from any working directory (TK-2, W57)', async () => {
    await recorded('waits');
    world.giveUp(
      { sceneId: scanned('x'), type: 'PlexNotFound', agoSecs: 50 },
      { sceneId: scanned('y'), type: 'PlexNotFound', agoSecs: 50 },
      { sceneId: scanned('z'), type: 'AmbiguousMatch', agoSecs: 50 },
    );
    world.writeState(
      'outage_history.json',
      [1, 2, 3, 4].map((hours) => outage(90_000 - hours * 3_600, 60 * hours)),
    );
    world.writeState('recovery_state.json', {
      last_check_time: startSecs - 65,
      last_recovery_time: startSecs - 3_700,
      recovery_count: 3,
    });
    const run = await world.host.runTask('View Queue Status');
    expect(shown(run)).toEqual([
      '=== Queue Status ===',
      'Due now:                1',
      'Waiting:                0',
      'In progress:            0',
      'Dead letters:           3',
      '  PlexNotFound:         2',
      '  AmbiguousMatch:       1',
      'Circuit breaker:        CLOSED',
      expect.stringMatching(/^Last check of Plex: {5}1m [5-9]s ago$/),
      expect.stringMatching(/^Last recovery: {10}1h 1m ago$/),
      'Recoveries:             3',
      'Outages on record:      4',
      expect.stringMatching(/, 4m 0s$/),
      expect.stringMatching(/, 3m 0s$/),
      expect.stringMatching(/, 2m 0s$/),
      'Reconciliation: no runs yet',
      '1 scene waits to be synced, 3 given up.',
    ]);
    expect(output(run)).toMatchObject({
      due: 1,
      deadLetters: 3,
      circuit: 'closed',
      recoveryCount: 3,
      outages: 4,
    });
  });

  it('shows an open circuit, for how long, and when it is tried (TK-2)', async () => {
    world.writeState('circuit_breaker.json', {
      state: 'open',
      failure_count: 0,
      success_count: 0,
      opened_at: startSecs - 20,
    });
    await world.plex.stop();
    const text = info(await world.host.runTask('View Queue Status')).join('\n');
    expect(text).toMatch(/^Circuit breaker: +OPEN\n *open for: +2\ds$/m);
    expect(text).toMatch(/^Next trial: +in [34]\ds$/m);
  });

  it('shows a circuit that is being tried (TK-2)', async () => {
    world.writeState('circuit_breaker.json', {
      state: 'half_open',
      failure_count: 0,
      success_count: 0,
      opened_at: startSecs - 90,
    });
    // A check a moment ago: this task makes none, and leaves the circuit as it is.
    world.writeState('recovery_state.json', { last_check_time: startSecs });
    expect(info(await world.host.runTask('View Queue Status'))).toContain(
      'Circuit breaker:        HALF_OPEN (testing)',
    );
  });
});

describe('the task "Recover Outage Jobs"', () => {
  const PLAIN = 'Recover Outage Jobs';
  const WITH_TEMPORARY = 'Recover Outage Jobs (Include Temporary Errors)';
  const ongoing = () => ({ started_at: startSecs - 100, ended_at: null, duration: null, jobs_affected: 0 });

  it.each([
    ['no outage', () => [], 'No outages of Plex have been recorded; there is nothing to recover.'],
    [
      'no outage that is over',
      () => [ongoing()],
      'No outage of Plex is over yet; run this task again when Plex is back.',
    ],
    ['no dead letters', () => [outage(600, 300)], 'No scenes of these types were given up during an outage.'],
  ])('says so when there is %s (DR-5)', async (_name, history, sentence) => {
    world.writeState('outage_history.json', history());
    for (const task of [PLAIN, WITH_TEMPORARY]) {
      const run = await world.host.runTask(task);
      expect(info(run).at(-1)).toBe(sentence);
      expect(lines(run, 'warning', 'error')).toEqual([]);
      expect(output(run)).toEqual({ summary: sentence, recovered: 0 });
    }
    expect(world.drainers()).toEqual([]);
  });

  it('tells how many the other task would recover, which does so and has them synced (DR-5, W32)', async () => {
    world.writeState('outage_history.json', [outage(600, 300)]);
    const [one, two] = [scanned('one'), scanned('two')];
    world.giveUp(
      { sceneId: one, type: 'PlexTemporaryError', agoSecs: 500 },
      { sceneId: two, type: 'PlexTemporaryError', agoSecs: 400 },
      { sceneId: scanned('before'), type: 'PlexTemporaryError', agoSecs: 700 },
      { sceneId: scanned('after'), type: 'PlexTemporaryError', agoSecs: 100 },
      { sceneId: scanned('for good'), type: 'PlexPermanentError', agoSecs: 450 },
    );
    const plain = await world.host.runTask(PLAIN);
    expect(info(plain)).toContain('Error types: PlexServerDown');
    expect(output(plain)).toEqual({
      summary: `No scenes of these types were given up during an outage. 2 with temporary errors are: run "${WITH_TEMPORARY}".`,
      recovered: 0,
    });
    expect(world.rows('jobs')).toBe(0);

    const run = await world.host.runTask(WITH_TEMPORARY);
    expect(info(run)).toEqual([
      expect.stringMatching(/^Last outage: 5m 0s, ended 5m \ds ago$/),
      'Error types: PlexServerDown, PlexTemporaryError, PlexNotFound',
      '2 scenes were given up during outages.',
      'Recovered:           2',
      'Skipped (queued):    0',
      'Skipped (Plex down): 0',
      'Skipped (no scene):  0',
      'Failed:              0',
      `Scenes: ${one}, ${two}`,
      '2 of 2 scenes were queued again.',
    ]);
    expect(output(run)).toMatchObject({ recovered: 2, recoveredSceneIds: [one, two] });
    // Nobody touches anything: the task has started somebody.
    await world.until('the syncs', () => title('one') === 'Title of one' && title('two') === 'Title of two');
    await world.until('an empty queue', () => world.rows('jobs') === 0);
    for (const name of ['before', 'after', 'for good']) expect(title(name)).toBe(name);

    const again = await world.host.runTask(WITH_TEMPORARY);
    expect(output(again)).toEqual({
      summary: 'No scenes of these types were given up during an outage.',
      recovered: 0,
    });
  });

  it('recovers every outage on record, and what was synced meanwhile not at all (W32)', async () => {
    world.writeState('outage_history.json', [outage(9_000, 300), outage(600, 300), ongoing()]);
    const ids = ['old', 'new', 'edited'].map(scanned);
    const [old = 0, recent = 0, edited = 0] = ids;
    world.giveUp(
      { sceneId: old, type: 'PlexServerDown', agoSecs: 8_900 },
      { sceneId: recent, type: 'PlexServerDown', agoSecs: 400 },
      { sceneId: edited, type: 'PlexServerDown', agoSecs: 400 },
    );
    await world.act.editScene(edited, { title: 'By the user' });
    await world.until('that sync', () => title('edited') === 'By the user' && world.rows('jobs') === 0);
    const run = await world.host.runTask(PLAIN);
    expect(output(run)).toMatchObject({ totalDlqEntries: 2, recovered: 2, recoveredSceneIds: [old, recent] });
    await world.until('the syncs', () => title('old') === 'Title of old' && title('new') === 'Title of new');
  });

  it('counts what it leaves alone: scenes that wait, and scenes that Stash has no more (W32)', async () => {
    world.writeState('outage_history.json', [outage(600, 300)]);
    const [gone, good] = [scanned('gone'), scanned('good')];
    const waiting = await recorded('waiting');
    world.stash.scenes.destroy(gone);
    for (const sceneId of [gone, waiting, good]) {
      world.giveUp({ sceneId, type: 'PlexServerDown', agoSecs: 400 });
    }
    const run = await paused().runTask(PLAIN);
    expect(output(run)).toMatchObject({
      totalDlqEntries: 3,
      recovered: 1,
      skippedAlreadyQueued: 1,
      skippedSceneMissing: 1,
      failed: 0,
      recoveredSceneIds: [good],
    });
    expect(world.waitingScenes()).toEqual([good, waiting].sort((left, right) => left - right));
    const again = await paused().runTask(PLAIN);
    expect(output(again)).toMatchObject({ recovered: 0, skippedAlreadyQueued: 1, skippedSceneMissing: 1 });
  });

  it('does nothing and says so while Plex is away (W32)', async () => {
    world.writeState('outage_history.json', [outage(600, 300)]);
    world.giveUp({ sceneId: scanned('kept'), type: 'PlexServerDown', agoSecs: 400 });
    await world.plex.stop();
    const refused = await world.host.runTask(PLAIN);
    expect(refused.result.error).toBe(
      'Plex does not answer, so no scene was queued again (1 given up during outages).',
    );
    expect(refused.exitCode).toBe(1);
    expect(world.rows('jobs')).toBe(0);
    await world.plex.start();
    expect(output(await world.host.runTask(PLAIN))).toMatchObject({ recovered: 1 });
    await world.until('the sync', () => title('kept') === 'Title of kept');
  });
});

describe('the task "Clear Pending Queue"', () => {
  const LONG_MS = 3_600_000;

  /** Plex answers the next edit only when the test goes on: resolves when a drainer waits for it. */
  async function sceneInHand(start: () => unknown): Promise<void> {
    world.plex.faults.add({ match: { method: 'PUT' }, times: 1, action: { kind: 'delay', ms: LONG_MS } });
    await start();
    await world.until('a scene in hand', () => world.plex.log.count({ method: 'PUT' }) === 1);
  }

  it('says that there is nothing to clear', async () => {
    const run = await world.host.runTask('Clear Pending Queue');
    expect(shown(run)).toEqual(['The queue is empty; there is nothing to clear.']);
    expect(output(run)).toMatchObject({ deleted: 0, running: 0 });
  });

  it('removes what waits while a drainer finishes what it has in hand (W17)', async () => {
    for (const name of ['one', 'two', 'three', 'four']) await recorded(name);
    const drain: PluginProcess[] = [];
    await sceneInHand(() => drain.push(paused().startTask('Process Queue')));
    const run = await world.host.runTask('Clear Pending Queue');
    expect(output(run)).toEqual({
      summary: '3 scenes were removed from the queue. 1 scene in progress is finished, but not tried again.',
      deleted: 3,
      running: 1,
    });
    expect(lines(run, 'warning')).toEqual(['Clearing 3 waiting scenes and 1 in progress.']);
    world.plex.advance(LONG_MS);
    expect((await drain[0]?.finished)?.result.output).toMatchObject({ synced: 1 });
    expect(title('one')).toBe('Title of one');
    expect(world.rows('jobs')).toBe(0);
    expect(world.rows('scene_syncs')).toBe(1);
    for (const name of ['two', 'three', 'four']) expect(title(name)).toBe(name);
  });

  it('does the same beside a background drainer, and what fails then does not come back (W17)', async () => {
    for (const name of ['two', 'three', 'four']) await recorded(name);
    const id = scanned('one');
    await sceneInHand(() => world.act.editScene(id, { title: 'Title of one' }));
    const run = await world.host.runTask('Clear Pending Queue');
    expect(output(run)).toMatchObject({ deleted: 3, running: 1 });
    const drainers = world.liveDrainers();
    expect(drainers).toHaveLength(1);
    // The edit under way fails, and would be tried again otherwise.
    await world.plex.stop();
    await world.until('an empty queue', () => world.rows('jobs') === 0);
    await world.plex.start();
    await world.act.editScene(scanned('later'), { title: 'Later' });
    await world.until('a later sync', () => title('later') === 'Later' && world.rows('jobs') === 0);
    expect(world.liveDrainers()).toEqual(drainers);
    for (const name of ['one', 'two', 'three', 'four']) expect(title(name)).toBe(name);
    expect(world.rows('dead_letters')).toBe(0);
    // Their next events count.
    await world.act.editScene(id, { title: 'Once more' });
    await world.until('its sync', () => title('one') === 'Once more');
  });

  it('removes also what a killed process had in hand (W17)', async () => {
    await recorded('one');
    await recorded('two');
    const drain: PluginProcess[] = [];
    await sceneInHand(() => drain.push(paused().startTask('Process Queue')));
    drain[0]?.kill();
    await drain[0]?.finished;
    const run = await paused().runTask('Clear Pending Queue');
    expect(output(run)).toEqual({ summary: '2 scenes were removed from the queue.', deleted: 2, running: 0 });
    expect(world.rows('jobs')).toBe(0);
  });
});

describe('the tasks for dead letters', () => {
  const DAY = 86_400;
  const giveUp = (...days: number[]) =>
    world.giveUp(
      ...days.map((age, index) => ({ sceneId: index + 1, type: 'PlexNotFound', agoSecs: age * DAY + 5 })),
    );

  it('clear them all, and say so when there is none', async () => {
    giveUp(0, 10, 40);
    const run = await world.host.runTask('Clear Dead Letter Queue');
    expect(lines(run, 'warning')).toEqual(['Removing 3 scenes given up.']);
    expect(output(run)).toEqual({ summary: '3 dead letters were removed.', removed: 3 });
    expect(world.rows('dead_letters')).toBe(0);
    const again = await world.host.runTask('Clear Dead Letter Queue');
    expect(shown(again)).toEqual(['The dead letter queue is empty; there is nothing to clear.']);
    expect(output(again)).toMatchObject({ removed: 0 });
  });

  it('clear also what was recovered, which is not shown any more', async () => {
    world.writeState('outage_history.json', [outage(600, 300)]);
    world.giveUp({ sceneId: scanned('recovered'), type: 'PlexServerDown', agoSecs: 400 });
    await paused().runTask('Recover Outage Jobs');
    expect(output(await paused().runTask('View Queue Status'))).toMatchObject({ deadLetters: 0, due: 1 });
    expect(world.rows('dead_letters')).toBe(1);
    await paused().runTask('Clear Dead Letter Queue');
    expect(world.rows('dead_letters')).toBe(0);
  });

  it.each([
    [undefined, 1, 30],
    ['30', 1, 30],
    [30, 1, 30],
    ['', 1, 30],
    ['7', 2, 7],
    ['0', 3, 0],
    [0, 3, 0],
    ['0.5', 2, 0.5],
  ])('purge those older than %j days', async (days, removed, told) => {
    giveUp(0, 10, 40);
    const run = await world.host.runOperation({ mode: 'purge_dlq', ...(days === undefined ? {} : { days }) });
    expect(output(run)).toEqual({
      summary: `${removed === 1 ? '1 dead letter' : `${removed} dead letters`} older than ${told} days ${removed === 1 ? 'was' : 'were'} removed, ${3 - removed} remain.`,
      removed,
      remaining: 3 - removed,
    });
    expect(world.rows('dead_letters')).toBe(3 - removed);
  });

  it('purge after thirty days when started from the list', async () => {
    giveUp(29, 31);
    expect(output(await world.host.runTask('Purge Old DLQ Entries'))).toMatchObject({
      removed: 1,
      remaining: 1,
    });
  });

  it.each(['x', '-1', -1, 'Infinity', true, [], '3 days'])('purge nothing for %j', async (days) => {
    giveUp(0, 10, 40);
    const run = await world.host.runTask('Purge Old DLQ Entries', { days });
    expect(run.result.error).toBe(`"days" must be a number of days from 0 on, not ${JSON.stringify(days)}.`);
    expect(run.exitCode).toBe(1);
    expect(world.rows('dead_letters')).toBe(3);
  });
});
