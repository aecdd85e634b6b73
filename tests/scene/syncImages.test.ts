import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Artwork } from '../../src/plex/PlexImage.ts';
import { tinyJpeg } from '../support/plexDouble/tinyImage.ts';
import { startPictures } from '../support/startPictures.ts';

const ONLY_ART = { sync_poster: false, sync_background: true };
/** Each picture, with the settings under which it is the only one, and the requests for it. */
const PICTURES = [
  { artwork: 'poster', settings: {}, POST: 'POST posters', PUT: 'PUT poster', GET: 'GET posters' },
  { artwork: 'art', settings: ONLY_ART, POST: 'POST arts', PUT: 'PUT art', GET: 'GET arts' },
] as const satisfies readonly { artwork: Artwork; [rest: string]: unknown }[];

describe.each(PICTURES)(
  'the $artwork of an item (plex-http-api.md 9.1)',
  ({ artwork, settings, ...requests }) => {
    const { POST, PUT, GET } = requests;
    const lock = artwork === 'poster' ? 'thumb' : 'art';
    const start = async (switches: object = {}) => startPictures({ settings, plex: { switches } });
    const right = { artwork, locked: true };
    const state = (world: Awaited<ReturnType<typeof start>>, cover: string) => ({
      artwork: world.shows(cover, artwork) ? artwork : `not ${cover}`,
      locked: world.isLocked(artwork),
    });

    it('follows the cover A, B, A: two uploads and three selections, and nothing for what is right (W-50)', async () => {
      const world = await start();
      const sent: string[][] = [];
      for (const cover of ['A', 'B', 'A', 'B']) {
        world.cover(cover);
        await world.sync();
        expect(state(world, cover)).toEqual(right);
        sent.push(world.requests());
        await world.sync();
        expect(world.requests()).toEqual([]);
      }
      // The lock goes along with the first edit of the item.
      expect(sent).toEqual([[`PUT all ${lock}`, POST, PUT], [POST, PUT], [PUT], [PUT]]);
    });

    it('is selected again, by one request, after it was unlocked and another one chosen (W-50)', async () => {
      const world = await start();
      await world.sync();
      world.requests();
      await world.choose('theirs', artwork);
      await world.unlock(artwork);
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([PUT]);
      for (let round = 0; round < 3; round += 1) await world.sync();
      expect(world.requests()).toEqual([]);
    });

    it('stays as the user chose it until the cover changes, also back to one that was there (W-50)', async () => {
      const world = await start();
      await world.sync();
      await world.choose('theirs', artwork);
      world.requests();
      await world.sync();
      expect(state(world, 'theirs')).toEqual(right);
      expect(world.requests()).toEqual([]);
      world.cover('B');
      await world.sync();
      expect(state(world, 'B')).toEqual(right);
      await world.choose('theirs', artwork);
      world.requests();
      world.cover('A');
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([PUT]);
    });

    it('is looked at once after a lost memory: nothing is written when it is right, one selection when not (W-50)', async () => {
      const world = await start();
      await world.sync();
      world.requests();
      world.forget();
      await world.sync();
      expect(world.requests()).toEqual([GET]);
      await world.sync();
      expect(world.requests()).toEqual([]);

      world.forget();
      await world.choose('theirs', artwork);
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([GET, PUT]);

      world.forget();
      world.cover('B');
      await world.sync();
      expect(state(world, 'B')).toEqual(right);
      expect(world.requests()).toEqual([GET, POST, PUT]);
      // What was seen there is known from then on.
      world.cover('A');
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([PUT]);
    });

    it('goes on from a memory of an earlier version, which knows the last cover only', async () => {
      const world = await start();
      await world.sync();
      world.cover('B');
      await world.sync();
      world.requests();
      world.bench.db.exec(
        `UPDATE scene_syncs SET written = json_remove(written, '$.posterNames', '$.artNames')`,
      );
      await world.sync();
      expect(world.requests()).toEqual([]);
      world.cover('A');
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([GET, PUT]);
    });

    it('is locked on a Plex whose uploads do not lock, with no request more (plex-http-api.md 9.2)', async () => {
      const world = await start({ uploadLocks: false });
      for (const cover of ['A', 'B', 'A']) {
        world.cover(cover);
        await world.sync();
        expect(state(world, cover)).toEqual(right);
        await world.sync();
      }
      expect(world.requests()).toEqual([`PUT all ${lock}`, POST, PUT, POST, PUT, PUT]);
    });

    it('is locked by an edit where selecting it again does not lock it either (plex-http-api.md 9.2)', async () => {
      const world = await start({ uploadLocks: false });
      await world.sync();
      world.requests();
      // This server never locks by a selection.
      const syncs = [];
      for (let round = 0; round < 2; round += 1) {
        await world.unlock(artwork);
        await world.sync();
        syncs.push(world.requests());
      }
      await world.sync();
      syncs.push(world.requests());
      expect(syncs).toEqual([[PUT], [PUT, `PUT all ${lock}`], []]);
      expect(state(world, 'A')).toEqual(right);
    });

    it('is uploaded again when Plex no longer holds it, whatever Plex says to its name', async () => {
      for (const unknownCandidate of [404, 400] as const) {
        const world = await start({ unknownCandidate });
        await world.sync();
        world.cover('B');
        await world.sync();
        world.requests();
        const names = artwork === 'poster' ? 'posterNames' : 'artNames';
        const known = world.memory()?.[names]?.at(0);
        world.bench.db.exec(
          `UPDATE scene_syncs SET written = replace(written, '${known}', '${sha1Of('C')}')`,
        );
        world.cover('C');
        await world.sync();
        expect(state(world, 'C')).toEqual(right);
        expect(world.requests()).toEqual([PUT, POST, PUT]);
      }
    });

    it('is looked for by its content where Plex gives it another name at first (plex-http-api.md 9.1)', async () => {
      const world = await start();
      world.bench.plex.faults.add({
        match: ({ method, path }) => method === 'PUT' && path.endsWith(`/${artwork}`),
        times: 1,
        action: { kind: 'status', status: 404 },
      });
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([`PUT all ${lock}`, POST, PUT, GET, PUT]);
    });

    it('is uploaded where Plex does not give its list, which adds nothing to what it holds', async () => {
      const world = await start();
      await world.sync();
      world.forget();
      world.requests();
      await world.choose('theirs', artwork);
      world.bench.plex.faults.add({
        match: ({ method, path }) => method === 'GET' && path.endsWith(`/${artwork}s`),
        action: { kind: 'status', status: 500 },
      });
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([GET, POST, PUT]);
      const { posters, arts } = world.bench.item('film');
      expect((artwork === 'poster' ? posters : arts).filter(({ bytes }) => bytes > 0)).toHaveLength(2);
    });

    it('that Plex takes and then never lists is outstanding, after three looks 300 ms apart (W-37)', async () => {
      const world = await start();
      const { faults } = world.bench.plex;
      faults.add({
        match: ({ method, path }) => method === 'PUT' && path.endsWith(`/${artwork}`),
        action: { kind: 'status', status: 404 },
      });
      faults.add({
        match: ({ method, path }) => method === 'GET' && path.endsWith(`/${artwork}s`),
        action: { kind: 'status', status: 500 },
      });
      expect(await world.sync()).toMatchObject({ retried: 1 });
      expect(world.requests()).toEqual([`PUT all ${lock}`, POST, PUT, GET, GET, GET]);
      expect(world.bench.clock.sleeps.filter((ms) => ms === 300)).toHaveLength(2);
      expect(world.bench.job(world.sceneId)).toMatchObject({ error: 'PlexPartialError' });
      faults.clear();
      await world.bench.drainAll();
      expect(state(world, 'A')).toEqual(right);
      // Held by now: selected only.
      expect(world.requests()).toEqual([PUT]);
    });

    it('is not taken for the cover when what went wrong came between upload and selection', async () => {
      const world = await start();
      await world.sync();
      world.requests();
      const fault = world.bench.plex.faults.add({
        match: ({ method, path }) => method === 'PUT' && path.endsWith(`/${artwork}`),
        action: { kind: 'maintenance' },
      });
      world.cover('B');
      await world.sync();
      fault.remove();
      // New bytes are selected by their upload.
      expect(world.shows('B', artwork)).toBe(true);
      world.cover('A');
      await world.sync();
      expect(state(world, 'A')).toEqual(right);
      expect(world.requests()).toEqual([POST, PUT, PUT]);
    });

    it('that Plex has stays when its own edits are to be preserved, whatever the cover (W-29)', async () => {
      const world = await startPictures({ settings: { ...settings, preserve_plex_edits: true } });
      await world.choose('theirs', artwork);
      for (const cover of ['A', 'B', 'A']) {
        world.cover(cover);
        await world.sync();
      }
      expect(state(world, 'theirs')).toEqual(right);
      expect(world.requests()).toEqual(['PUT all']);
    });
  },
);

