import { describe, expect, it } from 'vitest';
import { dropScene } from '../../src/queue/dropScene.ts';
import { openStore, SYNC } from './openStore.ts';

const ITEM = { serverId: SYNC.serverId, ratingKey: SYNC.ratingKey, sectionKey: SYNC.sectionKey };
const DECISION = { ownerId: 1, sceneIds: [1, 2, 3], filesKey: 'files', title: 'Film' };

/** A store in which scenes 1 to 3 share an item. */
function decided(bySceneId: number | undefined, decision = DECISION) {
  const store = openStore();
  const { jobs, clock, db } = store;
  jobs.owners.decide(ITEM, decision, bySceneId, clock.now());
  const queued = () => db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all();
  return { ...store, owners: jobs.owners, queued };
}

describe('who owns an item', () => {
  it('is kept for all processes, with the scenes among which was decided (A2)', () => {
    const { owners, otherProcess, clock } = decided(1);
    expect(otherProcess().owners.decision(ITEM)).toEqual({ ...DECISION, decidedAtMs: clock.now() });
    expect(otherProcess().owners.decision({ ...ITEM, serverId: 'another' })).toBeUndefined();
    expect(owners.itemsOf(2)).toEqual([ITEM]);
    expect(owners.isAny()).toBe(true);
    expect(openStore().jobs.owners.isAny()).toBe(false);
  });

  it('has its owner written: queued, unless its turn it is, or it alone was synced to the item (A2)', () => {
    expect(decided(2).queued()).toEqual([1]);
    expect(decided(1).queued()).toEqual([]);
    const { owners, jobs, clock, record, takeNext, queued } = openedWith(1);
    owners.decide(ITEM, DECISION, 2, clock.now());
    expect(queued()).toEqual([]);
    // Another one has it now.
    owners.decide(ITEM, { ...DECISION, ownerId: 3 }, 2, clock.now());
    expect(queued()).toEqual([3]);
    record(2);
    jobs.complete(takeNext(), undefined);
  });

  it('is decided anew when the owner leaves: the others are queued, and what it wrote is theirs (A2)', () => {
    const { owners, jobs, clock, queued } = openedWith(1);
    owners.decide(ITEM, DECISION, 1, clock.now());
    expect(owners.leave(2, ITEM, clock.now())).toEqual([]);
    expect(owners.leave(1, ITEM, clock.now())).toEqual([3]);
    expect(queued()).toEqual([3]);
    expect(owners.decision(ITEM)).toMatchObject({ ownerId: undefined, decidedAtMs: 0, sceneIds: [3] });
    expect(owners.shared(10)).toEqual({ total: 0, scenes: [] });
    expect(owners.inheritance(ITEM, 3)).toEqual(SYNC.written);
    expect(jobs.sceneSyncs(1)).toHaveLength(1);
    owners.leave(3, ITEM, clock.now());
    expect(owners.isAny()).toBe(false);
  });

  it('is decided anew when Stash destroys the owner, in the transaction that forgets it (A2)', () => {
    const { db, owners, clock, queued } = openedWith(1);
    owners.decide(ITEM, DECISION, 1, clock.now());
    expect(dropScene(db, 1, clock.now())).toEqual([2, 3]);
    expect(queued()).toEqual([2, 3]);
    expect(owners.inheritance(ITEM, 2)).toEqual(SYNC.written);
    // One that owned nothing leaves no trace.
    expect(dropScene(db, 2, clock.now())).toEqual([]);
    expect(owners.decision(ITEM)?.sceneIds).toEqual([3]);
  });

  it('is told of every scene that does not own its item (A2)', () => {
    const { owners, clock } = decided(1);
    owners.decide({ ...ITEM, ratingKey: '9' }, { ...DECISION, ownerId: undefined, sceneIds: [4] }, 4, 1);
    const film = { ratingKey: SYNC.ratingKey, ownerId: 1, title: 'Film' };
    expect(owners.shared(2)).toEqual({
      total: 3,
      scenes: [
        { sceneId: 2, ...film },
        { sceneId: 3, ...film },
      ],
    });
    expect(owners.shared(10).scenes.at(-1)).toEqual({
      sceneId: 4,
      ownerId: null,
      ratingKey: '9',
      title: 'Film',
    });
    owners.decide(ITEM, { ...DECISION, sceneIds: [1] }, 1, clock.now());
    expect(owners.shared(10).total).toBe(1);
  });
});

describe('the items of a scene', () => {
  it('are replaced as a whole by a success; what it shares stays shared, what it lost goes to others (A2, A3)', () => {
    const { owners, jobs, clock, record, takeNext, queued } = openedWith(1);
    const second = { ...SYNC, ratingKey: '813', sectionKey: '5' };
    record(1);
    jobs.complete(takeNext(), { syncs: [SYNC, second], shared: [] });
    expect(jobs.sceneSyncs(1)).toEqual([SYNC, second]);
    owners.decide(ITEM, DECISION, 1, clock.now());
    const third = { ...ITEM, ratingKey: '814' };
    owners.decide(third, { ...DECISION, ownerId: 9 }, 9, clock.now());
    record(1);
    jobs.complete(takeNext(), { syncs: [second], shared: [third] });
    expect(jobs.sceneSyncs(1)).toEqual([second]);
    expect(owners.itemsOf(1)).toEqual([third]);
    expect(queued()).toEqual([2, 3]);
    expect(owners.inheritance(ITEM, 2)).toEqual(SYNC.written);
  });

  it('change nothing when the job was taken over meanwhile', () => {
    const { owners, jobs, record, takeNext } = openedWith(1);
    record(1);
    const job = { ...takeNext(), claimId: 'late' };
    expect(jobs.complete(job, { syncs: [], shared: [] })).toBe(false);
    expect(jobs.decide(job, ITEM, DECISION)).toBe(false);
    expect(jobs.leave(job, [ITEM])).toBe(false);
    expect([jobs.sceneSyncs(1).length, owners.isAny()]).toEqual([1, false]);
  });
});

/** A store in which a scene was synced to the item. */
function openedWith(sceneId: number) {
  const store = openStore();
  store.record(sceneId);
  store.jobs.complete(store.takeNext(), { syncs: [SYNC], shared: [] });
  const queued = () => store.db.prepare('SELECT scene_id FROM jobs ORDER BY scene_id').pluck().all();
  return { ...store, owners: store.jobs.owners, queued };
}
