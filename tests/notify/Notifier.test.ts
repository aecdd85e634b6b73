import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeRun, nothingFound } from '../../src/reconcile/ReconciliationResult.ts';
import { type NotifyBench, startNotifyBench } from './startNotifyBench.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Five failures: the circuit opens, and an outage is on record. */
async function openCircuit({ reliability }: NotifyBench): Promise<void> {
  for (let failure = 0; failure < 5; failure += 1) await reliability.breaker.recordFailure();
}

async function closeCircuit({ reliability, clock }: NotifyBench): Promise<void> {
  clock.advance(MINUTE_MS);
  await reliability.breaker.canExecute();
  await reliability.breaker.recordSuccess();
}

const plexDown = {
  obstacle: { kind: 'plexDown', message: 'Plex does not answer at http://plex.lan:32400/x (ECONNREFUSED).' },
  synced: 0,
};
const refused = {
  obstacle: { kind: 'setup', message: 'Plex refuses the token: enter a valid plex_token.' },
  synced: 0,
};
const went = { synced: 1 };

describe('an outage', () => {
  it('is told once it has lasted a minute, with its reason, and so is its end, with length and scenes', async () => {
    const bench = await startNotifyBench();
    bench.record(1, 2, 3);
    await openCircuit(bench);
    await bench.notifier.passEnded(plexDown);
    bench.clock.advance(MINUTE_MS - 1_000);
    await bench.notifier.look();
    expect(bench.receiver.requests).toEqual([]);
    bench.clock.advance(1_000);
    await bench.notifier.look();
    await bench.notifier.look();
    expect(await bench.told()).toEqual([
      {
        event: 'outage',
        level: 'problem',
        title: 'Plex does not answer properly',
        message:
          'For 1m 0s by now. Plex does not answer at its address (ECONNREFUSED). 3 scenes wait; nothing is lost, and the sync goes on by itself when Plex is back.',
        started_at: '2026-01-11T12:00:00.000Z',
        lasts_secs: 60,
        scenes_waiting: 3,
      },
    ]);
    await closeCircuit(bench);
    const next = bench.another();
    await next.passEnded(went);
    await next.look();
    const [outage] = await bench.reliability.outages.history();
    expect(await bench.told()).toEqual([
      {
        event: 'recovery',
        level: 'good',
        title: 'Plex is back',
        message: 'After an outage of 2m 0s. 3 scenes waited; the sync goes on by itself.',
        started_at: '2026-01-11T12:00:00.000Z',
        ended_at: '2026-01-11T12:02:00.000Z',
        duration_secs: outage?.durationSecs,
        scenes_waited: outage?.jobsAffected,
      },
    ]);
  });

  it('of less than a minute is told by nothing, however often it comes', async () => {
    const bench = await startNotifyBench();
    for (let round = 0; round < 5; round += 1) {
      await openCircuit(bench);
      await bench.notifier.passEnded(plexDown);
      bench.clock.advance(50_000);
      await bench.notifier.look();
      await bench.reliability.breaker.reset();
      await bench.notifier.passEnded(went);
      bench.clock.advance(50_000);
      await bench.notifier.look();
    }
    expect(await bench.reliability.outages.history()).toHaveLength(5);
    expect(await bench.told()).toEqual([]);
  });

  it('that nobody could tell of in time is told by its end alone', async () => {
    const bench = await startNotifyBench();
    await openCircuit(bench);
    bench.clock.advance(HOUR_MS);
    await closeCircuit(bench);
    await bench.notifier.look();
    expect(await bench.told()).toMatchObject([{ event: 'recovery' }]);
  });

  it('from before notifications were switched on is no news, one that goes on is', async () => {
    const bench = await startNotifyBench({ notify_url: '' });
    await openCircuit(bench);
    bench.clock.advance(HOUR_MS);
    await closeCircuit(bench);
    bench.clock.advance(1_000);
    const on = { notify_url: `${bench.receiver.url}/hook` };
    await bench.another(on).look();
    expect(await bench.told()).toEqual([]);
    await openCircuit(bench);
    bench.clock.advance(HOUR_MS);
    await bench.another({ notify_url: '' }).look();
    await bench.another(on).look();
    expect(await bench.told()).toMatchObject([{ event: 'outage', lasts_secs: 3_600 }]);
  });
});