describe('both pictures of an item', () => {
  it('cost two requests each for a new cover, one for a known one, none for the right one (W-24)', async () => {
    const world = await startPictures({ settings: { sync_background: true } });
    const sent: string[][] = [];
    for (const cover of ['A', 'A', 'B', 'A', 'A']) {
      world.cover(cover);
      await world.sync();
      sent.push(world.requests());
    }
    expect(sent).toEqual([
      ['PUT all thumb art', 'POST posters', 'PUT poster', 'POST arts', 'PUT art'],
      [],
      ['POST posters', 'PUT poster', 'POST arts', 'PUT art'],
      ['PUT poster', 'PUT art'],
      [],
    ]);
    expect(world.bench.plex.violations).toEqual([]);
  });

  it('are locked by the edit as a whole only: where its fields come one by one, the locks stay out of the way (W-37)', async () => {
    const world = await startPictures({ settings: { sync_background: true } });
    world.bench.stash.scenes.update(world.sceneId, { tags: ['T'] });
    world.bench.plex.faults.add({
      match: ({ method, url }) => method === 'PUT' && url.includes('genre'),
      action: { kind: 'status', status: 400 },
    });
    // Edits of others are taken: it is about this one's data.
    const { evidence } = world.bench.reliability;
    evidence.failed('edit', world.sceneId, 0);
    evidence.worked(['edit'], world.sceneId + 1);
    expect(await world.sync()).toMatchObject({ retried: 1 });
    const requests = world.requests();
    expect(requests.filter((request) => request.startsWith('PUT all thumb art'))).toHaveLength(1);
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(2);
    expect(world.memory()).toMatchObject({ outstanding: ['genre'] });
    expect(world.shows('A') && world.isLocked('poster') && world.isLocked('art')).toBe(true);
    // What is outstanding comes alone, and the pictures are right.
    await world.sync();
    expect(world.requests()).toEqual(['PUT all']);
  });

  it('are not locked for a scene without a cover', async () => {
    const world = await startPictures({ settings: { sync_background: true } });
    world.cover('placeholder');
    await world.sync();
    expect(world.requests()).toEqual(['PUT all']);
    expect(world.bench.item('film').lockedFields).not.toContain('thumb');
    expect(world.warnings()).toEqual([]);
  });

  it('remember at most twenty uploads', async () => {
    const world = await startPictures();
    for (let index = 0; index < 22; index += 1) {
      world.cover(`cover ${index}`);
      await world.sync();
    }
    expect(world.memory()?.posterNames).toHaveLength(20);
    world.requests();
    // Forgotten: uploaded in vain, and shown all the same.
    world.cover('cover 0');
    await world.sync();
    expect(world.requests()).toEqual(['POST posters', 'PUT poster']);
    expect(world.shows('cover 0')).toBe(true);
    expect(world.bench.item('film').posters).toHaveLength(23);
  });
});

