import { describe, expect, it } from 'vitest';
import { maybeCheckRecovery } from '../../src/drain/maybeCheckRecovery.ts';
import { checkPlexHealth } from '../../src/resilience/checkPlexHealth.ts';
import { liveOnBench, schedule } from '../support/liveOnBench.ts';
import { startBench } from '../support/startBench.ts';

const HOUR_MS = 3_600_000;

describe('an outage of two days', () => {
  it('costs none of 500 events: everything drains by itself, one outage is on record (W10, W23, W29, W30)', async () => {
    const bench = await startBench();
    const names = Array.from({ length: 500 }, (_, index) => `film ${index}`);
    const ids = names.map((name) => bench.scanned(name, { title: `Title of ${name}` }));
    const start = bench.clock.now();
    const goneAt = start + HOUR_MS;
    const backAt = goneAt + 48 * HOUR_MS;
    await bench.plex.stop();
    schedule(bench, [
      ...ids.map((id, index) => ({
        atMs: goneAt + (index * 47 * HOUR_MS) / ids.length,
        act: () => bench.record(id),
      })),
      { atMs: backAt, act: () => bench.plex.start() },
    ]);
    bench.clock.advance(HOUR_MS);
    bench.record(ids[0] ?? 0);

    expect(await liveOnBench(bench)).toEqual({ reason: 'idle' });

    for (const name of names) expect(bench.item(name).title).toBe(`Title of ${name}`);
    expect(bench.jobs.counts()).toEqual({ due: 0, waiting: 0, running: 0, deadLetters: 0 });
    const [outage, ...others] = await bench.reliability.outages.history();
    expect(others).toEqual([]);
    expect(outage).toMatchObject({ startedAtSecs: goneAt / 1000, jobsAffected: 500 });
    const lateSecs = (outage?.endedAtSecs ?? 0) - backAt / 1000;
    expect(lateSecs).toBeGreaterThanOrEqual(0);
    expect(lateSecs).toBeLessThanOrEqual(65);
    expect(outage?.durationSecs).toBeCloseTo(48 * 3_600 + lateSecs, 3);
    expect(await bench.reliability.breaker.state()).toBe('closed');
    expect(await bench.reliability.recovery.loadState()).toMatchObject({ recoveryCount: 1 });
    expect(bench.lines.filter(({ text }) => text.includes('Recovery detected'))).toHaveLength(1);
  }, 180_000);

  it('is asked about at most once in five seconds, and at most a minute passes between two looks (W42)', async () => {
    const bench = await startBench();
    const id = bench.scanned('one', { title: 'One' });
    await bench.plex.stop();
    const looks: number[] = [];
    const breaker = bench.reliability.breaker;
    bench.clock.onSleep = async () => {
      if ((await breaker.state()) === 'open') looks.push(bench.clock.now());
      if (looks.length === 200) await bench.plex.start();
    };
    bench.record(id);
    await liveOnBench(bench);
    const gaps = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
    expect(bench.item('one').title).toBe('One');
  });
});

describe('after an outage', () => {
  it('the queue is drained gently at first, whichever process closed the circuit (RL-7, W36)', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 60 }, (_, index) => bench.scanned(`film ${index}`));
    bench.record(...ids);
    await bench.plex.stop();
    for (let pass = 0; pass < 6; pass += 1) await bench.drain();
    await bench.plex.start();
    bench.clock.advance(60_000);
    const probe = async () => checkPlexHealth(bench.context.plex, bench.clock);
    const { clock, jobs, reliability, context } = bench;
    await maybeCheckRecovery({ jobs, reliability, log: context.log, probe });
    expect(bench.lines.at(-1)?.text).toContain('Queue will drain automatically (60 jobs pending)');
    // Another process drains.
    bench.restart();
    const startedAt = clock.monotonic();
    expect(await bench.drain()).toMatchObject({ synced: 60 });
    const tookSecs = (clock.monotonic() - startedAt) / 1000;
    expect(tookSecs).toBeGreaterThan(60 / 7);
    expect(tookSecs).toBeLessThan(60 / 5);

    clock.advance(300_000);
    bench.record(...ids);
    const later = clock.monotonic();
    await bench.drain();
    expect(clock.monotonic() - later).toBe(0);
    expect((await bench.reliability.recovery.loadState()).recoveryStartedAt).toBe(0);
  });

  it('nothing is asked of Plex while the circuit is open, and no job is touched (WK-11)', async () => {
    const bench = await startBench();
    const id = bench.scanned('one');
    for (let failure = 0; failure < 5; failure += 1) await bench.reliability.breaker.recordFailure();
    bench.plex.log.clear();
    expect(await bench.sync(id)).toMatchObject({ synced: 0, obstacle: { kind: 'plexDown' } });
    expect(bench.plex.log.count() + bench.stash.log.count()).toBe(0);
    expect(bench.job(id)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('one job is tried first, and only its success lets the others go (W35)', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 10 }, (_, index) => bench.scanned(`film ${index}`));
    bench.record(...ids);
    await bench.plex.stop();
    for (let pass = 0; pass < 6; pass += 1) await bench.drain();
    bench.clock.advance(60_000);
    await bench.plex.start();
    bench.plex.faults.add({ match: /^PUT/, action: { kind: 'maintenance' } });
    bench.plex.log.clear();
    expect(await bench.drain()).toMatchObject({ synced: 0, obstacle: { kind: 'plexDown' } });
    expect(bench.plex.log.count({ method: 'PUT' })).toBe(1);
    expect(await bench.reliability.breaker.state()).toBe('open');
    bench.plex.faults.clear();
    expect(await bench.drain()).toMatchObject({ synced: 0, obstacle: { kind: 'plexDown' } });
    bench.clock.advance(60_000);
    expect(await bench.drain()).toMatchObject({ synced: 10 });
    expect(await bench.reliability.outages.history()).toHaveLength(1);
  });
});

