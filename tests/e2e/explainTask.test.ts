import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExplainReport, QueuedReport } from '../../src/tasks/pageReports.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const paused = () => world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
const addItem = (file: string, title: string) =>
  world.plex.library.addItem(world.sectionKey, { title, file: `/media/films/${file}` }).ratingKey;
const addScene = (file: string, title = 'From Stash') =>
  world.stash.scenes.add({ title, details: 'D', files: [`/data/films/${file}`] });
const explained = (run: PluginRun) => run.result.output as unknown as ExplainReport;
const titleOf = (key: string) => world.plex.library.item(key)?.title;
const writes = () => world.plex.log.where({}).filter(({ method }) => method !== 'GET');

/** Two items that may hold the scene's file. */
function twins(): { id: number; a: string; b: string } {
  const [a, b] = [addItem('a/video.mkv', 'A'), addItem('b/video.mkv', 'B')];
  return { id: addScene('video.mkv'), a, b };
}

describe('the task "Explain Scene"', () => {
  it('explains the scene that was given up last, else the next that waits, and says which and how to name one', async () => {
    expect(explained(await world.host.runTask('Explain Scene')).summary).toBe(
      'No scene was given up and none waits. To have another one explained, name it by the argument "scene_id" (docs/recovery.md).',
    );
    addItem('one.mkv', 'one');
    const [one, lost] = [addScene('one.mkv'), addScene('lost.mkv')];
    await paused().runHook('Scene.Update.Post', {
      id: one,
      input: { id: String(one) },
      inputFields: ['title'],
    });
    const how = 'To have another one explained, name it by the argument "scene_id".';
    const waiting = await paused().runTask('Explain Scene');
    expect(explained(waiting).sentences[0]).toBe(
      `This is scene ${one}, whose turn is next; none was given up. ${how}`,
    );
    expect(explained(waiting).queue).toBe('It waits in the queue and is due.');
    world.giveUp({ sceneId: lost, type: 'PlexNotFound', agoSecs: 60 });
    const run = await paused().runTask('Explain Scene');
    const report = explained(run);
    expect(report).toMatchObject({
      sceneId: lost,
      gate: null,
      candidates: [],
      nextSync: [],
      plexProblem: null,
    });
    expect(report.sentences).toEqual([
      `This is scene ${lost}, which was given up last. ${how}`,
      `Scene ${lost} has 1 file.`,
      expect.stringContaining('is looked for in Plex by its name'),
      'Plex was looked through in the library "Films".',
      expect.stringContaining('No Plex item there holds a file of such a name'),
      'It was never synced.',
      expect.stringMatching(/^The next sync would come to nothing: Plex has no item for/),
      expect.stringMatching(
        /^It was given up on .* after 5 attempts \(PlexNotFound\): It failed\. Plex has no/,
      ),
    ]);
    // What is told is in the log as well, as Stash's users see it.
    const log = run.logs.map(({ text }) => text.replace(/^\[Stash2Plex[^\]]*\] /, ''));
    for (const sentence of [...report.sentences, report.summary]) expect(log).toContain(sentence);
    expect(writes()).toEqual([]);
    expect(world.drainers()).toEqual([]);
  });

  it('explains one scene while the plugin is off, and while Plex is away', async () => {
    const { url, token } = world.plex;
    const off = { plex_url: url, plex_token: token, enabled: false };
    world.stash.settings.set('Stash2Plex', off);
    const key = addItem('film.mkv', 'film');
    const id = addScene('film.mkv');
    const report = explained(await world.host.runTask('Explain Scene', { scene_id: String(id) }));
    expect(report.sentences).toContain(
      'The plugin is switched off by its setting "enabled": nothing is synced until it is on.',
    );
    expect(report.summary).toBe(
      `The next sync of scene ${id}, once the plugin is switched on, changes title and summary of Plex item ${key}.`,
    );
    expect(report.candidates).toMatchObject([
      {
        ratingKey: key,
        serverId: world.plex.library.machineIdentifier,
        title: 'film',
        library: 'Films',
        paths: ['/media/films/film.mkv'],
        isChosen: true,
      },
    ]);
    expect(report.nextSync.map(({ changes }) => changes.map((each) => Object.values(each)))).toEqual([
      [
        ['title', 'From Stash', 'film', 'From Stash'],
        ['summary', 'D', '', 'D'],
      ],
    ]);
    await world.plex.stop();
    const away = explained(await world.host.runOperation({ mode: 'explain_scene', scene_id: id }));
    expect(away.plexProblem).toMatch(/ECONNREFUSED/);
    expect(away.sentences).toContainEqual(expect.stringMatching(/^Plex could not be asked; what follows is/));
    expect(away.files).toEqual([
      { stashPath: '/data/films/film.mkv', lookedFor: '/data/films/film.mkv', sizeBytes: expect.any(Number) },
    ]);
    expect(writes()).toEqual([]);
    expect(world.rows('jobs')).toBe(0);
  });

  it.each([
    [{ scene_id: 'x' }, '"scene_id" must be the number of a scene, as in the address of its page, not "x".'],
    [{ scene_id: '4711' }, 'Stash has no scene 4711: take the number from the address of its page.'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const run = await world.host.runTask('Explain Scene', args);
    expect(run.result).toMatchObject({ error: sentence });
  });
});

