import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedactor } from '../../src/log/redactor.ts';
import { parseConnection } from '../../src/stash/connection.ts';
import type { ScenePage, SceneSelection, SceneWalk } from '../../src/stash/SceneWalk.ts';
import { createStashClient } from '../../src/stash/StashClient.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { type StashDoubleOptions, startStashDouble } from '../support/stashDouble/startStashDouble.ts';

const HOUR_MS = 3_600_000;

async function connected(options: StashDoubleOptions = {}) {
  const clock = new FakeClock();
  const stash = await startStashDouble({ now: () => clock.now(), ...options });
  const client = createStashClient(parseConnection({ ...stash.serverConnection() }), createRedactor());
  onTestFinished(async () => {
    await client.close();
    await stash.close();
  });
  const pages = <S extends SceneSelection>(walk: SceneWalk<S>) => collect(client.scenePages(walk));
  const ids = async (walk: Omit<SceneWalk, 'select'> = {}) =>
    (await pages({ ...walk, select: 'ids' })).flatMap(({ scenes }) => scenes.map(({ id }) => id));
  return { clock, stash, client, pages, ids };
}

async function collect<S extends SceneSelection>(walk: AsyncIterable<ScenePage<S>>): Promise<ScenePage<S>[]> {
  const pages: ScenePage<S>[] = [];
  for await (const page of walk) pages.push(page);
  return pages;
}

function breakMember(record: object, member: string): void {
  Object.defineProperty(record, member, {
    get: () => {
      throw new Error('Internal system error. sql: database is locked');
    },
  });
}

