import { describe, expect, it } from 'vitest';
import { previewScenes } from '../../src/scene/previewScenes.ts';
import { type Bench, startBench } from '../support/startBench.ts';
import { startReconcileBench } from '../support/startReconcileBench.ts';

const serverOf = ({ plex }: Bench) => plex.library.machineIdentifier;

function addItem({ plex, sectionKey }: Bench, file: string, title = file, section = sectionKey): string {
  return plex.library.addItem(section, { title, file }).ratingKey;
}

function addScene({ stash }: Bench, ...files: (string | { path: string; size?: number })[]): number {
  return stash.scenes.add({ files, title: 'From Stash', details: 'D' });
}

function choose(bench: Bench, sceneId: number, ratingKey: string, serverId = serverOf(bench)): void {
  bench.jobs.chosen.choose(sceneId, { serverId, ratingKey }, bench.clock.now());
}

const titles = ({ plex }: Bench) =>
  Object.fromEntries([...plex.library.items()].map(({ ratingKey, title }) => [ratingKey, title]));
const choices = ({ jobs }: Bench, sceneId: number) =>
  jobs.chosen.ofScene(sceneId).map(({ ratingKey }) => ratingKey);
const warnings = ({ lines }: Bench) =>
  lines.filter(({ level }) => level === 'warn').map(({ text }) => text.replace(/^.*?(?=Scene)/, ''));

/** A scene whose file may belong to either of two items. */
async function twins(settings: Record<string, unknown> = {}) {
  const bench = await startBench({ settings });
  const [a, b] = ['a', 'b'].map((folder) => addItem(bench, `/media/${folder}/video.mkv`, folder)) as [
    string,
    string,
  ];
  const id = addScene(bench, '/data/films/video.mkv');
  return { bench, a, b, id };
}