describe('the operation choose_item', () => {
  const choose = async (args: Record<string, unknown>, host = world.host) => {
    const { result } = await host.runOperation({ mode: 'choose_item', ...args });
    return result;
  };

  it('has the scene synced to the chosen item at once and from then on, and forgets the choice on demand', async () => {
    const { id, a, b } = twins();
    await paused().runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
    await paused().runTask('Process Queue');
    expect(world.query('SELECT error_type FROM dead_letters WHERE recovered_at IS NULL')).toEqual([
      'AmbiguousMatch',
    ]);
    const before = explained(await world.host.runOperation({ mode: 'explain_scene', scene_id: id }));
    expect(before.candidates.map(({ ratingKey, isChosen }) => [ratingKey, isChosen])).toEqual([
      [a, false],
      [b, false],
    ]);
    const { output } = await choose({ scene_id: id, rating_key: b });
    expect(output as unknown as QueuedReport).toEqual({
      summary: `Plex item ${b} was chosen for scene ${id}. The scene is queued, and the background drainer works on it.`,
      queued: 1,
    });
    await world.until('the chosen item is synced', () => titleOf(b) === 'From Stash');
    await world.until('the job is over', () => world.rows('jobs') === 0);
    expect(titleOf(a)).toBe('A');
    const after = explained(await world.host.runOperation({ mode: 'explain_scene', scene_id: id }));
    expect(after.chosen).toMatchObject([{ ratingKey: b }]);
    expect(after.candidates.find(({ ratingKey }) => ratingKey === b)).toMatchObject({
      isChosen: true,
      reason: 'You chose it for this scene.',
    });
    expect(after.lastSync).toMatchObject([{ ratingKey: b, fields: ['title', 'summary'] }]);
    world.killDrainers();
    expect(await choose({ scene_id: id, rating_key: '' }, paused())).toEqual({
      output: {
        summary: `What was chosen for scene ${id} is forgotten. The scene is queued; run the task "Process Queue" for it.`,
        queued: 1,
      },
    });
    expect(await choose({ scene_id: id, rating_key: ' ' }, paused())).toEqual({
      output: {
        summary: `Nothing was chosen for scene ${id}; there is nothing to forget.`,
        queued: 0,
      },
    });
    expect(world.query('SELECT scene_id FROM chosen_items')).toEqual([]);
    expect(world.waitingScenes()).toEqual([id]);
  });

  it('forgets what was chosen for a scene that is destroyed', async () => {
    const { id, b } = twins();
    await choose({ scene_id: id, rating_key: Number(b), server_id: 'some-server' }, paused());
    expect(world.query('SELECT scene_id FROM chosen_items')).toEqual([id]);
    await paused().runHook('Scene.Destroy.Post', { id, input: { id: String(id) }, inputFields: ['id'] });
    expect(world.waitingScenes()).toEqual([]);
    expect(world.query('SELECT scene_id FROM chosen_items')).toEqual([]);
  });

  it('refuses what it cannot use, in one sentence each', async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ rating_key: '5' }, '"scene_id" is missing: the number of a scene, as in the address of its page.'],
      [
        { scene_id: 1 },
        '"rating_key" is missing: the number of a Plex item, or blank to forget what was chosen.',
      ],
      [
        { scene_id: 1, rating_key: '5/../6' },
        '"rating_key" must be the number of a Plex item, as "Explain Scene" names it, not "5/../6".',
      ],
      [
        { scene_id: 1, rating_key: '5' },
        'The plugin has not met a Plex server yet: run "Explain Scene" for the scene first.',
      ],
    ];
    for (const [args, sentence] of cases)
      expect(await choose(args, paused())).toMatchObject({ error: sentence });
    const meets =
      "INSERT INTO plex_sections (server_id, section_key) VALUES ('one', '1'), ('two', '1') RETURNING 1";
    world.query(meets);
    expect(await choose({ scene_id: 1, rating_key: '5' }, paused())).toMatchObject({
      error: '"server_id" is missing, and several Plex servers are known: one, two.',
    });
    expect(await choose({ scene_id: 1, rating_key: '5', server_id: 'three' }, paused())).toMatchObject({
      error: '"server_id" is "three", which is no Plex server that the plugin knows; there are: one, two.',
    });
    expect(world.rows('jobs')).toBe(0);
  });
});
