import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatchUp, LOOK_INTERVAL_MS } from '../../src/drain/catchUp.ts';
import { createChangeLog } from '../../src/queue/changeLog.ts';
import { dropScene } from '../../src/queue/dropScene.ts';
import { type Bench, type BenchOptions, startBench } from '../support/startBench.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ON = { enabled: true, sync_master: true };
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

interface CatchUpBench extends Bench {
  /** A look, if one is due, by the process that {@link nextProcess} began last. */
  look(settings?: typeof ON): Promise<void>;
  /** Another process: it looks at once. */
  nextProcess(): void;
  waiting(): number[];
  /** Requests to Stash since the last call. */
  requests(): number;
}

/** A Stash whose past ends now, looked at once, a minute ago. */
async function startCatchUp(options: BenchOptions = {}, ownOffsetMinutes?: () => number) {
  const bench = await startBench(options);
  const open = () =>
    createCatchUp({
      clock: bench.clock,
      log: bench.context.log,
      changes: createChangeLog(bench.db),
      utcOffsetMinutes: ownOffsetMinutes ?? (() => bench.stash.scenes.utcOffsetMinutes),
    });
  let catchUp = open();
  const started: CatchUpBench = {
    ...bench,
    look: (settings = ON) => catchUp({ ...bench.context, settings }),
    nextProcess: () => {
      catchUp = open();
    },
    waiting: () => bench.db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all() as number[],
    requests() {
      const count = bench.stash.log.count();
      bench.stash.log.clear();
      return count;
    },
  };
  return started;
}

/** As {@link startCatchUp}, with `names` synced long ago and the first look done. */
async function startQuiet(names: readonly string[], options: BenchOptions = {}) {
  const bench = await startCatchUp(options);
  const ids = names.map((name) => bench.scanned(name, { title: name }));
  await bench.sync(...ids);
  await bench.look();
  bench.clock.advance(HOUR_MS);
  bench.requests();
  return { bench, ids };
}

describe('the first look', () => {
  it('is one request and queues nothing of the past', async () => {
    const bench = await startCatchUp();
    for (let index = 0; index < 600; index += 1) bench.scanned(`old ${index}`);
    await bench.look();
    expect(bench.requests()).toBe(1);
    bench.clock.advance(LOOK_INTERVAL_MS);
    await bench.look();
    expect(bench.waiting()).toEqual([]);
  });

  it('at an empty Stash makes everything that comes later news', async () => {
    const bench = await startCatchUp();
    await bench.look();
    const id = bench.stash.quietly.importScene({ details: 'D', files: ['/data/films/one.mkv'] });
    bench.clock.advance(LOOK_INTERVAL_MS);
    await bench.look();
    expect(bench.waiting()).toEqual([id]);
  });

  it('is not moved ahead by a scene from the future', async () => {
    const bench = await startCatchUp();
    bench.scanned('future', { updated_at: '2099-01-01T00:00:00Z' });
    await bench.look();
    bench.clock.advance(2_000);
    const id = bench.scanned('new');
    bench.nextProcess();
    await bench.look();
    expect(bench.waiting()).toContain(id);
  });
});