describe('dead letters', () => {
  it('are told by class with what helps, at most once an hour, with those since the last time', async () => {
    const bench = await startNotifyBench();
    for (const id of [1, 2, 3]) bench.giveUp(id, 'PlexNotFound');
    bench.giveUp(4, 'AmbiguousMatch');
    await bench.notifier.passEnded(went);
    // In the very second of the last one.
    bench.giveUp(5, 'PlexNotFound');
    bench.clock.advance(59 * MINUTE_MS);
    for (const id of [6, 7]) bench.giveUp(id, 'PlexNotFound');
    await bench.notifier.passEnded(went);
    expect(await bench.told()).toEqual([
      expect.objectContaining({ error_type: 'AmbiguousMatch', scenes: 1, scenes_in_all: 1 }),
      {
        event: 'dead_letters',
        level: 'problem',
        title: '3 scenes were given up: PlexNotFound',
        message: expect.stringMatching(
          /^3 scenes were given up \(PlexNotFound\)\. Plex has no item for the file: /,
        ),
        error_type: 'PlexNotFound',
        scenes: 3,
        scenes_in_all: 3,
      },
    ]);
    bench.clock.advance(MINUTE_MS);
    const next = bench.another();
    await next.look();
    expect(await bench.told()).toMatchObject([
      {
        error_type: 'PlexNotFound',
        scenes: 3,
        scenes_in_all: 6,
        message: expect.stringContaining(', 6 in all)'),
      },
    ]);
    bench.clock.advance(2 * HOUR_MS);
    await bench.another().look();
    expect(await bench.told()).toEqual([]);
  });

  it('from before notifications were switched on are no news', async () => {
    const bench = await startNotifyBench({ notify_url: '' });
    bench.giveUp(1, 'PlexNotFound');
    bench.clock.advance(1_000);
    const notifier = bench.another({ notify_url: `${bench.receiver.url}/hook` });
    await notifier.look();
    bench.giveUp(2, 'PlexNotFound');
    await notifier.look();
    expect(await bench.told()).toMatchObject([{ scenes: 1, scenes_in_all: 2 }]);
  });

  it('of a long pass are told within it, every ten minutes at most', async () => {
    const bench = await startNotifyBench();
    bench.giveUp(1, 'PlexNotFound');
    bench.notifier.jobEnded();
    bench.clock.advance(10 * MINUTE_MS);
    bench.notifier.jobEnded();
    // The look goes on beside the pass.
    await expect.poll(() => bench.receiver.requests.length).toBe(1);
    bench.giveUp(2, 'AmbiguousMatch');
    bench.notifier.jobEnded();
    expect(await bench.told()).toMatchObject([{ error_type: 'PlexNotFound' }]);
  });

  it('count once each, whenever somebody looks (property)', async () => {
    const bench = await startNotifyBench();
    const step = fc.oneof(
      fc.constant('giveUp' as const),
      fc.constant('look' as const),
      fc.integer({ min: 0, max: 2_500 }),
    );
    let id = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        let given = 0;
        for (const each of [...steps, 2 * HOUR_MS, 'look' as const]) {
          if (each === 'giveUp') {
            given += 1;
            id += 1;
            bench.giveUp(id, 'PlexNotFound');
          } else if (each === 'look') await bench.another().look();
          else bench.clock.advance(each);
        }
        const told = await bench.told();
        expect(told.reduce((sum, { scenes }) => sum + Number(scenes), 0)).toBe(given);
        bench.clock.advance(2 * HOUR_MS);
      }),
      { numRuns: 20 },
    );
  });
});

