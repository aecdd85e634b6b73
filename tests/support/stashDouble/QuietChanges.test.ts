import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { createPluginHost } from '../pluginHost/createPluginHost.ts';
import { writePlugin } from '../pluginHost/temporaryPlugin.ts';
import { createStash } from './actAsStash.ts';
import type { QuietChanges } from './QuietChanges.ts';
import { ask, testDouble } from './testClient.ts';

const START = '2026-01-11T12:00:00Z';
const LATER = '2026-01-11T12:00:05Z';
const YML = `
exec: [node, "{pluginDir}/main.mjs"]
hooks:
  - name: All
    triggeredBy: [Scene.Create.Post, Scene.Update.Post, Scene.Destroy.Post]
`;

/** Three scenes with all that can be changed, five seconds ago; a plugin whose every hook run leaves an error in the log. */
async function quietWorld() {
  const clock = { ms: Date.parse(START) };
  const double = await testDouble({ now: () => clock.ms });
  for (const name of ['a', 'b', 'c']) {
    double.scenes.add({
      title: name,
      performers: [name],
      tags: [name],
      files: [`/${name}.mp4`, `/${name}2.mp4`],
    });
  }
  clock.ms = Date.parse(LATER);
  const main = `console.log(JSON.stringify({ error: 'a hook ran' }))`;
  const host = createPluginHost({
    ymlPath: writePlugin({ 'example.yml': YML, 'main.mjs': main }),
    connection: () => double.serverConnection(),
    nodePath: dirname(process.execPath),
  });
  const stamps = () => double.scenes.all().map(({ id, updated_at }) => [id, updated_at]);
  return { double, stamps, stash: createStash(double, host) };
}

const CHANGES: readonly [string, readonly number[], (quietly: QuietChanges) => void][] = [
  ['a generated cover', [2], (quietly) => quietly.generateCover(2, Buffer.from('jpeg'))],
  ['auto-tag', [2], (quietly) => quietly.autoTag(2, { tags: ['found'] })],
  [
    'auto-tag that finds nothing new',
    [],
    (quietly) => quietly.autoTag(2, { tags: ['b'], performers: ['b'] }),
  ],
  ['performerMerge', [1, 3], (quietly) => quietly.mergePerformers(['a', 'c'], 'b')],
  ['sceneAssignFile', [3], (quietly) => quietly.assignFile('/a2.mp4', 3)],
  ['moveFiles', [2], (quietly) => quietly.moveFile('/b.mp4', '/moved/b.mp4')],
  ['an import over a scene', [2], (quietly) => quietly.importScene({ id: 2, title: 'imported' })],
  ['SQL', [], (quietly) => quietly.execSql(2, { title: 'written' })],
];

test.each(CHANGES)('%s moves updated_at of %j, and fires no hook (SD-8)', async (_, moved, change) => {
  const { double, stamps, stash } = await quietWorld();
  change(double.quietly);
  expect(stamps()).toEqual([1, 2, 3].map((id) => [id, moved.includes(id) ? LATER : START]));
  expect(double.serverLog.errors()).toEqual([]);
  // Hooks would have shown.
  await stash.rescan(1);
  expect(double.serverLog.errors()).toHaveLength(1);
});

test('sceneMerge moves the destination, and its sources are gone without a hook (SD-8)', async () => {
  const { double, stamps } = await quietWorld();
  double.quietly.mergeScenes([1, 3], 2, { title: 'merged' });
  expect(stamps()).toEqual([[2, LATER]]);
  expect(double.scenes.get(2)).toMatchObject({ title: 'merged', tags: ['b'] });
  expect(double.scenes.get(2)?.files.map(({ path }) => path)).toEqual([
    '/b.mp4',
    '/b2.mp4',
    '/a.mp4',
    '/a2.mp4',
    '/c.mp4',
    '/c2.mp4',
  ]);
  expect((await ask(double, '{ findScene(id: 1) { id } }')).data).toEqual({ findScene: null });
  expect((await fetch(`${double.url}/scene/1/screenshot`)).status).toBe(404);
  expect(double.serverLog.all()).toEqual([]);
});

test('what they store can be read (SD-10)', async () => {
  const { double } = await quietWorld();
  const { scenes, quietly } = double;
  const before = scenes.get(2)?.files[0];
  quietly.generateCover(1, Buffer.from('jpeg'));
  quietly.autoTag(1, { tags: ['a', 'sea'], performers: ['Ann'], studio: 'S' });
  quietly.autoTag(1, { studio: 'Other' });
  quietly.mergePerformers(['c'], 'a');
  quietly.moveFile('/b.mp4', '/moved/b.mp4');
  quietly.assignFile('/a2.mp4', 3);
  expect(scenes.get(1)).toMatchObject({
    screenshot: Buffer.from('jpeg'),
    tags: ['a', 'sea'],
    performers: ['a', 'Ann'],
    studio: 'S',
    files: [{ path: '/a.mp4' }],
  });
  expect(scenes.get(2)?.files[0]).toMatchObject({ id: before?.id, path: '/moved/b.mp4', size: before?.size });
  expect(scenes.get(3)?.files.map(({ path }) => path)).toEqual(['/c.mp4', '/c2.mp4', '/a2.mp4']);
  expect(scenes.get(3)?.performers).toEqual(['a']);
});

test('a moved file keeps its fingerprint (SD-10)', async () => {
  const { double } = await quietWorld();
  const query = '{ findScene(id: 2) { files { fingerprint(type: "oshash") } } }';
  const { data } = await ask(double, query);
  double.quietly.moveFile('/b.mp4', '/moved/b.mp4');
  expect((await ask(double, query)).data).toEqual(data);
});

test('an import may bring scenes, and stamps from the past (SD-8)', async () => {
  const { double } = await quietWorld();
  const updated_at = '2025-05-05T05:05:05Z';
  expect(double.quietly.importScene({ title: 'new', updated_at })).toBe(4);
  double.quietly.importScene({ id: 1, title: 'older', updated_at });
  expect([4, 1].map((id) => double.scenes.get(id))).toMatchObject([
    { title: 'new', updated_at },
    { title: 'older', updated_at },
  ]);
});

test('what does not exist, and a primary file of another scene, are refused (SD-10)', async () => {
  const { double, stamps } = await quietWorld();
  const { quietly } = double;
  expect(() => quietly.moveFile('/none', '/x')).toThrow('file with path /none not found');
  expect(() => quietly.assignFile('/a.mp4', 3)).toThrow('primary file');
  expect(() => quietly.autoTag(9, {})).toThrow('scene with id 9 not found');
  expect(stamps().map(([, stamp]) => stamp)).toEqual([START, START, START]);
});