describe('a look', () => {
  it('counts a scene as synced although libraries that the settings leave out at present keep its former version', async () => {
    const bench = await startCatchUp();
    const other = bench.plex.library.addSection({ title: 'More', locations: ['/media/films'] });
    const id = bench.scanned('one', { title: 'One' });
    bench.plex.library.addItem(other.key, { title: 'one', file: '/media/films/one.mkv' });
    await bench.sync(id);
    const rows = () =>
      bench.db
        .prepare('SELECT section_key, scene_updated_at, synced_at_ms FROM scene_syncs ORDER BY section_key')
        .all();
    const before = rows();
    expect(before).toHaveLength(2);
    bench.context = bench.restart({ plex_library: 'Films' });
    await bench.look();
    bench.clock.advance(HOUR_MS);
    bench.stash.scenes.update(id, { title: 'Two' });
    await bench.sync(id);
    const after = rows();
    expect([after[1], after.length]).toEqual([before[1], 2]);
    bench.nextProcess();
    await bench.look();
    expect(bench.waiting()).toEqual([]);
  });

  it('finds whatever moves updated_at and fires no hook', async () => {
    const { bench, ids } = await startQuiet([
      'cover',
      'tags',
      'merged',
      'source',
      'imported',
      'moved',
      'same',
    ]);
    const [cover = 0, tags = 0, merged = 0, source = 0, imported = 0, moved = 0] = ids;
    bench.stash.quietly.generateCover(cover, JPEG);
    bench.stash.quietly.autoTag(tags, { tags: ['Found'] });
    bench.stash.quietly.mergeScenes([source], merged, { details: 'Merged.' });
    bench.stash.quietly.importScene({ id: imported, details: 'Imported.' });
    bench.stash.quietly.moveFile('/data/films/moved.mkv', '/data/films/elsewhere/moved.mkv');
    await bench.look();
    expect(bench.waiting()).toEqual([cover, tags, merged, imported, moved]);
    expect(bench.requests()).toBe(1);
  });

  it('queues as a bulk, so that single edits go first', async () => {
    const { bench, ids } = await startQuiet(['a', 'b']);
    bench.stash.quietly.generateCover(ids[0] ?? 0, JPEG);
    await bench.look();
    bench.clock.advance(5_000);
    bench.record(ids[1] ?? 0);
    expect(bench.jobs.peekDue(10).map(({ sceneId, inBulk }) => [sceneId, inBulk])).toEqual([
      [ids[1], false],
      [ids[0], true],
    ]);
  });

  it('takes one request while there is no news, at the beginning and then once a minute at most', async () => {
    const { bench } = await startQuiet(['a', 'b', 'c']);
    for (let passedMs = 0; passedMs < 10 * MINUTE_MS; passedMs += 5_000) {
      await bench.look();
      bench.clock.advance(5_000);
    }
    expect(bench.requests()).toBe(10);
    expect(bench.waiting()).toEqual([]);
  });

  it('leaves those alone that were synced by their own event, and those that have a job', async () => {
    const { bench, ids } = await startQuiet(['done', 'waits']);
    for (const id of ids) bench.stash.scenes.update(id, { title: 'Edited' });
    await bench.sync(ids[0] ?? 0);
    bench.record(ids[1] ?? 0);
    const before = bench.db.prepare('SELECT * FROM jobs').all();
    await bench.look();
    expect(bench.db.prepare('SELECT * FROM jobs').all()).toEqual(before);
  });

  it('costs a bare scan nothing more than its row: no job, no note', async () => {
    const { bench } = await startQuiet([]);
    for (let index = 0; index < 400; index += 1) {
      bench.stash.scenes.add({ title: '', files: [`/data/films/${index}.mkv`] });
    }
    bench.stash.scenes.add({ details: 'No file.' });
    await bench.look();
    expect(bench.waiting()).toEqual([]);
    expect(bench.db.prepare('SELECT count(*) FROM noticed_changes').pluck().get()).toBe(0);
    expect(bench.requests()).toBe(1);
  });

  it('empties a synced scene that lost all it had', async () => {
    const { bench, ids } = await startQuiet(['a']);
    bench.stash.quietly.importScene({ id: ids[0] ?? 0, details: '' });
    await bench.look();
    expect(bench.waiting()).toEqual(ids);
  });

  it('notices a version once, whatever becomes of its job, and the next version again', async () => {
    const { bench, ids } = await startQuiet(['a']);
    const [id = 0] = ids;
    for (const change of ['One', 'Two']) {
      bench.stash.quietly.importScene({ id, details: change });
      bench.nextProcess();
      await bench.look();
      expect(bench.waiting()).toEqual([id]);
      // The user cleared the queue, or it was given up.
      bench.jobs.clear({ isDrainerAlive: false });
      bench.nextProcess();
      await bench.look();
      expect(bench.waiting()).toEqual([]);
      bench.clock.advance(1_000);
    }
  });

  it('does not bring back what the user cleared before it was noticed, but what changes later (W17)', async () => {
    const { bench, ids } = await startQuiet(['edited', 'other']);
    const [edited = 0, other = 0] = ids;
    bench.stash.scenes.update(edited, { title: 'Edited' });
    bench.record(edited);
    bench.stash.quietly.generateCover(other, JPEG);
    bench.clock.advance(1_000);
    bench.jobs.clear({ isDrainerAlive: false });
    await bench.look();
    expect(bench.waiting()).toEqual([other]);
    bench.clock.advance(LOOK_INTERVAL_MS);
    bench.stash.quietly.generateCover(edited, JPEG);
    await bench.look();
    expect(bench.waiting()).toEqual(ids);
  });

  it('has its jobs read a second that is over: what else happens within it is seen', async () => {
    const { bench, ids } = await startQuiet(['a']);
    const [id = 0] = ids;
    bench.stash.quietly.autoTag(id, { performers: ['P'] });
    await bench.look();
    expect(await bench.drain()).toMatchObject({ synced: 0 });
    bench.stash.quietly.autoTag(id, { tags: ['T'] });
    await bench.drainAll();
    expect(bench.item('a')).toMatchObject({ genres: ['T'] });
    bench.nextProcess();
    await bench.look();
    expect(bench.waiting()).toEqual([]);
  });

  it('finds what was committed late: a time stamp is made before its transaction', async () => {
    const { bench, ids } = await startQuiet(['slow', 'fast']);
    const [slow = 0, fast = 0] = ids;
    const stamp = bench.stash.scenes.stamp();
    bench.clock.advance(90_000);
    bench.stash.quietly.generateCover(fast, JPEG);
    await bench.look();
    bench.stash.quietly.execSql(slow, { details: 'Slow.', updated_at: stamp });
    bench.clock.advance(LOOK_INTERVAL_MS);
    await bench.look();
    expect(bench.waiting()).toEqual([slow, fast]);
  });

  it('does not look while the plugin or its syncs are switched off', async () => {
    const { bench, ids } = await startQuiet(['a']);
    bench.stash.quietly.generateCover(ids[0] ?? 0, JPEG);
    await bench.look({ enabled: false, sync_master: true });
    await bench.look({ enabled: true, sync_master: false });
    expect(bench.requests()).toBe(0);
    await bench.look();
    expect(bench.waiting()).toEqual(ids);
  });

  it('stops reading the rows of a bulk some minutes later, though nothing else changes', async () => {
    const { bench, ids } = await startQuiet(Array.from({ length: 20 }, (_, index) => `film ${index}`));
    for (const id of ids) bench.stash.quietly.generateCover(id, JPEG);
    const rows: number[] = [];
    for (let minute = 0; minute < 10; minute += 1) {
      bench.stash.log.clear();
      await bench.look();
      const above = String(
        JSON.stringify(bench.stash.log.all()).match(/"updated_at":{"value":"([^"]+)"/)?.[1],
      );
      rows.push(ids.filter((id) => (bench.stash.scenes.get(id)?.updated_at ?? '') > above).length);
      bench.clock.advance(LOOK_INTERVAL_MS);
    }
    expect(rows).toEqual([20, 20, 20, 20, 20, 20, 20, 0, 0, 0]);
    expect(bench.db.prepare('SELECT count(*) FROM noticed_changes').pluck().get()).toBe(0);
  });
});

