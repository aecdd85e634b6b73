import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createPluginHost } from '../pluginHost/createPluginHost.ts';
import { writePlugin } from '../pluginHost/temporaryPlugin.ts';
import { type ActingStash, createStash } from './actAsStash.ts';
import { type RecordedHook, readRecordedHooks } from './readRecordedHooks.ts';
import type { StashDouble } from './startStashDouble.ts';
import { ask, testDouble } from './testClient.ts';

const YML = `
exec: [sh, "{pluginDir}/record.sh"]
hooks:
  - name: Scenes
    triggeredBy: [Scene.Create.Post, Scene.Update.Post, Scene.Destroy.Post]
`;
/** Keeps each stdin document as a line. */
const RECORDER = 'cat >> "$0.lines"; echo >> "$0.lines"';

const MUTATIONS = {
  sceneCreate: 'mutation($input: SceneCreateInput!) { sceneCreate(input: $input) { id } }',
  sceneUpdate: 'mutation($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }',
  scenesUpdate: 'mutation($input: [SceneUpdateInput!]!) { scenesUpdate(input: $input) { id } }',
  bulkSceneUpdate: 'mutation($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }',
  sceneDestroy: 'mutation($input: SceneDestroyInput!) { sceneDestroy(input: $input) }',
  scenesDestroy: 'mutation($input: ScenesDestroyInput!) { scenesDestroy(input: $input) }',
};

type Mutation = keyof typeof MUTATIONS;
type Fields = Readonly<Record<string, unknown>>;

/** A double as the recorded Stash was: 41 scenes with a file each (the seventh with two), and all objects by number. */
async function recordedWorld() {
  const double = await testDouble();
  const { scenes } = double;
  for (let id = 1; id <= 41; id += 1) {
    scenes.add({ files: id === 7 ? [`/data/7.mp4`, `/data/7b.mp4`] : [`/data/${id}.mp4`] });
  }
  for (const entities of [scenes.tags, scenes.performers, scenes.studios]) {
    for (let id = 1; id <= 10; id += 1) entities.named(`number ${id}`);
  }
  const ymlPath = writePlugin({ 'example.yml': YML, 'record.sh': RECORDER });
  const host = createPluginHost({ ymlPath, connection: () => double.serverConnection() });
  const lines = () =>
    readFileSync(join(dirname(ymlPath), 'record.sh.lines'), 'utf8')
      .split('\n')
      .slice(0, -1);
  return { double, act: createStash(double, host), lines };
}

async function mutate(double: StashDouble, mutation: Mutation, input: unknown): Promise<void> {
  const { errors } = await ask(double, MUTATIONS[mutation], { input });
  expect(errors).toBeUndefined();
}

/** What the caller had passed: the named fields, null where Stash left them out or wrote null. */
function passed({ input, inputFields }: RecordedHook): Fields {
  return Object.fromEntries(inputFields.map((field) => [field, (input as Fields)[field] ?? null]));
}

function nonNull(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** Gives a scene the file that a recorded destroy tells of. */
function placeFile({ scenes }: StashDouble, { id, input }: RecordedHook): Fields {
  const { path, oshash, checksum, ...flags } = input as Record<string, string>;
  expect(checksum).toBe('');
  scenes.touchWithoutBump(id, { files: [{ path: path ?? '', oshash: oshash ?? '' }] });
  return flags;
}

const SCANS: Readonly<Record<string, (act: ActingStash, id: number) => Promise<unknown>>> = {
  'scan, new file': (act) => act.scanNewFile({ files: ['/data/new.mp4'] }),
  'scan, second file of one content': (act, id) => act.scanAddedFile(id, '/data/copy.mp4'),
  'scan, file renamed on disk': (act, id) => act.scanChangedFile(id, { files: ['/data/renamed.mp4'] }),
  'scan, file content changed': (act, id) => act.scanChangedFile(id, { files: [{ path: '/n', size: 9 }] }),
  'rescan forced, one folder': (act, id) => act.rescan(id),
  deleteFiles: (act, id) => act.deleteFile(id, '/data/other.mp4'),
};

/** Does again what was done when the hook was recorded. */
async function redo(double: StashDouble, act: ActingStash, hook: RecordedHook): Promise<void> {
  const { done, id, type, input } = hook;
  if (done.startsWith('sceneCreate')) return mutate(double, 'sceneCreate', { title: 'no file' });
  if (type === 'Scene.Destroy.Post') {
    const flags = nonNull(placeFile(double, hook));
    if (done.startsWith('clean')) return void (await act.clean(id));
    return mutate(double, 'ids' in flags ? 'scenesDestroy' : 'sceneDestroy', flags);
  }
  if (input === null) {
    const scan = SCANS[done];
    if (scan === undefined) throw new Error(`nobody knows how to do: ${done}`);
    return void (await scan(act, id));
  }
  if (Array.isArray(input)) return mutate(double, 'scenesUpdate', input.map(nonNull));
  if (!done.startsWith('metadataIdentify')) {
    return mutate(double, 'ids' in (input as Fields) ? 'bulkSceneUpdate' : 'sceneUpdate', passed(hook));
  }
  const { id: _, ...found } = nonNull(input as Fields);
  await act.identify(id, found, '/9j/4AAQ');
}

/** A context with its fields in order, as Stash's own order is random. */
function comparable(text: string): string {
  const context = JSON.parse(text);
  context.inputFields?.sort();
  return JSON.stringify(context);
}

function contextOf(line: string): string {
  return JSON.stringify(JSON.parse(line).args.hookContext);
}

test('scene hooks are told what a real Stash told them, key by key, for every kind of change (SD-8)', async () => {
  const { double, act, lines } = await recordedWorld();
  const recorded = readRecordedHooks().filter(({ type }) => type.startsWith('Scene.'));
  expect(recorded).toHaveLength(62);
  let seen = 0;
  let last: RecordedHook | undefined;
  let fired: string[] = [];
  for (const hook of recorded) {
    // A change of several scenes was recorded once for each of them, but done once.
    const same = last?.done === hook.done && JSON.stringify(last.input) === JSON.stringify(hook.input);
    if (!same || hook.input === null) {
      await redo(double, act, hook);
      fired = lines().slice(seen).map(contextOf);
      seen += fired.length;
    }
    last = hook;
    const sent = fired.find((text) => JSON.parse(text).id === hook.id) ?? '{}';
    const cut = hook.text.indexOf('…') === -1 ? -1 : hook.text.indexOf('/9j/') + '/9j/'.length;
    if (cut === -1) expect(comparable(sent), hook.done).toBe(comparable(hook.text));
    else expect(sent.slice(0, cut), hook.done).toBe(hook.text.slice(0, cut));
  }
});

test('a bulk edit answers when the hooks of all its scenes have run, one after another (SD-7)', async () => {
  const { double, lines } = await recordedWorld();
  await mutate(double, 'bulkSceneUpdate', { ids: ['3', '1', '2'], rating100: 20 });
  const contexts = lines().map((line) => JSON.parse(line).args.hookContext);
  expect(contexts.map(({ id }) => id)).toEqual([3, 1, 2]);
  for (const { input } of contexts) expect(input).toEqual({ ids: ['3', '1', '2'], rating100: 20 });
});

test('a refused mutation fires no hook (SD-8)', async () => {
  const { double, act, lines } = await recordedWorld();
  const input = { ids: ['1', '99'], rating100: 20 };
  expect((await ask(double, MUTATIONS.bulkSceneUpdate, { input })).errors).toHaveLength(1);
  await act.rescan(5);
  expect(lines()).toHaveLength(1);
});