describe('what only the user can settle', () => {
  it('is told when it has lasted a minute, again after a day, and after it was gone', async () => {
    const bench = await startNotifyBench();
    const { notifier, clock } = bench;
    await notifier.passEnded(refused);
    clock.advance(30_000);
    await notifier.passEnded(refused);
    expect(bench.receiver.requests).toEqual([]);
    clock.advance(30_000);
    await notifier.passEnded(refused);
    expect(await bench.told()).toEqual([
      {
        event: 'attention',
        level: 'problem',
        title: 'Stash2Plex needs you',
        message:
          'Plex refuses the token: enter a valid plex_token. Nothing is synced until this is settled; no event is lost, and the sync goes on by itself then.',
        obstacle: refused.obstacle.message,
      },
    ]);
    const next = bench.another();
    for (let hour = 0; hour < 23; hour += 1) {
      clock.advance(HOUR_MS);
      await next.passEnded(refused);
    }
    expect(await bench.told()).toEqual([]);
    clock.advance(HOUR_MS);
    const dayLater = bench.another();
    await dayLater.passEnded(refused);
    await dayLater.passEnded({ synced: 0 });
    expect(await bench.told()).toHaveLength(1);
    // A pass without work has not shown that it is settled.
    const last = bench.another();
    await last.passEnded(went);
    clock.advance(2 * HOUR_MS);
    await last.passEnded(refused);
    clock.advance(MINUTE_MS);
    await last.passEnded(refused);
    expect(await bench.told()).toHaveLength(1);
  });

  it('and comes and goes is told once an hour at most', async () => {
    const bench = await startNotifyBench();
    for (let round = 0; round < 30; round += 1) {
      await bench.notifier.passEnded(refused);
      bench.clock.advance(MINUTE_MS);
      await bench.notifier.passEnded(refused);
      await bench.notifier.passEnded(went);
      bench.clock.advance(MINUTE_MS);
    }
    expect(await bench.told()).toHaveLength(1);
  });

  it.each([
    ['the plugin is switched off', { enabled: false }, refused],
    [
      'only the session of a process has ended',
      {},
      { ...refused, obstacle: { ...refused.obstacle, needsNewSession: true as const } },
    ],
    ['a server is away', {}, { ...refused, obstacle: { ...refused.obstacle, kind: 'stashDown' } }],
  ])('is not that %s', async (_name, settings, end) => {
    const bench = await startNotifyBench(settings);
    await bench.notifier.passEnded(end);
    bench.clock.advance(HOUR_MS);
    await bench.notifier.passEnded(end);
    expect(await bench.told()).toEqual([]);
  });
});

describe('a reconciliation', () => {
  const run = {
    ...nothingFound('all'),
    checked: 900,
    gaps: { empty_metadata: 150, stale_sync: 40, missing: 10 },
  };

  it('is told when it queues more scenes than the setting says, with the differences by kind', async () => {
    const bench = await startNotifyBench({ notify_gaps_over: 120 });
    bench.notifier.reconciled({ ...run, enqueued: 100, alreadyQueued: 20 });
    bench.notifier.reconciled({ ...run, enqueued: 101, alreadyQueued: 20, errors: ['Plex went away.'] });
    expect(await bench.told()).toEqual([
      {
        event: 'reconciliation',
        level: 'info',
        title: '121 scenes differ between Stash and Plex',
        message:
          '900 scenes were checked. Differences by kind: empty metadata 150, stale sync 40, missing 10. 121 scenes are in the queue and will be synced. The comparison could not be finished.',
        scenes_checked: 900,
        gaps: run.gaps,
        scenes_queued: 121,
      },
    ]);
    expect(describeRun({ ...run, enqueued: 101 })).toContain('200 gaps found');
  });

  it('that finds again what could not be synced before is not told', async () => {
    const bench = await startNotifyBench();
    const inVain = { ...run, leftAlone: 200 };
    bench.notifier.reconciled(inVain);
    expect(await bench.told()).toEqual([]);
  });
});