describe('a look at more than a page', () => {
  it('takes a page a request, ties across the border included, and asks again the later for it', async () => {
    const { bench } = await startQuiet([]);
    // All within one second.
    for (let index = 0; index < 1_200; index += 1) bench.scanned(`film ${index}`);
    await bench.look();
    expect(bench.requests()).toBe(3);
    expect(bench.waiting()).toHaveLength(1_200);
    bench.clock.advance(2 * LOOK_INTERVAL_MS);
    await bench.look();
    expect(bench.requests()).toBe(0);
    bench.clock.advance(LOOK_INTERVAL_MS);
    await bench.look();
    expect(bench.requests()).toBeGreaterThan(0);
  });

  it('that breaks off keeps what is queued, does not move the cursor, and loses nothing', async () => {
    const { bench } = await startQuiet([]);
    for (let index = 0; index < 1_200; index += 1) bench.scanned(`film ${index}`);
    const before = createChangeLog(bench.db).cursor();
    bench.stash.faults.add({ nth: 3, action: { status: 500 } });
    await bench.look();
    expect(bench.waiting()).toHaveLength(500);
    expect(createChangeLog(bench.db).cursor()).toEqual(before);
    bench.clock.advance(LOOK_INTERVAL_MS);
    await bench.look();
    expect(bench.waiting()).toHaveLength(1_200);
    expect(createChangeLog(bench.db).cursor()).not.toEqual(before);
  });
});

