import { describe, expect, it } from 'vitest';
import { findByFile } from '../../src/plex/findByFile.ts';
import type { PlexClient } from '../../src/plex/PlexClient.ts';
import { PlexError } from '../../src/plex/PlexError.ts';
import type { PlexItem } from '../../src/plex/PlexItem.ts';
import type { PlexSection } from '../../src/plex/PlexSection.ts';
import type { FileMatch } from '../../src/plex/rankByFile.ts';
import { plexItem } from '../support/samples.ts';

interface Server {
  /** Paths by rating key, by section key. */
  library: Record<string, Record<string, string[]>>;
  /** How the undocumented `file=` filter works here. */
  filter?: 'substring' | 'equality' | 'ignored' | 'failing';
  walk?: 'whole' | 'failing';
}

const PAGE = 200;

function row(sectionKey: string, ratingKey: string, paths: readonly string[]): PlexItem {
  return plexItem({ ratingKey, sectionKey, files: paths.map((path) => ({ path })) });
}

/** Plex as far as a look-up is concerned; everything else must not be asked for. */
function plexWith({ library, filter = 'substring', walk = 'whole' }: Server) {
  const asked: string[] = [];
  const rows = (key: string) => Object.entries(library[key] ?? {}).map(([id, paths]) => row(key, id, paths));
  const holds = (path: string, value: string) => {
    if (filter === 'equality') return path.split(path.startsWith('/') ? '/' : /[\\/]/).at(-1) === value;
    // A comma means "or" to every filter.
    return value.split(',').some((piece) => path.includes(piece));
  };
  const never = (): never => expect.fail('a look-up asks for rows only');
  const plex: PlexClient = {
    async rowsByFile(key, fileName) {
      asked.push(`file ${key} ${fileName}`);
      if (filter === 'failing') throw new PlexError('serverError', 'Plex failed.', { status: 500 });
      const all = rows(key);
      const found =
        filter === 'ignored'
          ? all
          : all.filter(({ files }) => files.some(({ path }) => holds(path, fileName)));
      return { items: found.slice(0, PAGE), totalSize: found.length };
    },
    async *allRows(key) {
      asked.push(`walk ${key}`);
      yield* rows(key).slice(0, PAGE);
      if (walk === 'failing') throw new PlexError('unavailable', 'Plex is gone.');
      yield* rows(key).slice(PAGE);
    },
    identity: never,
    sections: never,
    items: never,
    edit: never,
    uploadImage: never,
    scan: never,
    close: never,
  };
  return { plex, asked };
}

function sections(...keys: string[]): PlexSection[] {
  return keys.map((key) => ({ key, title: key, type: 'movie', locations: [] }));
}

function told(match: FileMatch): string {
  if (match.outcome === 'none' || match.outcome === 'otherSize') return match.outcome;
  const items = match.outcome === 'match' ? [match.item] : match.items;
  return [match.outcome, ...items.map(({ ratingKey }) => ratingKey)].join(' ');
}

async function find(server: Server, paths: string[], keys = Object.keys(server.library)) {
  const { plex, asked } = plexWith(server);
  const match = await findByFile(
    plex,
    sections(...keys),
    paths.map((path) => ({ path })),
  );
  return { found: told(match), asked };
}

/** More items than fit on a page. */
function crowd(): Record<string, string[]> {
  return Object.fromEntries(
    Array.from({ length: 450 }, (_, index) => [String(1000 + index), [`/p/${index}/clip ${index}.mp4`]]),
  );
}

