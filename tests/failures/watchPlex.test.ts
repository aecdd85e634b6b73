import { describe, expect, it } from 'vitest';
import type { SceneOperation } from '../../src/failures/Operation.ts';
import type { PlexClient } from '../../src/plex/PlexClient.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { type Bench, startBench } from '../support/startBench.ts';

type Asking = Exclude<keyof PlexClient, 'longestEdit' | 'close' | 'scan'>;

/** Every method that asks Plex something, so that a new one is missed here by the compiler. */
const METHODS: Record<Asking, [SceneOperation, (bench: Bench, ratingKey: string) => Promise<unknown>]> = {
  identity: ['library', ({ context }) => context.plex.identity()],
  sections: ['library', ({ context }) => context.plex.sections()],
  checkFiles: ['library', ({ context, sectionKey }) => context.plex.checkFiles(sectionKey)],
  isEmpty: ['library', ({ context, sectionKey }) => context.plex.isEmpty(sectionKey)],
  pages: ['listing', ({ context, sectionKey }) => all(context.plex.pages(sectionKey, 'newestFirst'))],
  rowsByFile: ['filter', ({ context, sectionKey }) => context.plex.rowsByFile(sectionKey, 'one.mkv')],
  items: ['read', ({ context }, ratingKey) => context.plex.items([ratingKey])],
  edit: [
    'edit',
    ({ context, sectionKey }, ratingKey) => context.plex.edit(sectionKey, ratingKey, [['title.value', 'T']]),
  ],
  unrate: ['edit', ({ context }, ratingKey) => context.plex.unrate(ratingKey)],
  uploadImage: [
    'picture',
    ({ context }, ratingKey) =>
      context.plex.uploadImage(ratingKey, 'poster', tinyJpeg('cover'), 'image/jpeg'),
  ],
  images: ['picture', ({ context }, ratingKey) => context.plex.images(ratingKey, 'poster')],
  deselectImage: ['picture', ({ context }, ratingKey) => context.plex.deselectImage(ratingKey, 'art')],
  selectImage: [
    'picture',
    async ({ context }, ratingKey) => {
      const [first] = await context.plex.images(ratingKey, 'poster');
      await context.plex.selectImage(ratingKey, 'poster', first?.name ?? '');
    },
  ],
};
const TABLE = (Object.keys(METHODS) as Asking[]).map((method) => ({
  method,
  operation: METHODS[method][0],
  call: METHODS[method][1],
}));

async function all(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}

async function world() {
  const bench = await startBench();
  bench.scanned('one');
  const { ratingKey } = bench.item('one');
  // A picture that can be selected.
  await bench.context.plex.uploadImage(ratingKey, 'poster', tinyJpeg('there'), 'image/jpeg');
  return { bench, ratingKey, operations: bench.reliability.operations };
}

describe('a watched Plex', () => {
  it.each(TABLE)('notes that $operation works, by $method (A7)', async ({ operation, call }) => {
    const { bench, ratingKey, operations } = await world();
    const mark = operations.mark();
    await call(bench, ratingKey);
    expect(operations.workedSince(mark)).toEqual(new Set([operation]));
  });

  it.each(TABLE)('knows that the error of $method is one of $operation (A7)', async ({ operation, call }) => {
    const { bench, ratingKey, operations } = await world();
    bench.plex.faults.add({ match: () => true, action: { kind: 'status', status: 500 } });
    const mark = operations.mark();
    const error = await call(bench, ratingKey).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'PlexError' });
    expect(operations.operationOf(error)).toBe(operation);
    expect(operations.workedSince(mark)).toEqual(new Set());
  });

  it('takes a listing for one that works when its reader has seen enough of it', async () => {
    const { bench, operations } = await world();
    const mark = operations.mark();
    for await (const _ of bench.context.plex.pages(bench.sectionKey, 'newestFirst')) break;
    expect(operations.workedSince(mark)).toEqual(new Set(['listing']));
  });

  it('notes nothing of a request for a scan, whose end nobody minds', async () => {
    const { bench, operations } = await world();
    const mark = operations.mark();
    await bench.context.plex.scan(bench.sectionKey, '/media/films');
    expect(operations.workedSince(mark)).toEqual(new Set());
  });

  it('has every method of the client (A7)', async () => {
    const { bench } = await world();
    const methods = [...Object.keys(METHODS), 'longestEdit', 'scan', 'close'];
    expect(Object.keys(bench.context.plex).sort()).toEqual(methods.sort());
  });
});

describe('a watched Stash', () => {
  it('notes images, and knows their errors (A7)', async () => {
    const bench = await startBench();
    const id = bench.scanned('one', { screenshot: tinyJpeg('cover') });
    const scene = (await bench.context.stash.scenes([id])).get(id);
    const url = scene && 'screenshotUrl' in scene ? (scene.screenshotUrl ?? '') : '';
    const { operations } = bench.reliability;
    const mark = operations.mark();
    await bench.context.stash.image(url);
    expect(operations.workedSince(mark)).toEqual(new Set(['image']));
    bench.stash.faults.add({ match: { path: /screenshot/ }, action: { status: 503 } });
    const error = await bench.context.stash.image(url).catch((thrown: unknown) => thrown);
    expect(operations.operationOf(error)).toBe('image');
  });
});
