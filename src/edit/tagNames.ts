import type { Settings } from '../config/settings.ts';
import type { Scene } from '../stash/Scene.ts';
import { memberOf } from './listEdit.ts';
import { sanitizeLine } from './sanitizeText.ts';

/** Tags without those that the setting `ignore_tags` names, letter case aside. */
export function tagNames(
  tags: readonly string[],
  { ignore_tags: ignored }: Pick<Settings, 'ignore_tags'>,
): string[] {
  if (ignored.length === 0) return [...tags];
  const isIgnored = memberOf(ignored.map((name) => sanitizeLine(name, 0)));
  return tags.filter((name) => !isIgnored(sanitizeLine(name, 0)));
}

/**
 * The tags that become genres: the scene's own, then those of its performers that it does not have itself.
 *
 * @returns undefined when the performers' are wanted and were not asked for.
 */
export function genreTags(
  { tags, performerTags }: Scene,
  settings: Pick<Settings, 'ignore_tags' | 'sync_performer_tags'>,
): string[] | undefined {
  const own = tagNames(tags, settings);
  if (!settings.sync_performer_tags) return own;
  if (!performerTags) return undefined;
  const isOwn = memberOf(own.map((name) => sanitizeLine(name, 0)));
  return [...own, ...tagNames(performerTags, settings).filter((name) => !isOwn(sanitizeLine(name, 0)))];
}
