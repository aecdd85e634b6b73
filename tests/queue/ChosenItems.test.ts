import { describe, expect, it } from 'vitest';
import { dropScene } from '../../src/queue/dropScene.ts';
import { knownServers } from '../../src/queue/knownServers.ts';
import { createSceneSyncs } from '../../src/queue/sceneSyncs.ts';
import { startBench } from '../support/startBench.ts';

const ITEM = { serverId: 'server', ratingKey: '7' };
const OTHER = { serverId: 'server', ratingKey: '8' };
const ELSEWHERE = { serverId: 'elsewhere', ratingKey: '7' };

async function open() {
  const bench = await startBench();
  const { chosen } = bench.jobs;
  const keys = (sceneId: number) =>
    chosen.ofScene(sceneId).map(({ serverId, ratingKey }) => `${serverId} ${ratingKey}`);
  return { ...bench, chosen, keys, nowMs: () => bench.clock.now() };
}

describe('choices', () => {
  it('are told by scene and by item, the latest first, also when the clock stands still', async () => {
    const { chosen, keys, nowMs } = await open();
    chosen.choose(1, ITEM, nowMs());
    chosen.choose(1, OTHER, nowMs());
    chosen.choose(1, ELSEWHERE, nowMs());
    expect(keys(1)).toEqual(['elsewhere 7', 'server 8', 'server 7']);
    chosen.choose(1, ITEM, nowMs());
    expect(keys(1)).toEqual(['server 7', 'elsewhere 7', 'server 8']);
    chosen.choose(2, OTHER, nowMs() + 10);
    expect(chosen.choosers(OTHER).map(({ sceneId }) => sceneId)).toEqual([2, 1]);
    expect(keys(3)).toEqual([]);
    const together = chosen.ofScenes([3, 2, 1]);
    expect([...together.keys()].sort()).toEqual([1, 2]);
    for (const sceneId of [1, 2]) expect(together.get(sceneId)).toEqual(chosen.ofScene(sceneId));
  });

  it('queue the scene, also one that is being synced, and take it off the dead letters', async () => {
    const { chosen, nowMs, jobs, deadLetters, db, record } = await open();
    record(1);
    const [waiting] = jobs.peekDue(1);
    const job = waiting && jobs.take(waiting);
    if (!job) throw new Error('It was not handed out.');
    chosen.choose(1, ITEM, nowMs());
    jobs.complete(job);
    // What it had read may be older than the choice.
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([1]);
    const [again] = jobs.peekDue(1);
    const second = again && jobs.take(again);
    if (!second) throw new Error('It was not handed out.');
    jobs.bury(second, { type: 'AmbiguousMatch', message: 'M' });
    expect(deadLetters.count()).toBe(1);
    chosen.choose(1, OTHER, nowMs());
    expect(deadLetters.count()).toBe(0);
    expect(jobs.nextDueAtMs()).toBe(nowMs());
    expect(db.prepare('SELECT count(*) FROM dead_letters').pluck().get()).toBe(1);
  });

  it('are dropped as they were read only: one that was made again meanwhile stays', async () => {
    const { chosen, keys, nowMs } = await open();
    chosen.choose(1, ITEM, nowMs());
    const [read] = chosen.ofScene(1);
    if (!read) throw new Error('It is not there.');
    chosen.choose(1, ITEM, nowMs() + 5);
    expect(chosen.drop(1, read)).toBe(false);
    expect(keys(1)).toEqual(['server 7']);
    expect(chosen.drop(1, { ...read, chosenAtMs: nowMs() + 5 })).toBe(true);
    expect(keys(1)).toEqual([]);
  });

  it('are forgotten on one server or everywhere, and then the item is not known by itself any more', async () => {
    const { chosen, keys, nowMs, db, jobs } = await open();
    const syncs = createSceneSyncs(db);
    const sync = { ...ITEM, sectionKey: '1', sceneUpdatedAt: null, written: { file: '/f', genres: ['A'] } };
    syncs.save(1, sync, nowMs());
    for (const item of [ITEM, ELSEWHERE]) chosen.choose(1, item, nowMs());
    jobs.clear({ isDrainerAlive: false });
    expect(chosen.forget(1, 'elsewhere', nowMs())).toBe(1);
    expect(syncs.load(1)[0]?.written).toEqual({ file: '/f', genres: ['A'] });
    expect(chosen.forget(1, undefined, nowMs())).toBe(1);
    expect(syncs.load(1)[0]?.written).toEqual({ genres: ['A'] });
    expect(keys(1)).toEqual([]);
    expect(jobs.peekDue(10).map(({ sceneId }) => sceneId)).toEqual([1]);
    jobs.clear({ isDrainerAlive: false });
    expect(chosen.forget(1, undefined, nowMs())).toBe(0);
    expect(jobs.peekDue(10)).toEqual([]);
  });

  it('go with their scene', async () => {
    const { chosen, keys, nowMs, db } = await open();
    for (const sceneId of [1, 2]) chosen.choose(sceneId, ITEM, nowMs());
    dropScene(db, 1, nowMs());
    expect([keys(1), keys(2)]).toEqual([[], ['server 7']]);
  });
});

describe('the servers that the plugin has met', () => {
  it('are those in which it looked for files; else those to which something was synced', async () => {
    const { db, nowMs } = await open();
    expect(knownServers(db)).toEqual([]);
    const syncs = createSceneSyncs(db);
    const place = { sectionKey: '1', sceneUpdatedAt: null, written: {} };
    syncs.save(1, { ...ITEM, ...place }, nowMs());
    syncs.save(2, { serverId: '', ratingKey: '', ...place }, nowMs());
    expect(knownServers(db)).toEqual(['server']);
    db.exec("INSERT INTO plex_sections (server_id, section_key) VALUES ('b', '1'), ('b', '2'), ('a', '1')");
    expect(knownServers(db)).toEqual(['a', 'b']);
  });
});
