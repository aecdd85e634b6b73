import { describe, expect, it } from 'vitest';
import { enqueueScenes } from '../../src/queue/enqueueScenes.ts';
import { sceneRecord } from '../../src/queue/sceneRecord.ts';
import { createSceneSyncs, noteFormerSync } from '../../src/queue/sceneSyncs.ts';
import { explainScene } from '../../src/scene/explainScene.ts';
import { explainSentences, explainSummary } from '../../src/scene/explainSentences.ts';
import { explainSyncs } from '../../src/scene/explainSyncs.ts';
import { queueSentence } from '../../src/tasks/queueSentence.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { type Bench, startBench } from '../support/startBench.ts';

/** Explains a scene, and checks that nothing was written to Plex or to the queue's database. */
async function explain(bench: Bench, sceneId: number) {
  const before = kept(bench);
  bench.plexRequests();
  const explanation = await explainScene(sceneId, bench.context);
  expect(bench.plexRequests().filter((each) => !each.startsWith('GET'))).toEqual([]);
  expect(kept(bench)).toEqual(before);
  const record = sceneRecord(bench.db, sceneId);
  const facts = { sceneId, explanation, record };
  const sentences = [...explainSentences(facts), queueSentence(record, bench.clock.now())];
  for (const each of sentences) expect(each).toMatch(/^[A-Z][^\n]*[.!?]$/);
  return { explanation, sentences, summary: explainSummary(facts), syncs: explainSyncs(record) };
}

/** Everything that is kept but for hints about where Plex has which file. */
function kept({ db }: Bench): unknown[] {
  return (
    db
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'plex%' AND name NOT LIKE 'sqlite%'",
      )
      .pluck()
      .all() as string[]
  ).map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).all()]);
}

const addItem = ({ plex, sectionKey }: Bench, file: string, title = 'T', section = sectionKey) =>
  plex.library.addItem(section, { title, file }).ratingKey;

