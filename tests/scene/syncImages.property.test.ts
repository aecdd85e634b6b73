import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Artwork } from '../../src/plex/PlexImage.ts';
import { startPictures } from '../support/startPictures.ts';

/** What may happen to a scene's cover, to an item's picture and to the memory of both, between syncs. */
type Action =
  | { kind: 'cover'; cover: string }
  /** The user chooses a picture in Plex: one of his own, or one that was a cover. */
  | { kind: 'choose'; picture: string }
  | { kind: 'unlock' | 'refresh' | 'forget' | 'sync' };

const COVERS = ['A', 'B', 'C'];
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...COVERS).map((cover): Action => ({ kind: 'cover', cover })) },
  fc.constantFrom('theirs', ...COVERS).map((picture): Action => ({ kind: 'choose', picture })),
  fc.constantFrom('unlock', 'refresh', 'forget').map((kind): Action => ({ kind })),
  { weight: 3, arbitrary: fc.constant<Action>({ kind: 'sync' }) },
);

const REQUESTS = {
  poster: { POST: 'POST posters', PUT: 'PUT poster', GET: 'GET posters' },
  art: { POST: 'POST arts', PUT: 'PUT art', GET: 'GET arts' },
} as const;

/** What the plugin and Plex know, by the rules as the README has them. */
interface Model {
  cover: string;
  /** Cover of the last sync; undefined while nobody remembers. */
  synced: string | undefined;
  shown: string | undefined;
  isLocked: boolean;
  held: Set<string>;
  /** Somebody has locked something in the item. */
  isTouched: boolean;
}

/** Runs actions on the product and on the model, and compares after each sync. */
async function run(artwork: Artwork, uploadLocks: boolean, actions: readonly Action[]): Promise<void> {
  const settings = { sync_poster: artwork === 'poster', sync_background: artwork === 'art' };
  const world = await startPictures({ settings, plex: { switches: { uploadLocks } } });
  const { POST, PUT, GET } = REQUESTS[artwork];
  const { ratingKey } = world.bench.item('film');
  const model: Model = {
    cover: 'A',
    synced: undefined,
    shown: undefined,
    isLocked: false,
    held: new Set(),
    isTouched: false,
  };
  const syncAndCompare = async () => {
    const isRight = model.synced === model.cover && model.isLocked;
    // Only after a lost memory has anybody to look; an item that nobody ever locked holds no upload of ours.
    const mustLook = model.synced === undefined && model.isTouched;
    const isShown = mustLook && model.shown === model.cover && model.isLocked;
    const isHeld = model.held.has(model.cover);
    await world.sync();
    const pictures = world.requests().filter((request) => !request.startsWith('PUT all'));
    const writes = isRight || isShown ? [] : isHeld ? [PUT] : [POST, PUT];
    expect(pictures).toEqual([...(mustLook ? [GET] : []), ...writes]);
    if (!isRight) {
      model.held.add(model.cover);
      Object.assign(model, { shown: model.cover, isLocked: true });
    }
    Object.assign(model, { synced: model.cover, isTouched: true });
    expect(model.shown !== undefined && world.shows(model.shown, artwork)).toBe(true);
    expect(world.isLocked(artwork)).toBe(true);
    await world.sync();
    expect(world.requests()).toEqual([]);
  };

  for (const action of actions) {
    switch (action.kind) {
      case 'cover':
        world.cover(action.cover);
        model.cover = action.cover;
        break;
      case 'choose':
        // What the user uploads of the scene's own covers is none of our memory's business.
        if (action.picture !== 'theirs' && !model.held.has(action.picture)) break;
        await world.choose(action.picture, artwork);
        model.held.add(action.picture);
        Object.assign(model, { shown: action.picture, isLocked: true, isTouched: true });
        break;
      case 'unlock':
        await world.unlock(artwork);
        model.isLocked = false;
        model.isTouched = world.bench.item('film').lockedFields.length > 0;
        break;
      case 'refresh':
        world.bench.plex.library.agentRefresh(ratingKey);
        if (!model.isLocked) model.shown = undefined;
        break;
      case 'forget':
        world.forget();
        model.synced = undefined;
        break;
      case 'sync':
        await syncAndCompare();
    }
  }
  await syncAndCompare();
  expect(world.bench.plex.violations).toEqual([]);
}

describe('a picture through any sequence of events', () => {
  it.each(['poster', 'art'] as const)(
    'ends as the rules say with the fewest requests, and a second sync sends nothing: %s (W-50)',
    async (artwork) => {
      await fc.assert(
        fc.asyncProperty(fc.boolean(), fc.array(anyAction, { maxLength: 14 }), (uploadLocks, actions) =>
          run(artwork, uploadLocks, actions),
        ),
        { numRuns: 40 },
      );
    },
    120_000,
  );
});