describe('a chosen item', () => {
  it('gets the scene, under strict matching as well, and the dead letter is gone', async () => {
    const { bench, a, b, id } = await twins();
    expect(await bench.sync(id)).toMatchObject({ buried: 1 });
    choose(bench, id, b);
    expect(bench.deadLetters.count()).toBe(0);
    expect(await bench.drain()).toMatchObject({ synced: 1, buried: 0 });
    expect(titles(bench)).toEqual({ [a]: 'a', [b]: 'From Stash' });
    expect(bench.givenUp()).toEqual([]);
    // From then on it is as certain as any other item.
    bench.stash.scenes.update(id, { title: 'Later' });
    expect(await bench.sync(id)).toMatchObject({ synced: 1, unchanged: 0 });
    expect(titles(bench)).toEqual({ [a]: 'a', [b]: 'Later' });
    expect(warnings(bench).filter((text) => text.includes('chosen'))).toEqual([]);
  });

  it('takes the place of one that was guessed, or matched better', async () => {
    const { bench, a, b, id } = await twins({ strict_matching: false });
    await bench.sync(id);
    expect(titles(bench)).toEqual({ [a]: 'From Stash', [b]: 'b' });
    choose(bench, id, b);
    await bench.drain();
    expect(titles(bench)[b]).toBe('From Stash');
    expect(bench.jobs.sceneSyncs(id).map(({ ratingKey }) => ratingKey)).toEqual([b]);
    bench.stash.scenes.update(id, { title: 'Later' });
    await bench.sync(id);
    expect(titles(bench)).toEqual({ [a]: 'From Stash', [b]: 'Later' });
  });

  it('is written although its size is another, because the user says so', async () => {
    const bench = await startBench();
    const key = addItem(bench, '/media/x/video.mkv', 'x');
    const id = addScene(bench, { path: '/data/y/video.mkv', size: 5 });
    expect(await bench.sync(id)).toMatchObject({ retried: 1 });
    choose(bench, id, key);
    expect(await bench.drain()).toMatchObject({ synced: 1 });
    expect(titles(bench)).toEqual({ [key]: 'From Stash' });
  });

  it('keeps the other libraries that hold the very same file (A3)', async () => {
    const bench = await startBench();
    const { key: other } = bench.plex.library.addSection({ title: 'More', locations: ['/media/films'] });
    const file = '/media/films/x/video.mkv';
    const [one, double] = ['one', 'double'].map((title) => addItem(bench, file, title));
    const second = addItem(bench, file, 'second', other);
    const id = addScene(bench, '/data/x/video.mkv');
    expect(await bench.sync(id)).toMatchObject({ buried: 1 });
    choose(bench, id, String(double));
    expect(await bench.drain()).toMatchObject({ synced: 1 });
    expect(titles(bench)).toEqual({
      [String(one)]: 'one',
      [String(double)]: 'From Stash',
      [second]: 'From Stash',
    });
  });

  it('settles one file, and another one of the scene by a choice of its own', async () => {
    const bench = await startBench();
    const [a, b] = ['a', 'b'].map((folder) => addItem(bench, `/media/${folder}/one.mkv`, folder));
    const [c, d] = ['c', 'd'].map((folder) => addItem(bench, `/media/${folder}/two.mkv`, folder));
    const id = addScene(bench, '/data/one.mkv', '/data/two.mkv');
    choose(bench, id, String(b));
    expect(await bench.drain()).toMatchObject({ buried: 1 });
    expect(titles(bench)).toMatchObject({ [String(a)]: 'a', [String(b)]: 'From Stash' });
    choose(bench, id, String(c));
    expect(await bench.drain()).toMatchObject({ synced: 1 });
    expect(titles(bench)).toEqual({
      [String(a)]: 'a',
      [String(b)]: 'From Stash',
      [String(c)]: 'From Stash',
      [String(d)]: 'd',
    });
    // Of two for the same file the later one counts.
    choose(bench, id, String(a));
    await bench.drain();
    expect(
      bench.jobs
        .sceneSyncs(id)
        .map(({ ratingKey }) => ratingKey)
        .sort(),
    ).toEqual([a, c]);
    expect(choices(bench, id).sort()).toEqual([a, c]);
  });

  it('is what a preview shows, and a preview forgets no choice', async () => {
    const { bench, a, b, id } = await twins();
    const preview = async () => {
      const none = () => ({ ids: [], total: 0 });
      const request = { scope: 'scene', sceneId: id } as const;
      return (await previewScenes(request, bench.context, none, () => {})).previews[0];
    };
    expect(await preview()).toMatchObject({ outcome: 'failed' });
    choose(bench, id, b);
    expect(await preview()).toMatchObject({ outcome: 'found', ratingKey: b, confidence: 'chosen' });
    bench.plex.library.removeItem(b);
    expect(await preview()).toMatchObject({ outcome: 'found', ratingKey: a, confidence: 'high' });
    expect(choices(bench, id)).toEqual([b]);
  });

  it('of another scene is not written by both, when they are synced in one pass (A2)', async () => {
    const bench = await startBench();
    const [, q] = ['a', 'b'].map((folder) => addItem(bench, `/media/${folder}/video.mkv`, folder));
    const [one, two] = ['a', 'b'].map((folder) =>
      bench.stash.scenes.add({
        files: [`/data/${folder}/video.mkv`],
        title: `Scene ${folder}`,
        details: 'D',
      }),
    ) as [number, number];
    await bench.sync(one, two);
    choose(bench, one, String(q));
    bench.clock.advance(1_000);
    bench.stash.scenes.update(two, { title: 'Scene b, edited' });
    expect(await bench.sync(two)).toMatchObject({ synced: 1, shared: 1, buried: 0 });
    expect(titles(bench)[String(q)]).toBe('Scene a');
    expect(bench.jobs.sceneSyncs(one).map(({ ratingKey }) => ratingKey)).toEqual([q]);
    expect(bench.jobs.sceneSyncs(two)).toEqual([]);
  });

  it('that vanishes is forgotten with one line, and matching is as before', async () => {
    const { bench, a, b, id } = await twins();
    choose(bench, id, b);
    await bench.drain();
    bench.plex.library.removeItem(b);
    bench.lines.length = 0;
    expect(await bench.sync(id)).toMatchObject({ synced: 1 });
    expect(titles(bench)).toEqual({ [a]: 'From Stash' });
    expect(choices(bench, id)).toEqual([]);
    const said = `Scene ${id}: Plex item ${b}, which was chosen for it, is not in Plex any more. The choice is forgotten.`;
    await bench.sync(id);
    expect(warnings(bench)).toEqual([said]);
  });

  it.each([
    ['holds no file of that name', 'other.mkv', "holds no file of the name of one of the scene's"],
    ["waits in Plex's trash", 'video.mkv', "is in Plex's trash, its file is missing"],
  ])('that %s is never written to', async (_, name, reason) => {
    const { bench, id } = await twins();
    const foreign = addItem(bench, `/media/c/${name}`, 'foreign');
    if (reason.includes('trash')) bench.plex.library.trashItem(foreign);
    choose(bench, id, foreign);
    expect(await bench.drain()).toMatchObject({ buried: 1 });
    expect(titles(bench)[foreign]).toBe('foreign');
    expect(choices(bench, id)).toEqual([]);
    expect(warnings(bench)[0]).toContain(reason);
  });

  it('on another server counts there only, and is kept', async () => {
    const { bench, b, id } = await twins();
    choose(bench, id, b, 'another-server');
    expect(await bench.drain()).toMatchObject({ buried: 1 });
    expect(titles(bench)[b]).toBe('b');
    expect(choices(bench, id)).toEqual([b]);
  });

  it('in a library that the settings leave out is kept and not written', async () => {
    const { bench, id } = await twins({ plex_library: 'Films' });
    const { key } = bench.plex.library.addSection({ title: 'Out', locations: ['/media/out'] });
    const out = addItem(bench, '/media/out/video.mkv', 'out', key);
    choose(bench, id, out);
    expect(await bench.drain()).toMatchObject({ buried: 1 });
    expect(titles(bench)[out]).toBe('out');
    expect(choices(bench, id)).toEqual([out]);
  });

  it('is not given up when Plex fails at the question', async () => {
    const { bench, b, id } = await twins();
    choose(bench, id, b);
    await bench.plex.stop();
    await bench.drain();
    expect(choices(bench, id)).toEqual([b]);
    await bench.plex.start();
    await bench.drainAll();
    expect(titles(bench)[b]).toBe('From Stash');
  });

  it('is forgotten on demand: what spoke for the item is gone with the choice', async () => {
    const { bench, b, id } = await twins();
    choose(bench, id, b);
    await bench.drain();
    expect(bench.jobs.chosen.forget(id, undefined, bench.clock.now())).toBe(1);
    expect(await bench.drain()).toMatchObject({ buried: 1 });
    expect(bench.jobs.chosen.forget(id, undefined, bench.clock.now())).toBe(0);
    expect(bench.jobs.nextDueAtMs()).toBeUndefined();
  });
});

