import { describe, expect, it } from 'vitest';
import { createPlexClient } from '../../src/plex/PlexClient.ts';
import { openPlexHttp } from '../../src/plex/PlexHttp.ts';
import { createFolderScans } from '../../src/scene/FolderScans.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { useDouble } from '../support/plexDouble/useDouble.ts';

const double = useDouble();

async function open() {
  const clock = new FakeClock();
  const plex = createPlexClient(
    openPlexHttp({
      baseUrl: double().url,
      token: double().token,
      clientIdentifier: 'scans',
      version: '2.0.0',
      connectTimeoutMs: 5_000,
      readTimeoutMs: 5_000,
      clock,
    }),
  );
  const sections = await plex.sections();
  const scans = createFolderScans(plex, clock);
  return { clock, request: (...paths: string[]) => scans.request(paths, sections) };
}

const asked = () => double().library.scans.map(({ path }) => path);

describe('scans of folders', () => {
  it('are asked for once per folder, and again after a while (W-66)', async () => {
    const { clock, request } = await open();
    expect(await request('/stash/clips/new/a.mkv')).toBe('/data/clips/new');
    expect(await request('/stash/clips/new/b.mkv')).toBeUndefined();
    expect(await request('/stash/clips/other/b.mkv')).toBe('/data/clips/other');
    clock.advance(5 * 60_000);
    expect(await request('/stash/clips/new/b.mkv')).toBe('/data/clips/new');
    expect(asked()).toEqual(['/data/clips/new', '/data/clips/other', '/data/clips/new']);
  });

  it('take the first file that belongs to a library (W-66)', async () => {
    const { request } = await open();
    expect(await request('/elsewhere/a.mkv', '/data/more clips/x/b.mkv')).toBe('/data/more clips/x');
    expect(await request('/elsewhere/a.mkv')).toBeUndefined();
    expect(asked()).toEqual(['/data/more clips/x']);
  });

  it('become one of the whole location when the files lie in many folders (W-66)', async () => {
    const { request } = await open();
    for (let index = 0; index < 100; index += 1) await request(`/data/clips/f${index}/a.mkv`);
    expect(asked()).toHaveLength(21);
    expect(asked().at(-1)).toBe('/data/clips');
    expect(await request('/data/more clips/x/b.mkv')).toBe('/data/more clips/x');
  });

  it('that Plex never heard of are asked for again, those that it refuses are not (W-66)', async () => {
    const { request } = await open();
    double().faults.add({ times: 1, action: { kind: 'maintenance' } });
    await expect(request('/data/clips/new/a.mkv')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await request('/data/clips/new/a.mkv')).toBe('/data/clips/new');
    double().faults.add({ times: 1, action: { kind: 'status', status: 400 } });
    await expect(request('/data/clips/bad/a.mkv')).rejects.toMatchObject({ kind: 'rejected' });
    expect(await request('/data/clips/bad/a.mkv')).toBeUndefined();
  });
});