describe('an explanation of a scene', () => {
  it('goes from its files to the next sync, and says what the last one wrote and when', async () => {
    const bench = await startBench();
    const id = bench.scanned('film', { title: 'New', details: 'D', tags: ['A'], screenshot: tinyJpeg() });
    const { ratingKey } = bench.item('film');
    const before = await explain(bench, id);
    expect(before.sentences).toEqual([
      `Scene ${id} has 1 file.`,
      expect.stringMatching(
        /^Its file "\/data\/films\/film\.mkv" \(\d+\.\d MB\) is looked for in Plex by its name, and its path is compared from its end: there is no path_map\.$/,
      ),
      'Plex was looked through in the library "Films".',
      expect.stringMatching(
        new RegExp(
          `^Plex item ${ratingKey} "film" in "Films" \\("/media/films/film\\.mkv".*\\) is its item; what agrees is: last 2 parts of the path.*\\. The last 2 parts of its path agree`,
        ),
      ),
      'It was never synced.',
      expect.stringMatching(
        new RegExp(
          `^The next sync would change Plex item ${ratingKey}: title from "film" to "New"; summary from nothing to "D"; tags from nothing to "A"; poster from .* to "the scene's cover"; background`,
        ),
      ),
      'It neither waits in the queue nor was given up.',
    ]);
    expect(before.summary).toBe(
      `The next sync of scene ${id} changes title, summary, tags, poster and background of Plex item ${ratingKey}.`,
    );
    await bench.sync(id);
    const writtenAtMs = bench.clock.now();
    const at = new Date(writtenAtMs).toLocaleString('sv-SE');
    bench.clock.advance(60_000);
    await bench.sync(id);
    const later = new Date(bench.clock.now()).toLocaleString('sv-SE');
    const after = await explain(bench, id);
    expect(after.sentences.slice(3)).toEqual([
      expect.stringContaining('The last sync found it, and it still holds that file.'),
      `The last sync that wrote to Plex item ${ratingKey} was on ${at}: title, summary, tags, poster and background. It was last found right on ${later}. The plugin knows 1 tag, the poster and the background there as its own.`,
      `The next sync would find Plex item ${ratingKey} right, and write nothing.`,
      'It neither waits in the queue nor was given up.',
    ]);
    expect(after.summary).toBe(`Scene ${id} is right in Plex: Plex item ${ratingKey} as in Stash.`);
    expect(after.syncs).toEqual([
      {
        atMs: bench.clock.now(),
        ratingKey,
        fields: ['title', 'summary', 'tags', 'poster', 'background'],
        writtenAtMs,
      },
    ]);
  });

  it('names candidates that won and lost, and what was chosen', async () => {
    const bench = await startBench();
    const [a, b] = [addItem(bench, '/media/a/video.mkv', 'A'), addItem(bench, '/media/b/video.mkv', 'B')];
    const id = bench.stash.scenes.add({ files: ['/data/video.mkv'], title: 'S', details: 'D' });
    await bench.sync(id);
    const { sentences, summary, explanation } = await explain(bench, id);
    expect(sentences).toContainEqual(
      expect.stringContaining(`It fits as well as Plex item ${b}, and strict_matching forbids to guess.`),
    );
    expect(sentences).toContainEqual(
      expect.stringMatching(/^The next sync would come to nothing: The file .* may belong to several/),
    );
    expect(sentences.at(-1)).toMatch(/^It was given up on .* after 1 attempt \(AmbiguousMatch\): The file/);
    expect(summary).toContain(`Scene ${id} cannot be synced: The file`);
    const serverId = bench.plex.library.machineIdentifier;
    expect(explanation.candidates).toMatchObject([
      {
        ratingKey: a,
        serverId,
        title: 'A',
        library: 'Films',
        paths: ['/media/a/video.mkv'],
        isChosen: false,
      },
      { ratingKey: b, isChosen: false },
    ]);
    bench.jobs.chosen.choose(id, { serverId, ratingKey: b }, bench.clock.now());
    const chosen = await explain(bench, id);
    expect(chosen.sentences).toContainEqual(
      expect.stringMatching(`^Plex item ${b} was chosen for it by hand on `),
    );
    expect(chosen.explanation.candidates.map(({ ratingKey, isChosen }) => [ratingKey, isChosen])).toEqual([
      [b, true],
      [a, false],
    ]);
    expect(chosen.sentences.at(-1)).toBe('It waits in the queue and is due.');
  });

  it('tells items in the trash, and those in libraries that are left out', async () => {
    const bench = await startBench({ settings: { plex_library: 'Films' } });
    const { key } = bench.plex.library.addSection({ title: 'Out', locations: ['/media/out'] });
    const out = addItem(bench, '/media/out/video.mkv', 'out', key);
    const bin = addItem(bench, '/media/films/video.mkv', 'bin');
    const id = bench.stash.scenes.add({ files: ['/data/films/video.mkv'], title: 'S', details: 'D' });
    const serverId = bench.plex.library.machineIdentifier;
    for (const ratingKey of [out, bin])
      bench.jobs.chosen.choose(id, { serverId, ratingKey }, bench.clock.now());
    bench.plex.library.trashItem(bin);
    const { explanation, sentences } = await explain(bench, id);
    expect(sentences).toContainEqual(
      expect.stringMatching(
        `^Plex item ${bin} was chosen for it by hand on .*; it is in Plex's trash, its file is missing, and the next sync forgets the choice.$`,
      ),
    );
    expect(explanation.candidates.map(({ ratingKey, reason }) => [ratingKey, reason])).toEqual([
      [out, 'It is in a library that plex_library leaves out.'],
      [bin, "It is in Plex's trash: its file is missing."],
    ]);
  });

  it('tells whose a shared item is, also while Plex is away', async () => {
    const bench = await startBench();
    const file = '/media/films/video.mkv';
    const key = bench.plex.library.addItem(bench.sectionKey, {
      title: 'Both',
      files: [file, '/media/films/other.mkv'],
    }).ratingKey;
    const [owner, other] = ['video', 'other'].map((name) =>
      bench.stash.scenes.add({ files: [`/data/films/${name}.mkv`], title: name, details: 'D' }),
    ) as [number, number];
    await bench.sync(owner, other);
    const { sentences, summary, explanation } = await explain(bench, other);
    expect(explanation.candidates).toMatchObject([
      {
        ratingKey: key,
        isChosen: false,
        reason: `It holds the scene's file, but belongs to scene ${owner}, which alone writes to it.`,
      },
    ]);
    const said = `Plex item ${key} "video" belongs to scene ${owner}`;
    expect(summary).toBe(`Scene ${other} is not written to Plex: ${said}.`);
    expect(sentences).toContain(`The next sync would write nothing: ${said}.`);
    await bench.plex.stop();
    bench.restart();
    const away = await explain(bench, other);
    expect(away.sentences).toContainEqual(
      expect.stringMatching(
        /^Plex could not be asked; what follows is what the plugin knows by itself: Plex does not answer/,
      ),
    );
    const decided = said.replace('video', 'Both');
    expect(away.sentences).toContain(`When it was last decided, it was not written, because ${decided}.`);
    expect(away.summary).toContain(`Plex could not be asked about scene ${other}: Plex does not answer`);
    expect(away.explanation).toMatchObject({ candidates: [], files: [{ isMapped: false }] });
  });

  it('says what a copy is that Plex made', async () => {
    const bench = await startBench();
    const key = addItem(bench, '/media/films/Plex Versions/TV/video.mkv');
    const id = bench.stash.scenes.add({
      files: ['/data/films/Plex Versions/TV/video.mkv'],
      title: 'S',
      details: 'D',
    });
    const { explanation } = await explain(bench, id);
    expect(explanation.candidates).toMatchObject([
      { ratingKey: key, isChosen: false, reason: expect.stringContaining('a copy of the scene') },
    ]);
  });

  it.each([
    ['is not in Plex', {}, { files: ['/data/none.mkv'] }, 'No Plex item there holds a file of such a name'],
    ['is switched off', { enabled: false }, { files: ['/data/none.mkv'] }, 'The plugin is switched off by'],
    [
      'syncs nothing',
      { sync_master: false },
      { files: ['/data/a.mkv'] },
      'It is not synced: sync_master is off',
    ],
    ['has no file', {}, { files: [] }, 'has no file.'],
    [
      'has nothing to say',
      {},
      { files: ['/data/a.mkv'], details: '', title: '' },
      'It is not synced: it has no',
    ],
    [
      'is of unknown size',
      {},
      { files: [{ path: '/data/a.mkv', size: 0 }] },
      'Its file "/data/a.mkv", of unknown size, is looked for in Plex by its name',
    ],
    [
      'is mapped',
      { path_map: '/media/films=>/data/films' },
      { files: ['/data/films/a.mkv'] },
      'is looked for in Plex as "/media/films/a.mkv", by path_map.',
    ],
    [
      'is not covered by the map',
      { path_map: '/media/films=>/data/films' },
      { files: ['/elsewhere/a.mkv'] },
      'is compared from its end: path_map covers it not.',
    ],
  ])('says when the scene or the plugin %s', async (_, settings, scene, sentence) => {
    const bench = await startBench({ settings });
    const id = bench.stash.scenes.add({ title: 'S', details: 'D', ...scene });
    const { sentences } = await explain(bench, id);
    expect(sentences).toContainEqual(expect.stringContaining(sentence));
  });

  it('tells what could be found out when Plex fails at a part of it', async () => {
    const bench = await startBench();
    const id = bench.stash.scenes.add({ title: 'S', details: 'D', files: ['/data/films/a.mkv'] });
    bench.plex.faults.add({
      match: ({ path }) => /\/library\/sections\/\d+\/all/.test(path),
      action: { kind: 'status', status: 500 },
    });
    const { sentences } = await explain(bench, id);
    expect(sentences).toContainEqual(
      expect.stringMatching(/^Plex could not be asked about everything: .*status 500/),
    );
  });

  it('names the gate that holds the scene back', async () => {
    const bench = await startBench({ settings: { gate_organized: true } });
    const id = bench.scanned('film');
    const { explanation, sentences } = await explain(bench, id);
    expect(explanation.gate?.gate).toBe('organized');
    expect(sentences[1]).toBe(
      'A gate holds it back: it is not marked as organized (setting gate_organized).',
    );
  });

  it('says first of all what the gates say', async () => {
    const bench = await startBench();
    const id = bench.scanned('film');
    const { explanation } = await explain(bench, id);
    expect(explanation.gate).toBeNull();
    const said = 'A gate holds it back: it is not organized.';
    const held = { ...explanation, gate: { gate: 'organized' as const, sentences: [said] } };
    const facts = { sceneId: id, explanation: held, record: sceneRecord(bench.db, id) };
    expect(explainSentences(facts)[1]).toBe(said);
    expect(explainSummary(facts)).toBe(`Scene ${id} is held back by the gate "organized".`);
    const open = {
      ...held,
      gate: { gate: null, sentences: ['It passes every gate that is set (organized).'] },
    };
    expect(explainSummary({ ...facts, explanation: open })).toMatch(/^The next sync of scene/);
  });

  it('says when Stash cannot read the scene, or has it no more', async () => {
    const bench = await startBench();
    const id = bench.scanned('film');
    bench.record(id);
    bench.stash.scenes.destroy(id);
    const gone = await explain(bench, id);
    expect(gone.sentences).toEqual([
      `Stash has no scene ${id} any more.`,
      'It was never synced.',
      'It waits in the queue and is due.',
    ]);
    expect(gone.summary).toBe(`Stash has no scene ${id} any more.`);
  });

  it('hides paths and titles when they are obfuscated (W-68)', async () => {
    const bench = await startBench({ settings: { obfuscate_paths: true } });
    const id = bench.scanned('secret', { title: 'Hidden', details: 'D' }, { title: 'secret' });
    const { sentences, explanation } = await explain(bench, id);
    const { scene: _, ...rest } = explanation;
    expect(JSON.stringify([sentences, rest])).not.toMatch(/secret|Hidden/);
  });
});

