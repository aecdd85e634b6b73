import { createHash } from 'node:crypto';
import type { PlexItem } from '../../tests/support/plexDouble/startPlexDouble.ts';
import type { StoredScene } from '../../tests/support/stashDouble/startStashDouble.ts';

/**
 * What of an item is not as its scene says; empty when all is equal. Written apart from the plugin's own rules, on
 * purpose.
 */
export function differences(scene: StoredScene, item: PlexItem): string[] {
  const pairs: [field: string, stash: unknown, plex: unknown][] = [
    ['title', tidy(scene.title), item.title],
    ['summary', scene.details.split('\n').map(tidy).join('\n'), item.summary],
    ['studio', tidy(scene.studio ?? ''), item.studio ?? ''],
    ['date', scene.date ?? '', item.originallyAvailableAt ?? ''],
    ['genres', sorted(scene.tags), sorted(item.genres)],
    ['actors', sorted(scene.performers), sorted(item.roles.map(({ tag }) => tag))],
    [
      'collection',
      scene.studio ? [tidy(scene.studio).toLowerCase()] : [],
      item.collections.map((name) => name.toLowerCase()),
    ],
    ['poster', coverName(scene, 'posters'), selected(item.posters)],
    ['background', coverName(scene, 'art'), selected(item.arts)],
  ];
  return pairs
    .filter(([, stash, plex]) => JSON.stringify(stash) !== JSON.stringify(plex))
    .map(
      ([field, stash, plex]) =>
        `${field}: Stash has ${JSON.stringify(stash)}, Plex has ${JSON.stringify(plex)}`,
    );
}

function tidy(text: string): string {
  return text
    .replaceAll('\u2019', "'")
    .replaceAll('\u2013', '-')
    .replaceAll('\u2026', '...')
    .replace(/\s+/g, ' ')
    .trim();
}

function sorted(names: readonly string[]): string[] {
  return names.map((name) => tidy(name).toLowerCase()).sort();
}

/** Plex names an upload after the SHA-1 of its bytes. */
function coverName({ screenshot }: StoredScene, kind: 'posters' | 'art'): string | undefined {
  if (screenshot === 'placeholder') return undefined;
  return `upload://${kind}/${createHash('sha1').update(screenshot).digest('hex')}`;
}

function selected(candidates: PlexItem['posters']): string | undefined {
  const name = candidates.find((candidate) => candidate.selected)?.ratingKey;
  return name?.startsWith('upload://') ? name : undefined;
}