describe('maybeCheckRecovery', () => {
  it('asks nobody while the circuit is closed (RC-1)', async () => {
    const bench = await startBench();
    const { jobs, reliability, context } = bench;
    const probe = () => Promise.reject(new Error('asked'));
    await maybeCheckRecovery({ jobs, reliability, log: context.log, probe });
    expect(bench.lines).toEqual([]);
  });

  it('asks at most every five seconds, over all processes (RC-1)', async () => {
    const bench = await startBench();
    let asked = 0;
    const check = () =>
      maybeCheckRecovery({
        jobs: bench.jobs,
        reliability: bench.reliability,
        log: bench.context.log,
        probe: async () => {
          asked += 1;
          return { healthy: false, latencyMs: 0 };
        },
      });
    for (let failure = 0; failure < 5; failure += 1) await bench.reliability.breaker.recordFailure();
    await check();
    bench.restart();
    await check();
    expect(asked).toBe(1);
    bench.clock.advance(5_000);
    await check();
    expect(asked).toBe(2);
  });

  it('survives anything, with one debug line (RC-1)', async () => {
    const bench = await startBench();
    for (let failure = 0; failure < 5; failure += 1) await bench.reliability.breaker.recordFailure();
    const { jobs, reliability, context } = bench;
    await maybeCheckRecovery({
      jobs,
      reliability,
      log: context.log,
      probe: () => Promise.reject(new Error('no settings')),
    });
    expect(bench.lines.at(-1)).toEqual({
      level: 'debug',
      text: expect.stringContaining('Recovery check failed: no settings'),
    });
  });
});

describe('what does not concern Plex', () => {
  it('leaves the circuit alone: Stash away, a full disk, scenes that Plex does not have (WK-7, W7, W8, W34)', async () => {
    const bench = await startBench();
    const ids = Array.from({ length: 10 }, (_, index) =>
      bench.stash.scenes.add({ details: 'D', files: [`/data/films/not there ${index}.mkv`] }),
    );
    expect(await bench.sync(...ids)).toMatchObject({ retried: 10 });
    await bench.stash.stop();
    for (let pass = 0; pass < 6; pass += 1) {
      bench.clock.advance(HOUR_MS);
      expect(await bench.drain()).toMatchObject({ obstacle: { kind: 'stashDown' } });
    }
    expect(await bench.reliability.breaker.snapshot()).toMatchObject({ state: 'closed', failureCount: 0 });
    expect(await bench.reliability.outages.history()).toEqual([]);
  });

  it('a proper answer ends a run of failures: four, an unknown file, four more open nothing (W34)', async () => {
    const bench = await startBench();
    const fail = async (times: number) => {
      for (let failure = 0; failure < times; failure += 1) await bench.reliability.breaker.recordFailure();
    };
    await fail(4);
    await bench.sync(bench.stash.scenes.add({ details: 'D', files: ['/data/films/not there.mkv'] }));
    await fail(4);
    expect(await bench.reliability.breaker.state()).toBe('closed');
  });

  it('six ambiguous scenes open nothing (W12)', async () => {
    const bench = await startBench();
    for (const folder of ['a', 'b']) {
      const file = `/media/films/${folder}/video.mkv`;
      bench.plex.library.addItem(bench.sectionKey, { title: folder, file });
    }
    const ids = Array.from({ length: 6 }, () =>
      bench.stash.scenes.add({ files: ['/data/video.mkv'], details: 'D' }),
    );
    expect(await bench.sync(...ids)).toMatchObject({ buried: 6 });
    expect(await bench.reliability.breaker.snapshot()).toMatchObject({ state: 'closed', failureCount: 0 });
  });
});

describe('a scene that Plex never answers to', () => {
  it('is given up in the end, while all others are synced (W14)', async () => {
    const bench = await startBench();
    const poison = bench.scanned('poison', { title: 'Poison' });
    const others = Array.from({ length: 8 }, (_, index) =>
      bench.scanned(`film ${index}`, { title: `T${index}` }),
    );
    const { ratingKey } = bench.item('poison');
    bench.plex.faults.add({
      match: new RegExp(`^GET /library/metadata/${ratingKey}$`),
      action: { kind: 'resetBefore' },
    });
    bench.record(poison, ...others);
    await bench.drainAll();
    expect(bench.givenUp()).toEqual([{ sceneId: poison, type: 'PlexTemporaryError', attempts: 12 }]);
    for (const [index] of others.entries()) expect(bench.item(`film ${index}`).title).toBe(`T${index}`);
  });
});