describe('a walk', () => {
  it('costs one request a page, 1 000 ids or 250 whole scenes, and counts once (W-60)', async () => {
    const { stash, pages } = await connected();
    for (let index = 0; index < 2_500; index += 1) stash.scenes.add({ title: `No. ${index}` });
    const ids = await pages({ select: 'ids' });
    expect(ids.map(({ scenes }) => scenes.length)).toEqual([1_000, 1_000, 500]);
    expect(ids.map(({ walked, total }) => [walked, total])).toEqual([
      [1_000, 2_500],
      [2_000, 2_500],
      [2_500, 2_500],
    ]);
    expect(stash.log.count()).toBe(3);
    expect(stash.log.all().map(({ query }) => query?.includes('count'))).toEqual([true, false, false]);
    stash.log.clear();
    const whole = await pages({ select: 'whole' });
    expect(whole.flatMap(({ scenes }) => scenes.map(({ title }) => title))).toEqual(
      Array.from({ length: 2_500 }, (_, index) => `No. ${index}`),
    );
    // The eleventh finds the end: a full page does not tell that it is the last.
    expect(stash.log.count()).toBe(11);
  });

  it('of no scenes is one empty page', async () => {
    const { pages } = await connected();
    expect(await pages({ select: 'whole' })).toEqual([{ scenes: [], unreadable: [], walked: 0, total: 0 }]);
  });

  it('gives the time stamp of an id as Stash gave it', async () => {
    const { stash, pages } = await connected({ utcOffsetMinutes: 660 });
    const id = stash.scenes.add();
    const [page] = await pages({ select: 'ids' });
    expect(page?.scenes).toEqual([{ id, updatedAt: '2026-01-11T23:00:00+11:00' }]);
  });

  it('passes every scene that stays exactly once, whatever comes and goes meanwhile (W-61)', async () => {
    const change = fc.record({ remove: fc.nat(80), add: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(change, { maxLength: 30 }),
        async (count, pageSize, changes) => {
          const stash = await startStashDouble();
          const client = createStashClient(
            parseConnection({ ...stash.serverConnection() }),
            createRedactor(),
          );
          try {
            const before = Array.from({ length: count }, () => stash.scenes.add());
            const removed = new Set<number>();
            const seen: number[] = [];
            const queue = [...changes];
            for await (const page of client.scenePages({ select: 'ids', pageSize })) {
              seen.push(...page.scenes.map(({ id }) => id));
              expect(page.walked).toBeLessThanOrEqual(page.total);
              const next = queue.shift();
              if (next?.add) stash.scenes.add();
              if (next && stash.scenes.destroy(next.remove)) removed.add(next.remove);
            }
            expect(seen).toEqual([...new Set(seen)].sort((left, right) => left - right));
            expect(before.filter((id) => !removed.has(id) && !seen.includes(id))).toEqual([]);
          } finally {
            await client.close();
            await stash.close();
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a time bound', () => {
  it('is compared as a time, not as text, from every offset to every other (W-65)', async () => {
    const { stash, ids } = await connected();
    const atMs = Date.parse('2026-01-11T12:00:00Z');
    const offsets = [-12 * 60, -210, 0, 330, 14 * 60];
    const inside: number[] = [];
    for (const offset of offsets) {
      stash.scenes.utcOffsetMinutes = offset;
      const at = (shiftMs: number) => stash.scenes.stamp(shiftMs);
      stash.scenes.add({ updated_at: at(-1_000), created_at: at(-1_000) });
      inside.push(stash.scenes.add({ updated_at: at(0), created_at: at(0) }));
      inside.push(stash.scenes.add({ updated_at: at(5 * HOUR_MS), created_at: at(5 * HOUR_MS) }));
    }
    for (const offset of ['Z', '+14:00', '-12:00']) {
      const shiftMs = offset === 'Z' ? 0 : Number(offset.slice(0, 3)) * HOUR_MS;
      const since = `${new Date(atMs + shiftMs).toISOString().slice(0, 19)}${offset}`;
      expect(await ids({ updatedAfter: since })).toEqual(inside);
      expect(await ids({ createdAfter: since })).toEqual(inside);
    }
  });

  it('reads only what may lie within it, and both bounds count (W-60)', async () => {
    const { stash, pages } = await connected();
    for (let index = 0; index < 30; index += 1) {
      const time = stash.scenes.stamp(-10 * 24 * HOUR_MS);
      stash.scenes.add({ created_at: time, updated_at: time });
    }
    const old = stash.scenes.stamp(-20 * 24 * HOUR_MS);
    stash.scenes.add({ created_at: old, updated_at: stash.scenes.stamp() });
    const fresh = stash.scenes.add();
    const since = new Date(Date.parse(stash.scenes.stamp(-HOUR_MS))).toISOString();
    expect(await pages({ select: 'ids', updatedAfter: since, createdAfter: since })).toMatchObject([
      { scenes: [{ id: fresh }], walked: 1, total: 1 },
    ]);
  });

  it('counts what happened later in the same second, and rows of early versions (W-65)', async () => {
    const { stash, ids } = await connected();
    const same = stash.scenes.add({ updated_at: '2026-01-11T12:00:00Z' });
    const fraction = stash.scenes.add({ updated_at: '2026-01-11T12:00:00.5+00:00' });
    const blank = stash.scenes.add({ updated_at: '2026-01-11 12:00:00+00:00' });
    const odd = stash.scenes.add({ updated_at: 'yesterday' });
    stash.scenes.add({ updated_at: '2026-01-11T11:59:59.9Z' });
    expect(await ids({ updatedAfter: '2026-01-11T12:00:00.400Z' })).toEqual([same, fraction, blank, odd]);
  });

  it('that is no time is refused before anything is asked', async () => {
    const { stash, ids } = await connected();
    await expect(ids({ updatedAfter: 'yesterday' })).rejects.toThrow(RangeError);
    expect(stash.log.count()).toBe(0);
  });
});

describe('a scene that cannot be read', () => {
  it.each(['title', 'files', 'studio'])('at its %s does not stop the walk (W8)', async (member) => {
    const { stash, pages } = await connected();
    const ids = Array.from({ length: 5 }, (_, index) => stash.scenes.add({ title: `No. ${index}` }));
    breakMember(stash.scenes.requireRecord(ids[1] ?? 0), member);
    const walked = await pages({ select: 'whole', pageSize: 2 });
    expect(walked.flatMap(({ scenes }) => scenes.map(({ id }) => id))).toEqual(
      ids.filter((_, index) => index !== 1),
    );
    expect(walked.flatMap(({ unreadable }) => unreadable)).toEqual([ids[1]]);
    expect(walked.at(-1)).toMatchObject({ walked: 5, total: 5 });
  });

  it('at its time stamp is still there by its id, and in no time bound too old', async () => {
    const { stash, pages, ids } = await connected();
    const [, bad] = [stash.scenes.add(), stash.scenes.add(), stash.scenes.add()];
    breakMember(stash.scenes.requireRecord(bad ?? 0), 'updated_at');
    const [page] = await pages({ select: 'ids' });
    expect(page?.scenes.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(page?.scenes[1]).toEqual({ id: bad, updatedAt: null });
    expect(await ids({ createdAfter: '2020-01-01T00:00:00Z' })).toEqual([1, 2, 3]);
  });
});

describe('a client that reads more of scenes', () => {
  const EXTRAS = ['code', 'groups', 'parentStudios'] as const;

  it('gets it one by one, by the page, and where a page has to be read one by one', async () => {
    const { stash, client } = await connected();
    const id = stash.scenes.add({ code: 'C-1', groups: ['G'], studio: 'S' });
    stash.scenes.setParentStudio('S', 'Above');
    const reader = client.reading(EXTRAS);
    const more = { id, code: 'C-1', groups: [{ name: 'G', index: null }], parentStudios: ['Above'] };
    const whole = () => collect(reader.scenePages({ select: 'whole' }));
    expect((await reader.scenes([id])).get(id)).toMatchObject(more);
    expect((await whole()).flatMap(({ scenes }) => scenes)).toMatchObject([more]);
    const bad = stash.scenes.add();
    breakMember(stash.scenes.requireRecord(bad), 'title');
    expect((await whole()).flatMap(({ scenes }) => scenes)[0]).toMatchObject(more);
    const plain = (await client.scenes([id])).get(id);
    for (const extra of EXTRAS) expect(plain).not.toHaveProperty(extra);
  });
});

describe('a Stash that fails', () => {
  it.each([
    ['unavailable', { status: 500 }],
    ['unauthorized', { status: 401 }],
    ['rejected', { status: 422 }],
    ['unavailable', { graphqlError: 'Internal system error.' }],
    ['unavailable', 'emptyReply'],
  ] as const)('ends the walk as %s, after the pages that it gave (W-56)', async (kind, action) => {
    const { stash, client } = await connected();
    for (let index = 0; index < 5; index += 1) stash.scenes.add();
    stash.faults.add({ nth: 2, action });
    let pages = 0;
    const walk = async () => {
      for await (const { scenes } of client.scenePages({ select: 'ids', pageSize: 2 })) {
        pages += scenes.length > 0 ? 1 : 0;
      }
    };
    await expect(walk()).rejects.toMatchObject({ name: 'StashError', kind });
    expect(pages).toBe(1);
    expect(stash.log.count()).toBe(2);
  });
});