describe('a cover that Plex cannot use', () => {
  const AVIF = Buffer.concat([Buffer.from('\0\0\0 ftypavif'), Buffer.alloc(20)]);
  const BMP = Buffer.concat([Buffer.from('BM'), Buffer.alloc(20)]);
  const LARGE = tinyJpeg('large', 10_000_001);

  it.each([
    ['AVIF', AVIF, 'is an AVIF picture'],
    ['BMP', BMP, 'is a BMP picture'],
    ['more than 10 MB', LARGE, 'has 10.0 MB, and Plex takes less than 10 MB'],
  ])('is said once, with what helps, and fails nothing: %s (W-50)', async (_, cover, said) => {
    const world = await startPictures({ settings: { sync_background: true } });
    world.cover(cover);
    expect(await world.sync()).toMatchObject({ synced: 1, retried: 0 });
    expect(world.bench.item('film').title).toBe('Film');
    expect(world.requests()).toEqual(['PUT all']);
    expect(world.warnings()).toEqual([
      expect.stringMatching(
        new RegExp(`Scene ${world.sceneId}: its cover ${said}.*poster and background .*set a JPEG`),
      ),
    ]);
    await world.sync();
    world.bench.stash.scenes.update(world.sceneId, { title: 'Other' });
    await world.sync();
    expect(world.warnings()).toHaveLength(1);
    // Another one of that kind is another matter.
    world.cover(cover === BMP ? AVIF : BMP);
    await world.sync();
    expect(world.warnings()).toHaveLength(2);
    world.cover('A');
    await world.sync();
    expect(world.shows('A')).toBe(true);
    expect(world.warnings()).toHaveLength(2);
  });

  it('leaves the earlier one in Plex, which is not uploaded again when it comes back (W-50)', async () => {
    const world = await startPictures();
    await world.sync();
    world.requests();
    for (const cover of [AVIF, 'A']) {
      world.cover(cover);
      await world.sync();
      expect(world.shows('A')).toBe(true);
    }
    expect(world.requests()).toEqual([]);
    expect(world.warnings()).toHaveLength(1);
  });

  it('is not spoken of where no picture is wanted', async () => {
    const world = await startPictures({ settings: { sync_poster: false } });
    world.cover(AVIF);
    await world.sync();
    expect(world.warnings()).toEqual([]);
  });

  it('names its size when it is too large for what stands before Plex, once per cover (W-37)', async () => {
    const world = await startPictures();
    world.bench.plex.faults.add({ match: /posters$/, action: { kind: 'status', status: 413 } });
    world.cover(tinyJpeg('big', 2_340_000));
    expect(await world.sync()).toMatchObject({ retried: 1 });
    await world.sync();
    expect(world.warnings()).toEqual([expect.stringMatching(/refuses poster .*status 413.* 2\.3 MB/)]);
    world.cover(tinyJpeg('bigger', 3_450_000));
    await world.sync();
    expect(world.warnings()).toEqual([expect.anything(), expect.stringContaining('3.5 MB')]);
    world.bench.plex.faults.clear();
    await world.sync();
    expect(world.bench.jobs.counts()).toMatchObject({ deadLetters: 0, waiting: 0 });
    expect(world.memory()).not.toHaveProperty('saidCover');
  });
});

function sha1Of(picture: string): string {
  return createHash('sha1').update(tinyJpeg(picture)).digest('hex');
}
