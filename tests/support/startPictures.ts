import { createHash } from 'node:crypto';
import type { DrainResult } from '../../src/drain/DrainResult.ts';
import { type Artwork, uploadName } from '../../src/plex/PlexImage.ts';
import type { WrittenMemory } from '../../src/queue/Job.ts';
import { tinyJpeg } from './plexDouble/tinyImage.ts';
import { type Bench, type BenchOptions, startBench } from './startBench.ts';

const LOCKS = { poster: 'thumb', art: 'art' } as const;

/** One scene with a cover and its item, with what a user of Plex can do to one of its pictures. */
export interface Pictures {
  bench: Bench;
  sceneId: number;
  /** Syncs the scene through the queue. */
  sync(): Promise<DrainResult>;
  /** Gives the scene another cover; text becomes a small JPEG. */
  cover(cover: string | Buffer | 'placeholder'): void;
  /** The user uploads a picture in Plex and chooses it, which locks it. */
  choose(picture: string, artwork?: Artwork): Promise<void>;
  unlock(artwork?: Artwork): Promise<void>;
  /** The plugin's memory of the scene is gone. */
  forget(): void;
  memory(): WrittenMemory | undefined;
  /** Whether this picture is the one that Plex shows. */
  shows(picture: string, artwork?: Artwork): boolean;
  holds(picture: string, artwork?: Artwork): boolean;
  isLocked(artwork?: Artwork): boolean;
  /** Requests about pictures since the last call, as `POST posters`; edits as `PUT all` with the locks that they carry. */
  requests(): string[];
  warnings(): string[];
}

/** Starts it with cover `A` and a second picture, the background, switched off unless the settings say otherwise. */
export async function startPictures(options: BenchOptions = {}): Promise<Pictures> {
  // What an item showed before is looked up at its first change only; `itemUndo` has tests of its own.
  const settings = { sync_background: false, undo_retention_days: 0, ...options.settings };
  const bench = await startBench({ ...options, settings });
  const sceneId = bench.scanned('film', { title: 'Film', screenshot: tinyJpeg('A') });
  const { ratingKey } = bench.item('film');
  const candidates = (artwork: Artwork) => bench.item('film')[artwork === 'poster' ? 'posters' : 'arts'];
  const nameOf = (picture: string, artwork: Artwork) =>
    uploadName(artwork, createHash('sha1').update(tinyJpeg(picture)).digest('hex'));
  /** What users do is not counted. */
  const unseen = async (act: () => Promise<unknown>) => {
    const before = bench.plex.log.entries.length;
    await act();
    bench.plex.log.entries.splice(before);
  };
  return {
    bench,
    sceneId,
    sync: () => bench.sync(sceneId),
    cover(cover) {
      bench.clock.advance(60_000);
      const isLabel = typeof cover === 'string' && cover !== 'placeholder';
      bench.stash.scenes.update(sceneId, { screenshot: isLabel ? tinyJpeg(cover) : cover });
    },
    choose: (picture, artwork = 'poster') =>
      unseen(async () => {
        const { plex } = bench.context;
        await plex.uploadImage(ratingKey, artwork, tinyJpeg(picture), 'image/jpeg');
        await plex.selectImage(ratingKey, artwork, nameOf(picture, artwork));
      }),
    unlock: (artwork = 'poster') =>
      unseen(() => bench.context.plex.edit(bench.sectionKey, ratingKey, [[`${LOCKS[artwork]}.locked`, '0']])),
    forget: () => void bench.db.exec('DELETE FROM scene_syncs'),
    memory: () => bench.jobs.sceneSyncs(sceneId)[0]?.written,
    shows: (picture, artwork = 'poster') =>
      candidates(artwork).some((each) => each.selected && each.ratingKey === nameOf(picture, artwork)),
    holds: (picture, artwork = 'poster') =>
      candidates(artwork).some((each) => each.ratingKey === nameOf(picture, artwork)),
    isLocked: (artwork = 'poster') => bench.item('film').lockedFields.includes(LOCKS[artwork]),
    requests() {
      const requests = bench.plex.log.entries.flatMap(({ method, path, url }) => {
        const place = path.split('/').at(-1) ?? '';
        if (/^(posters?|arts?)$/.test(place)) return [`${method} ${place}`];
        if (method === 'GET') return [];
        const locks = ['thumb', 'art'].filter((lock) => new RegExp(`[?&]${lock}\\.locked=1`).test(url));
        return [[method, place, ...locks].join(' ')];
      });
      bench.plex.log.clear();
      return requests;
    },
    warnings: () => bench.lines.filter(({ level }) => level === 'warn').map(({ text }) => text),
  };
}
