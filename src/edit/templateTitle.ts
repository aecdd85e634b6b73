import { type Placeholder, parseTitleTemplate, placeholdersOf } from '../config/titleTemplate.ts';
import type { Scene } from '../stash/Scene.ts';
import type { SceneExtra } from '../stash/SceneExtra.ts';
import { fillTemplate, type TemplateValues } from './fillTemplate.ts';
import { sanitizeLine } from './sanitizeText.ts';
import { wholeDate } from './wholeDate.ts';

/** What has to be read of scenes for a placeholder beside the rest. */
const NEEDS: Partial<Record<Placeholder, SceneExtra>> = {
  director: 'director',
  code: 'code',
  group: 'groups',
  group_index: 'groups',
};

/** What has to be read of scenes to fill a template. @param template a setting, empty for none. */
export function templateNeeds(template: string): SceneExtra[] {
  const parsed = parseTitleTemplate(template);
  if ('problem' in parsed) return [];
  return placeholdersOf(parsed).flatMap((placeholder) => NEEDS[placeholder] ?? []);
}

/**
 * The text that a template makes of a scene.
 *
 * @param template a setting, empty for none.
 * @returns empty when it makes none, see {@link fillTemplate}; undefined when nothing can be told, because the scene was read for
 *   another template.
 */
export function templateTitle(template: string, scene: Scene): string | undefined {
  const parsed = parseTitleTemplate(template);
  if ('problem' in parsed) return '';
  if (templateNeeds(template).some((extra) => scene[extra] === undefined)) return undefined;
  return fillTemplate(parsed, valuesOf(scene));
}

function valuesOf(scene: Scene): TemplateValues {
  const clean = (text: string | null | undefined) => sanitizeLine(text, 0);
  const isDated = (wholeDate(scene.date) ?? '') !== '';
  const date = isDated ? clean(scene.date) : '';
  const [group] = scene.groups ?? [];
  return {
    title: clean(scene.title),
    studio: clean(scene.studio),
    performers: scene.performers
      .map(clean)
      .filter((name) => name !== '')
      .join(', '),
    director: clean(scene.director),
    code: clean(scene.code),
    date,
    year: date.slice(0, 4),
    group: clean(group?.name),
    // Of equal length, so that the second comes before the tenth.
    group_index: group?.index == null ? '' : String(group.index).padStart(2, '0'),
    id: String(scene.id),
  };
}