describe('trouble in a look', () => {
  it.each([{ status: 500 }, { graphqlError: 'database is locked' }, 'reset', 'loginPage'] as const)(
    'stops nothing and is over a minute later: %o',
    async (action) => {
      const { bench, ids } = await startQuiet(['a']);
      bench.stash.quietly.generateCover(ids[0] ?? 0, JPEG);
      const fault = bench.stash.faults.add({ action });
      await bench.look();
      fault.remove();
      await bench.look();
      expect(bench.waiting()).toEqual([]);
      bench.clock.advance(LOOK_INTERVAL_MS);
      await bench.look();
      expect(bench.waiting()).toEqual(ids);
      expect(bench.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    },
  );

  it('that waiting does not mend is said once', async () => {
    const { bench } = await startQuiet(['a']);
    bench.stash.faults.add({ action: { status: 422 } });
    for (let minute = 0; minute < 3; minute += 1) {
      await bench.look();
      bench.clock.advance(LOOK_INTERVAL_MS);
    }
    expect(bench.lines.filter(({ level }) => level === 'warn')).toEqual([
      { level: 'warn', text: expect.stringContaining('422') },
    ]);
  });

  it('with the own database stops nothing either', async () => {
    const { bench, ids } = await startQuiet(['a']);
    bench.stash.quietly.generateCover(ids[0] ?? 0, JPEG);
    bench.db.exec('ALTER TABLE noticed_changes RENAME TO elsewhere');
    await bench.look();
    expect(bench.waiting()).toEqual([]);
  });
});

describe("Stash's clock", () => {
  it('may have any offset, and summer time may end: what is written an hour lower is found', async () => {
    for (const before of [120, -240, 0, 330]) {
      const { bench, ids } = await startQuiet(['a', 'b'], { stash: { utcOffsetMinutes: before } });
      bench.stash.quietly.generateCover(ids[0] ?? 0, JPEG);
      await bench.look();
      bench.stash.scenes.utcOffsetMinutes = before - 60;
      bench.clock.advance(2 * MINUTE_MS);
      bench.stash.quietly.generateCover(ids[1] ?? 0, JPEG);
      await bench.look();
      expect(bench.waiting()).toEqual(ids);
    }
  });

  it.each([120, -240])(
    'is followed also where this machine does not know its time zone (%i minutes)',
    async (before) => {
      const bench = await startCatchUp({ stash: { utcOffsetMinutes: before } }, () => 0);
      const ids = ['a', 'b'].map((name) => bench.scanned(name));
      await bench.look();
      bench.clock.advance(HOUR_MS);
      bench.stash.quietly.generateCover(ids[0] ?? 0, JPEG);
      bench.nextProcess();
      await bench.look();
      bench.stash.scenes.utcOffsetMinutes = before - 60;
      bench.clock.advance(2 * MINUTE_MS);
      bench.stash.quietly.generateCover(ids[1] ?? 0, JPEG);
      await bench.look();
      expect(bench.waiting()).toEqual(ids);
    },
  );

  it.each([-25, -1, 1, 25])('may differ from this machine’s by %i hours: nothing is lost', async (hours) => {
    let bench: CatchUpBench | undefined;
    const now = () => (bench?.clock.now() ?? Date.UTC(2026, 0, 11, 12)) + hours * HOUR_MS;
    bench = await startCatchUp({ stash: { now } });
    const ids = ['a', 'b', 'c'].map((name) => bench?.scanned(name) ?? 0);
    await bench.look();
    for (const id of ids) {
      bench.clock.advance(LOOK_INTERVAL_MS);
      bench.stash.quietly.generateCover(id, JPEG);
      await bench.look();
      expect(bench.waiting()).toContain(id);
    }
  });

  it('may be set back: what is changed then is found as long as somebody looks', async () => {
    const { bench, ids } = await startQuiet(['a', 'b']);
    bench.stash.quietly.generateCover(ids[0] ?? 0, JPEG);
    await bench.look();
    bench.clock.jump(-6 * HOUR_MS);
    bench.clock.advance(LOOK_INTERVAL_MS);
    bench.stash.quietly.generateCover(ids[1] ?? 0, JPEG);
    await bench.look();
    expect(bench.waiting()).toEqual(ids);
  });

  it('that gives one scene a time in the future hides no other change', async () => {
    const { bench, ids } = await startQuiet(['future', 'b']);
    const [future = 0, other = 0] = ids;
    bench.stash.quietly.importScene({ id: future, updated_at: '2099-01-01T00:00:00Z' });
    await bench.look();
    await bench.drainAll();
    for (let minute = 0; minute < 10; minute += 1) {
      bench.clock.advance(LOOK_INTERVAL_MS);
      await bench.look();
      expect(bench.waiting()).toEqual([]);
    }
    bench.stash.quietly.generateCover(other, JPEG);
    bench.clock.advance(LOOK_INTERVAL_MS);
    await bench.look();
    expect(bench.waiting()).toEqual([other]);
  });
});

describe('looks by one process after another', () => {
  it('miss no change and queue no version twice, whatever the rhythm', async () => {
    const step = fc.record({
      kind: fc.constantFrom('change', 'change', 'look', 'process', 'drain', 'destroy'),
      scene: fc.nat({ max: 5 }),
      passMs: fc.constantFrom(0, 100, 900, 5_000, 61_000, 400_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { bench, ids } = await startQuiet(['a', 'b', 'c', 'd', 'e', 'f']);
        for (const { kind, scene, passMs } of steps) {
          const id = ids[scene] ?? 0;
          if (kind === 'change' && bench.stash.scenes.get(id)) {
            bench.stash.quietly.importScene({ id, details: `Changed ${Math.random()}` });
          }
          if (kind === 'look') await bench.look();
          if (kind === 'process') bench.nextProcess();
          if (kind === 'drain') await bench.drainAll();
          if (kind === 'destroy' && scene === 0) {
            bench.stash.scenes.destroy(id);
            dropScene(bench.db, id, bench.clock.now());
          }
          bench.clock.advance(passMs);
        }
        bench.nextProcess();
        await bench.look();
        await bench.drainAll();
        for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
          const scene = bench.stash.scenes.get(ids[index] ?? 0);
          if (scene) expect(bench.item(name).summary).toBe(scene.details);
        }
        bench.nextProcess();
        await bench.look();
        expect(bench.waiting()).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});
