import type { PlexItem } from '../../src/plex/PlexItem.ts';
import type { Scene } from '../../src/stash/Scene.ts';

/** A bare Plex item, with what a test says about it. */
export function plexItem(told: Partial<PlexItem> = {}): PlexItem {
  return {
    ratingKey: '812',
    sectionKey: '4',
    title: '',
    titleSort: '',
    originalTitle: '',
    contentRating: '',
    summary: '',
    studio: '',
    tagline: '',
    originallyAvailableAt: '',
    genres: [],
    collections: [],
    labels: [],
    directors: [],
    actors: [],
    locked: new Set(),
    files: [],
    hasThumb: false,
    hasArt: false,
    ...told,
  };
}

/** A bare Stash scene, with what a test says about it. */
export function stashScene(told: Partial<Scene> = {}): Scene {
  return {
    id: 1287,
    title: null,
    details: null,
    date: null,
    rating100: null,
    studio: null,
    performers: [],
    tags: [],
    files: [],
    screenshotUrl: null,
    updatedAt: null,
    ...told,
  };
}
