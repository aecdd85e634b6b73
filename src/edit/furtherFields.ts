import type { Settings } from '../config/settings.ts';
import type { Scene } from '../stash/Scene.ts';
import { type CutNames, cutNames } from './cutNames.ts';
import { type CutText, cutLine } from './cutText.ts';
import { LIMITS } from './limits.ts';
import type { Shortened } from './Shortened.ts';
import { tagNames } from './tagNames.ts';
import { templateTitle } from './templateTitle.ts';

/** Fields that are synced only where the user asked for them; none of them is there by default. */
export interface FurtherFields {
  contentRating?: string;
  /** The scene's code. */
  originalTitle?: string;
  /** Empty: the scene has none of its own, and Plex makes one from the title. */
  titleSort?: string;
  /** The scene's tags, with the prefix. Other labels stay. */
  labels?: string[];
  /** One or none. */
  directors?: string[];
  /** Collections named after the studios above the scene's. */
  parentCollections?: string[];
  /** Collections named after groups, with the prefix. */
  groupCollections?: string[];
}

export type FurtherSettings = Pick<
  Settings,
  | 'sync_labels'
  | 'label_prefix'
  | 'sync_groups'
  | 'group_prefix'
  | 'sync_studio_chain'
  | 'sync_director'
  | 'sync_code'
  | 'content_rating'
  | 'sort_title_template'
  | 'ignore_tags'
  | 'max_tags'
>;

/**
 * What an item is wanted to have in them. What Stash was not asked for is left alone: the settings may have changed since the scene was
 * read.
 */
export function furtherFields(
  scene: Scene,
  settings: FurtherSettings,
): { fields: FurtherFields; shortened: Shortened[] } {
  const { code, director, groups, parentStudios } = scene;
  const rating = settings.content_rating;
  const contentRating = rating === '' ? undefined : lineOf('contentRating', rating);
  const originalTitle = settings.sync_code ? lineOf('originalTitle', code) : undefined;
  const titleSort = sortTitleOf(scene, settings);
  const labels = settings.sync_labels
    ? cutNames('label', tagNames(scene.tags, settings), settings.max_tags, settings.label_prefix)
    : undefined;
  const directors = settings.sync_director ? oneName('director', director) : undefined;
  const parentCollections = settings.sync_studio_chain ? collectionsOf(parentStudios) : undefined;
  const groupNames = groups?.map(({ name }) => name);
  const groupCollections = settings.sync_groups
    ? collectionsOf(groupNames, settings.group_prefix)
    : undefined;
  const texts = [contentRating, originalTitle, titleSort];
  const lists = [labels, directors, parentCollections, groupCollections];
  return {
    fields: {
      ...(contentRating ? { contentRating: contentRating.text } : {}),
      ...(originalTitle ? { originalTitle: originalTitle.text } : {}),
      ...(titleSort ? { titleSort: titleSort.text } : {}),
      ...(labels ? { labels: labels.names } : {}),
      ...(directors ? { directors: directors.names } : {}),
      ...(parentCollections ? { parentCollections: parentCollections.names } : {}),
      ...(groupCollections ? { groupCollections: groupCollections.names } : {}),
    },
    shortened: [...texts, ...lists].flatMap((part) => part?.shortened ?? []),
  };
}

function collectionsOf(list: readonly string[] | undefined, prefix?: string): CutNames | undefined {
  return list && cutNames('collection', list, LIMITS.collections, prefix);
}

function lineOf(field: string, raw: string | null | undefined): CutText | undefined {
  return raw === undefined ? undefined : cutLine(field, raw, LIMITS.line);
}

function sortTitleOf(scene: Scene, { sort_title_template: template }: FurtherSettings): CutText | undefined {
  return template === '' ? undefined : lineOf('titleSort', templateTitle(template, scene));
}

/** Stash has one text for it, which is one name whatever it holds. */
function oneName(field: string, raw: string | null | undefined): CutNames | undefined {
  const name = lineOf(field, raw);
  return name && { names: name.text === '' ? [] : [name.text], shortened: name.shortened };
}
