import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOutageHistory, type Outage } from '../../src/resilience/OutageHistory.ts';
import { outageMetrics } from '../../src/resilience/outageMetrics.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A world with a history file; `content` is what it holds at first. */
function setUp(content?: unknown) {
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  const folder = tempFolder();
  const path = join(folder, 'outage_history.json');
  if (content !== undefined)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const create = () => createOutageHistory({ path, clock, log });
  return {
    clock,
    log,
    folder,
    path,
    nowSecs: clock.now() / 1000,
    create,
    history: create(),
    stored: () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>[],
    lines,
    warnings: () => lines.filter(({ level }) => level === 'warn').map(({ text }) => text),
  };
}

const outage = (startedAtSecs: number, values: Partial<Outage> = {}): Outage => ({
  startedAtSecs,
  endedAtSecs: null,
  durationSecs: null,
  jobsAffected: 0,
  ...values,
});
const entry = (started_at: number, ended_at: number | null = null, duration: number | null = null) => ({
  started_at,
  ended_at,
  duration,
  jobs_affected: 0,
});

describe('the outage history', () => {
  it('starts empty, and makes no file by being looked at (OH-3)', async () => {
    const { history, folder, warnings } = setUp();
    expect(await history.history()).toEqual([]);
    expect(await history.current()).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  it('opens an entry without an end, a duration or jobs, and ends it with all of them (OH-1, OH-3)', async () => {
    const { history } = setUp();
    await history.started(1000);
    expect(await history.history()).toEqual([outage(1000)]);
    expect(await history.current()).toEqual(outage(1000));
    await history.ended(1065, 10);
    expect(await history.history()).toEqual([
      { startedAtSecs: 1000, endedAtSecs: 1065, durationSecs: 65, jobsAffected: 10 },
    ]);
    expect(await history.current()).toBeUndefined();
  });

  it('ends nothing when nothing is open, with a word at debug level only (OH-3)', async () => {
    const { history, path, lines } = setUp();
    await history.started(1000);
    await history.ended(1065, 10);
    const { ino } = statSync(path);
    const linesBefore = lines.length;
    await history.ended(2000, 3);
    expect(await history.history()).toMatchObject([{ endedAtSecs: 1065, jobsAffected: 10 }]);
    expect(statSync(path).ino).toBe(ino);
    expect(lines.slice(linesBefore).map(({ level }) => level)).toEqual(['debug']);
  });

  it('ends the newest open entry (OH-3)', async () => {
    const { history } = setUp([entry(1000), entry(2000)]);
    expect(await history.current()).toEqual(outage(2000));
    await history.ended(2010);
    expect(await history.history()).toEqual([
      outage(1000),
      outage(2000, { endedAtSecs: 2010, durationSecs: 10 }),
    ]);
    expect(await history.current()).toEqual(outage(1000));
  });

  it('adds nothing while an outage is open (W29)', async () => {
    const { history } = setUp();
    await history.started(1000);
    await history.started(1060);
    await history.started(1120);
    await history.ended(1180);
    expect(await history.history()).toEqual([outage(1000, { endedAtSecs: 1180, durationSecs: 180 })]);
  });

  it.each(['file', 'memory'])('keeps the last thirty, in a %s (OH-4)', async (where) => {
    const { create, clock, log } = setUp();
    const history = where === 'file' ? create() : createOutageHistory({ clock, log });
    for (let n = 0; n < 35; n += 1) {
      await history.started(n * 100);
      await history.ended(n * 100 + 50);
    }
    const outages = await history.history();
    expect(outages).toHaveLength(30);
    expect(outages[0]?.startedAtSecs).toBe(500);
    expect(outages.at(-1)?.startedAtSecs).toBe(3400);
  });

  it('keeps the last thirty of a file that is longer (OH-4)', async () => {
    const { history } = setUp(Array.from({ length: 40 }, (_, n) => entry(n, n + 1, 1)));
    expect((await history.history()).map(({ startedAtSecs }) => startedAtSecs)).toEqual(
      Array.from({ length: 30 }, (_, n) => n + 10),
    );
  });

  it('has start and end on disk at once (OH-5)', async () => {
    const { history, create, stored, folder } = setUp();
    await history.started(1000.5);
    expect(stored()).toEqual([entry(1000.5)]);
    await history.ended(1065.5, 4);
    expect(stored()).toEqual([{ ...entry(1000.5, 1065.5, 65), jobs_affected: 4 }]);
    expect(await create().history()).toEqual(await history.history());
    expect(readdirSync(folder)).toEqual(['outage_history.json']);
  });

  it('goes on where another process left it (OH-7)', async () => {
    const { create } = setUp();
    await create().started(1000);
    expect(await create().current()).toEqual(outage(1000));
    await create().ended(1065, 7);
    const reloaded = create();
    expect(await reloaded.current()).toBeUndefined();
    expect(await reloaded.history()).toEqual([
      { startedAtSecs: 1000, endedAtSecs: 1065, durationSecs: 65, jobsAffected: 7 },
    ]);
  });

  it('hands out copies', async () => {
    const { create } = setUp();
    const { log } = recordingLog();
    for (const history of [create(), createOutageHistory({ clock: new FakeClock(), log })]) {
      await history.started(1000);
      const copy = await history.history();
      for (const one of copy) one.startedAtSecs = 7;
      copy.pop();
      expect(await history.history()).toEqual([outage(1000)]);
    }
  });

  it('keeps the records of all processes, whatever they knew before (W31)', async () => {
    const { create } = setUp();
    const [one, other] = [create(), create()];
    await Promise.all([one.history(), other.history()]);
    await one.started(1000);
    await one.ended(1010);
    await other.started(2000);
    await other.ended(2010);
    expect((await create().history()).map(({ startedAtSecs }) => startedAtSecs)).toEqual([1000, 2000]);
  });

  it('has one record when several processes report the same outage at once (W29, W31)', async () => {
    const { create } = setUp([entry(1, 2, 1)]);
    await Promise.all([1000, 1001, 1002].map((secs) => create().started(secs)));
    expect(await create().history()).toHaveLength(2);
    await Promise.all([1065, 1066, 1067].map((secs) => create().ended(secs)));
    expect((await create().history()).filter(({ endedAtSecs }) => endedAtSecs !== null)).toHaveLength(2);
  });

  it('does not invent a duration when the clock was set back meanwhile (W25)', async () => {
    const { history } = setUp();
    await history.started(5000);
    await history.ended(1400, 2);
    expect(await history.history()).toEqual([outage(5000, { endedAtSecs: 1400, jobsAffected: 2 })]);
    expect(await history.current()).toBeUndefined();
  });
});

describe('a history file', () => {
  it.each([
    ['broken', '[{"started_at": 10'],
    ['NaN', '[{"started_at": NaN}]'],
    ['an object', '{}'],
    ['null', 'null'],
  ])(
    'that is damaged is set aside with a warning, and the history is empty: %s (OH-5, W27)',
    async (_, content) => {
      const { history, create, folder, warnings } = setUp(content);
      expect(await history.history()).toEqual([]);
      await history.started(1000);
      expect(await create().history()).toEqual([outage(1000)]);
      expect(warnings()).toHaveLength(1);
      const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
      expect(kept).toContain(content);
    },
  );

  it('that is no UTF-8 is set aside, too (W27)', async () => {
    const { history, path, folder } = setUp();
    writeFileSync(path, Uint8Array.of(0x5b, 0xff, 0x5d));
    expect(await history.current()).toBeUndefined();
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('with a wrong value loses at most that entry (W27)', async () => {
    const { history, warnings } = setUp([
      'text',
      null,
      [],
      {},
      { ...entry(1), started_at: 'yesterday' },
      { ...entry(1), started_at: null },
      { ...entry(100, 160, 60), duration: 'long' },
      { ...entry(200, 260, -5), jobs_affected: 'many' },
      { ...entry(300, 360, 60), jobs_affected: -3 },
      { started_at: 400, ended_at: 460 },
      { ...entry(500), ended_at: 'soon', duration: 60 },
    ]);
    expect(await history.history()).toEqual([
      outage(100, { endedAtSecs: 160 }),
      outage(200, { endedAtSecs: 260 }),
      outage(300, { endedAtSecs: 360, durationSecs: 60 }),
      outage(400, { endedAtSecs: 460 }),
      outage(500),
    ]);
    expect(warnings()).toEqual([]);
  });

  it('keeps the keys of an entry that nobody knows, wherever it moves to (W27)', async () => {
    const entries = Array.from({ length: 30 }, (_, n) => ({
      ...entry(n, n + 0.5, 0.5),
      note: `outage ${n}`,
    }));
    const { history, stored } = setUp(entries);
    await history.started(1000);
    await history.ended(1010);
    expect(stored().map((one) => one['note'])).toEqual([
      ...Array.from({ length: 29 }, (_, n) => `outage ${n + 1}`),
      undefined,
    ]);
  });

  it('that cannot be written lets the history work on, with an error line', async () => {
    const { history, path, lines } = setUp();
    mkdirSync(path);
    await history.started(1000);
    await history.ended(1065);
    expect(await history.history()).toEqual([outage(1000, { endedAtSecs: 1065, durationSecs: 65 })]);
    expect(lines.filter(({ level }) => level === 'error')[0]?.text).toContain(
      'Failed to save the outage history',
    );
  });
});

describe('aligning the history with the circuit', () => {
  it('ends what cannot be going on when the circuit is closed, without a duration (W29)', async () => {
    const { history, nowSecs } = setUp([entry(100), entry(200), entry(300, 360, 60), entry(400)]);
    await history.align('closed', null);
    expect(await history.current()).toBeUndefined();
    const outages = await history.history();
    expect(outages).toEqual([
      outage(100, { endedAtSecs: 200 }),
      outage(200, { endedAtSecs: 300 }),
      outage(300, { endedAtSecs: 360, durationSecs: 60 }),
      outage(400, { endedAtSecs: nowSecs }),
    ]);
    expect(outageMetrics(outages)).toMatchObject({ totalDowntimeSecs: 60, mttrSecs: 60, mtbfSecs: 40 });
  });

  it.each(['open', 'half_open'] as const)(
    'makes one outage of all that are open at the end when the circuit is %s (W29)',
    async (circuit) => {
      const { history, stored } = setUp([
        entry(50),
        entry(100, 160, 60),
        { ...entry(200), note: 'first' },
        entry(260),
        entry(320),
      ]);
      await history.align(circuit, 150);
      expect(await history.history()).toEqual([
        outage(50, { endedAtSecs: 100 }),
        outage(100, { endedAtSecs: 160, durationSecs: 60 }),
        outage(200),
      ]);
      expect(stored()[2]).toEqual({ ...entry(200), note: 'first' });
      await history.ended(400);
      expect(await history.current()).toBeUndefined();
    },
  );

  it.each(['open', 'half_open'] as const)(
    'records the outage that is missing when the circuit is %s (W29, W30)',
    async (circuit) => {
      const { history, nowSecs } = setUp([entry(100, 160, 60)]);
      await history.align(circuit, nowSecs - 90);
      expect(await history.current()).toEqual(outage(nowSecs - 90));
      const unknown = setUp();
      await unknown.history.align(circuit, null);
      expect(await unknown.history.history()).toEqual([outage(unknown.nowSecs)]);
    },
  );

  it('does not take an outage before the last one for the present one', async () => {
    const { history } = setUp([entry(100), entry(200, 260, 60)]);
    await history.align('open', 300);
    expect(await history.history()).toEqual([
      outage(100, { endedAtSecs: 200 }),
      outage(200, { endedAtSecs: 260, durationSecs: 60 }),
      outage(300),
    ]);
  });

  it.each([
    ['closed', []],
    ['closed', [entry(100, 160, 60)]],
    ['open', [entry(100, 160, 60), entry(200)]],
    ['half_open', [entry(200)]],
  ] as const)('writes nothing and says nothing when they agree: %s, %j', async (circuit, entries) => {
    const { history, path, lines } = setUp(entries);
    const { ino } = statSync(path);
    await history.align(circuit, 150);
    expect(statSync(path).ino).toBe(ino);
    expect(lines).toEqual([]);
  });
});