describe('findByFile', () => {
  it('finds a file with one request', async () => {
    const { found, asked } = await find({ library: { 1: { 7: ['/p/x/a.mp4'], 8: ['/p/b.mp4'] } } }, [
      '/s/x/a.mp4',
    ]);
    expect(found).toBe('match 7');
    expect(asked).toEqual(['file 1 a.mp4']);
  });

  it('believes an empty answer for a plain name: none, with one request per section', async () => {
    const { found, asked } = await find({ library: { 1: { 7: ['/p/a.mp4'] }, 2: {} } }, ['/s/gone.mp4']);
    expect(found).toBe('none');
    expect(asked).toEqual(['file 1 gone.mp4', 'file 2 gone.mp4']);
  });

  it('looks up every file of the scene in every section (W-07)', async () => {
    const library = { 1: { 7: ['/p/other.mp4'] }, 2: { 8: ['D:\\p\\b.mp4'] } };
    expect((await find({ library }, ['/s/a.mp4', '/s/b.mp4'])).found).toBe('match 8');
  });

  it.each(['substring', 'equality', 'ignored'] as const)(
    'finds names of every kind whatever the filter does: %s (W-12, W-18)',
    async (filter) => {
      const names = [
        'plain.mp4',
        'a, b.mp4',
        'one,two,three.mp4',
        ',.mp4',
        '100% + R&B #1.mp4',
        "it's [1080p] (x).mp4",
        'Amélie.mp4',
        '日本語 😀.mp4',
        'back\\slash.mp4',
      ];
      const items = Object.fromEntries(
        names.map((name, index) => [String(index + 1), [`/p/f${index}/${name}`]]),
      );
      const library = { 1: { ...crowd(), ...items } };
      for (const [index, name] of names.entries()) {
        const { found } = await find({ library, filter }, [`/s/f${index}/${name}`]);
        expect([name, found]).toEqual([name, `match ${index + 1}`]);
      }
    },
  );

  it.each(['substring', 'equality', 'ignored'] as const)(
    'finds a name in another Unicode normal form, filter: %s (W-12)',
    async (filter) => {
      const library = { 1: { ...crowd(), 7: ['/p/x/Ame\u0301lie, 2.mp4'] } };
      expect((await find({ library, filter }, ['/s/x/Am\u00e9lie, 2.mp4'])).found).toBe('match 7');
    },
  );

  it('does not let a hit on another name hide a name in another Unicode normal form (W-12)', async () => {
    const library = { 1: { 7: ['/p/x/Ame\u0301lie.mp4'], 8: ['/p/x/I love Am\u00e9lie.mp4'] } };
    expect((await find({ library }, ['/s/x/Am\u00e9lie.mp4'])).found).toBe('match 7');
  });

  it('walks the section when the filter gives more than a page', async () => {
    const library = { 1: { ...crowd(), 7: ['/p/clip.mp4'] } };
    const { found, asked } = await find({ library, filter: 'ignored' }, ['/s/clip.mp4']);
    expect(found).toBe('match 7');
    expect(asked).toContain('walk 1');
  });

  it('does not take the rows of an ignored filter for a hit', async () => {
    const library = { 1: { 7: ['/p/a.mp4'], 8: ['/p/b.mp4'] } };
    expect((await find({ library, filter: 'ignored' }, ['/s/c.mp4'])).found).toBe('none');
    expect((await find({ library, filter: 'ignored' }, ['/s/b.mp4'])).found).toBe('match 8');
  });

  it('does not take a part of another name for a hit', async () => {
    const library = { 1: { 7: ['/p/xa.mp4'], 8: ['/a.mp4/other.mkv'] } };
    expect((await find({ library }, ['/s/a.mp4'])).found).toBe('none');
  });

  it('finds the file in any letter case on a Windows server (W-18)', async () => {
    const library = { 1: { 7: ['D:\\Clips\\Video.MP4'] } };
    expect((await find({ library, filter: 'ignored' }, ['/clips/video.mp4'])).found).toBe('match 7');
  });

  it('takes the first section in their order when a file is in several (W-06)', async () => {
    const library = { 1: { 7: ['/p/a.mp4'] }, 2: { 8: ['/p/a.mp4'] } };
    expect((await find({ library }, ['/p/a.mp4'], ['2', '1'])).found).toBe('match 8');
  });

  it.each([{ filter: 'failing' }, { filter: 'ignored', walk: 'failing' }] as const)(
    'never takes a failed look-up for "not in Plex": %j (W-10)',
    async (fault) => {
      await expect(find({ library: { 1: crowd(), 2: {} }, ...fault }, ['/s/gone.mp4'])).rejects.toThrow(
        PlexError,
      );
      await expect(find({ library: { 2: {}, 1: crowd() }, ...fault }, ['/s/x, é.mp4'])).rejects.toThrow(
        PlexError,
      );
    },
  );
});