describe('what is said of former syncs and of the queue', () => {
  it('is as far as it was noted', async () => {
    const bench = await startBench();
    const syncs = createSceneSyncs(bench.db);
    const [old, python, refused] = ['old', 'python', 'refused'].map((name) => bench.scanned(name)) as [
      number,
      number,
      number,
    ];
    const place = {
      sceneUpdatedAt: null,
      serverId: bench.plex.library.machineIdentifier,
      sectionKey: bench.sectionKey,
      ratingKey: '77',
    };
    const rating = {
      written: {
        userRating: 7,
        collection: 'C',
        groupCollections: ['G'],
        labels: ['L', 'M'],
        directors: ['D'],
        sortTitles: ['S'],
        actors: ['P'],
      },
    };
    syncs.save(old, { ...place, ...rating }, bench.clock.now());
    const partial = { written: { outstanding: ['genre'], wrote: { atMs: 1, fields: ['title'] } } };
    syncs.save(refused, { ...place, ...partial }, bench.clock.now());
    noteFormerSync(syncs, python, bench.clock.now());
    const of = async (id: number) => (await explain(bench, id)).sentences;
    expect(await of(old)).toContainEqual(
      expect.stringMatching(
        /^Plex item 77 was last synced on .*; what was written then was not noted\. The plugin knows 1 performer, 1 director, 2 labels, 2 collections, the sort title and the rating there as its own\.$/,
      ),
    );
    expect(await of(python)).toContainEqual(
      expect.stringMatching(/^The Python plugin synced it on .*, and did not note to which item\.$/),
    );
    expect(await of(refused)).toContainEqual(expect.stringMatching(/: title\..* Plex refused tags\.$/));
  });

  it('names state, due time, attempts, the last error, and what helps', async () => {
    const bench = await startBench();
    const id = bench.stash.scenes.add({ files: ['/data/none.mkv'], title: 'S', details: 'D' });
    const queue = () => queueSentence(sceneRecord(bench.db, id), bench.clock.now());
    await bench.sync(id);
    expect(queue()).toMatch(
      /^It waits in the queue and is due in \d+s, after 1 attempt\. Last time: Plex has no item for .*\.$/,
    );
    bench.db.prepare("UPDATE jobs SET state = 'running'").run();
    expect(queue()).toMatch(/^It is being synced right now\. Last time: /);
    bench.db.prepare("UPDATE jobs SET state = 'pending'").run();
    await bench.drainAll();
    expect(queue()).toMatch(
      /^It was given up on .* after 12 attempts \(PlexNotFound\): Plex has no item .*\(yet\)\. Plex has no item for the file: let Plex scan/,
    );
    enqueueScenes(bench.db, [id], bench.clock.now());
    expect(queue()).toMatch(/^It waits in the queue and is due\. It was given up on .*/);
    await bench.drainAll();
    expect(queue()).toContain('(PlexNotFound), 2 times so far: ');
  });
});