describe('an item that is chosen for a scene while another has it', () => {
  /** Two scenes of one name, and one item that strict matching would give to neither. */
  async function rivals() {
    const bench = await startBench({ settings: { strict_matching: false } });
    const key = addItem(bench, '/media/p/video.mkv', 'p');
    const first = bench.stash.scenes.add({ files: ['/data/a/video.mkv'], title: 'First', details: 'D' });
    const second = bench.stash.scenes.add({ files: ['/data/b/video.mkv'], title: 'Second', details: 'D' });
    return { bench, key, first, second };
  }

  it("is that scene's from then on, and the other one is not written (A2)", async () => {
    const { bench, key, first, second } = await rivals();
    await bench.sync(first);
    expect(titles(bench)[key]).toBe('First');
    choose(bench, second, key);
    await bench.drain();
    expect(titles(bench)[key]).toBe('Second');
    bench.stash.scenes.update(first, { title: 'First again' });
    expect(await bench.sync(first)).toMatchObject({ shared: 1, synced: 0 });
    expect(titles(bench)[key]).toBe('Second');
    bench.jobs.chosen.forget(second, undefined, bench.clock.now());
    await bench.drain();
    expect(choices(bench, second)).toEqual([]);
  });

  it('goes before a scene whose file it certainly is (A2)', async () => {
    const bench = await startBench();
    const key = addItem(bench, '/data/b/video.mkv', 'p');
    const sure = addScene(bench, '/data/b/video.mkv');
    const chosen = bench.stash.scenes.add({ files: ['/data/a/video.mkv'], title: 'Chosen', details: 'D' });
    await bench.sync(sure);
    choose(bench, chosen, key);
    await bench.drain();
    expect(titles(bench)[key]).toBe('Chosen');
    bench.stash.scenes.update(sure, { title: 'Sure' });
    expect(await bench.sync(sure)).toMatchObject({ shared: 1 });
    // The user takes it back: the item is the other one's again, without anybody's doing.
    bench.jobs.chosen.forget(chosen, undefined, bench.clock.now());
    await bench.drainAll(3);
    expect(titles(bench)[key]).toBe('Sure');
  });
});

describe('a reconciliation', () => {
  it('finds the chosen item right, another choice to be synced, and counts nothing as ambiguous', async () => {
    const bench = await startReconcileBench();
    const [a, b] = ['a', 'b'].map((folder) => addItem(bench, `/media/films/${folder}/video.mkv`, folder));
    const id = addScene(bench, '/data/films/video.mkv');
    expect(await bench.reconcile()).toMatchObject({ ambiguous: 1, enqueued: 0 });
    choose(bench, id, String(b));
    bench.clearQueue();
    expect(await bench.reconcile()).toMatchObject({ ambiguous: 0, enqueued: 1 });
    await bench.drain();
    expect(titles(bench)[String(b)]).toBe('From Stash');
    expect(await bench.reconcile()).toMatchObject({ ambiguous: 0, right: 1, enqueued: 0 });
    choose(bench, id, String(a));
    bench.clearQueue();
    expect(await bench.reconcile()).toMatchObject({ right: 0, enqueued: 1 });
  });

  it('forgets what was chosen for a scene that Stash has no more', async () => {
    const bench = await startReconcileBench();
    addScene(bench, '/data/films/kept.mkv');
    choose(bench, 4711, '5');
    bench.clearQueue();
    bench.clock.advance(1_000);
    expect(await bench.reconcile()).toMatchObject({ forgotten: 1 });
    expect(choices(bench, 4711)).toEqual([]);
  });
});