describe('notifications', () => {
  it('are off without an address, and leave nothing in the database', async () => {
    const bench = await startNotifyBench({ notify_url: '' });
    await openCircuit(bench);
    bench.giveUp(1, 'PlexNotFound');
    bench.clock.advance(HOUR_MS);
    await bench.notifier.passEnded(refused);
    expect(bench.db.prepare('SELECT * FROM notices').all()).toEqual([]);
    expect(await bench.told()).toEqual([]);
  });

  it('are only of the events that the user wants', async () => {
    const bench = await startNotifyBench({ notify_events: 'Recovery, dead-letters' });
    await openCircuit(bench);
    bench.clock.advance(MINUTE_MS);
    await bench.notifier.look();
    await closeCircuit(bench);
    bench.giveUp(1, 'PlexNotFound');
    await bench.notifier.look();
    expect((await bench.told()).map(({ event }) => event)).toEqual(['recovery', 'dead_letters']);
  });

  it('are not sent again when the receiver failed twice', async () => {
    const bench = await startNotifyBench();
    bench.receiver.fail({ status: 500 }, 2);
    bench.giveUp(1, 'PlexNotFound');
    await bench.notifier.look();
    await bench.notifier.close();
    expect(bench.receiver.requests).toHaveLength(2);
    await bench.another().look();
    expect(await bench.told()).toHaveLength(2);
  });

  it('hold up no pass while the receiver is slow, and its end only for so long', async () => {
    const bench = await startNotifyBench({}, { timeoutMs: 250 });
    const id = bench.scanned('a', { title: 'A' });
    bench.receiver.fail('silent', 20);
    for (let each = 0; each < 6; each += 1) bench.giveUp(1_000 + each, `Class${each}`);
    await bench.notifier.passEnded(went);
    // Nobody has answered yet, and the work goes on.
    expect(await bench.sync(id)).toMatchObject({ synced: 1 });
    expect(bench.receiver.accepted()).toEqual([]);
    await bench.notifier.close();
    const warnings = bench.log.filter(({ level }) => level === 'warn').map(({ text }) => text);
    expect(warnings[0]).toContain('gave no answer within 0.25 seconds');
    expect(warnings.at(-1)).toMatch(
      /The process ends, and [1-5] of its notifications could not be sent in time\./,
    );
    expect(bench.job(id)).toBeUndefined();
  });

  it('complain about a receiver once an hour, with what helps and without a secret', async () => {
    const bench = await startNotifyBench({ notify_url: '' });
    const on = { notify_url: `${bench.receiver.url}/very-secret-0123456789` };
    for (let round = 0; round < 4; round += 1) {
      bench.receiver.fail({ status: 404 });
      const notifier = bench.another(on);
      bench.clock.advance(1_000);
      bench.giveUp(round, `Class${round}`);
      await notifier.look();
      await notifier.close();
      bench.clock.advance(25 * MINUTE_MS);
    }
    const warnings = bench.log.filter(({ level }) => level === 'warn').map(({ text }) => text);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toBe(
      `[Stash2Plex] A notification ("1 scene was given up: Class0") could not be sent. The receiver at 127.0.0.1:${bench.receiver.port} does not know this address (status 404): copy it again into notify_url, or make a new one there.`,
    );
    expect(JSON.stringify(bench.log)).not.toContain('very-secret');
  });

  it('reach every address, and one that fails does not keep another from it', async () => {
    const bench = await startNotifyBench();
    const { url, port } = bench.receiver;
    bench.receiver.fail('reset');
    const addresses = {
      notify_url: `http://127.0.0.1:1/a; ${url}/b "${url}/c", ntfy://127.0.0.1:${port}/topic nonsense`,
    };
    const result = await bench.another(addresses).test();
    expect(result.targets.map(({ service, accepted }) => [service, accepted])).toEqual([
      ['JSON', false],
      ['JSON', true],
      ['JSON', true],
      ['ntfy', true],
    ]);
    expect(result.unusable).toEqual([
      'address 5, which does not begin with https://, http://, ntfys://, ntfy://',
    ]);
  });

  it('hold neither secret nor address nor, where names are hidden, a name (property)', async () => {
    const bench = await startNotifyBench({ obfuscate_paths: true });
    const word = fc.stringMatching(/^[A-Za-z0-9]{8,20}$/);
    await fc.assert(
      fc.asyncProperty(word, word, word, async (token, cookie, name) => {
        for (const secret of [token, cookie]) bench.redactor.add(secret);
        const message = `Plex refuses ${token} at http://user:${token}@${name}.lan:32400/x?X-Plex-Token=${token} for session=${cookie}: Plex has no library "${name}" (it has ${name}, B) in /media/${name}/a or C:\\${name}\\b.`;
        const notifier = bench.another();
        const end = { obstacle: { kind: 'setup', message }, synced: 0 };
        await notifier.passEnded(end);
        bench.clock.advance(MINUTE_MS);
        await notifier.passEnded(end);
        await notifier.close();
        expect(bench.receiver.requests).toHaveLength(1);
        const raw = bench.receiver.requests
          .splice(0)
          .map((request) => request.raw + JSON.stringify(request.headers));
        for (const secret of [token, cookie, name]) {
          expect(raw.join()).not.toContain(secret);
          expect(JSON.stringify(bench.log)).not.toContain(secret);
        }
      }),
      { numRuns: 15 },
    );
  });
});
