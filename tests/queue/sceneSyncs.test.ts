import { describe, expect, it } from 'vitest';
import { FAILURE, openStore, SYNC, SYNCED } from './openStore.ts';

describe('what is known of synced scenes', () => {
  it('is nothing for a scene that was never synced, and what was written for others (TS-1)', () => {
    const { jobs, record, takeNext, otherProcess } = openStore();
    expect(jobs.sceneSyncs(1)[0]).toBeUndefined();
    record(1);
    jobs.complete(takeNext(), SYNCED);
    expect(otherProcess().sceneSyncs(1)[0]).toEqual(SYNC);
    expect(otherProcess().sceneSyncs(2)[0]).toBeUndefined();
  });

  it.each(['{"genres": ["A"', 'null', '[1]', '7'])(
    'is kept apart from a memory that reads %s (TS-1)',
    (written) => {
      const { db, jobs, record, takeNext } = openStore();
      record(1);
      jobs.complete(takeNext(), SYNCED);
      db.prepare('UPDATE scene_syncs SET written = ?').run(written);
      expect(jobs.sceneSyncs(1)[0]).toEqual({ ...SYNC, written: {} });
    },
  );

  it('is kept per scene: the newest of each, whatever is saved for others (TS-2)', () => {
    const { db, jobs, record, takeNext } = openStore();
    const save = (sceneId: number, sceneUpdatedAt: string) => {
      record(sceneId);
      jobs.complete(takeNext(), { syncs: [{ ...SYNC, sceneUpdatedAt }], shared: [] });
    };
    save(1, 'a');
    save(2, 'b');
    save(1, 'c');
    expect(db.prepare('SELECT scene_id, scene_updated_at FROM scene_syncs').raw().all()).toEqual([
      [1, 'c'],
      [2, 'b'],
    ]);
  });

  it('is saved by a success, with its time, and by nothing else (TS-3)', () => {
    const { clock, db, jobs, record, takeNext } = openStore();
    for (const sceneId of [1, 2, 3, 4]) record(sceneId);
    clock.advance(5_000);
    jobs.complete(takeNext(), SYNCED);
    jobs.complete(takeNext());
    jobs.retry(takeNext(), 60_000, FAILURE);
    jobs.bury(takeNext(), FAILURE);
    expect(db.prepare('SELECT scene_id, synced_at_ms FROM scene_syncs').raw().all()).toEqual([
      [1, clock.now()],
    ]);
  });

  it('is the same asked for many scenes at once as for each by itself', () => {
    const { jobs, record, takeNext } = openStore();
    const scenes = [3, 1, 2];
    for (const sceneId of scenes) record(sceneId);
    for (const sceneId of scenes) {
      const items = ['9', '10', '8'].slice(0, sceneId);
      const syncs = items.map((ratingKey) => ({ ...SYNC, ratingKey, written: { file: `${sceneId}` } }));
      jobs.complete(takeNext(), { syncs, shared: [] });
    }
    const together = jobs.sceneSyncsOf([2, 4, 1, 3]);
    expect([...together.keys()].sort()).toEqual([1, 2, 3]);
    for (const sceneId of scenes) expect(together.get(sceneId)).toEqual(jobs.sceneSyncs(sceneId));
    expect(together.get(3)?.length).toBe(3);
    expect(jobs.sceneSyncsOf([])).toEqual(new Map());
  });

  it('says of every finished scene that it is done, and of none that it waits (Q-6)', () => {
    const { jobs, record, takeNext } = openStore();
    const scenes = [1, 2, 3, 4, 5];
    for (const sceneId of scenes) record(sceneId);
    for (const _ of scenes) jobs.complete(takeNext(), SYNCED);
    expect(scenes.map((sceneId) => jobs.sceneSyncs(sceneId)[0])).toEqual(scenes.map(() => SYNC));
    expect(jobs.queuedSceneIds(scenes)).toEqual(new Set());
  });
});
