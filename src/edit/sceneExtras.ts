import type { Settings } from '../config/settings.ts';
import type { SceneExtra } from '../stash/SceneExtra.ts';
import { templateNeeds } from './templateTitle.ts';

type ReadingSettings = Pick<
  Settings,
  | 'sync_tags'
  | 'sync_performer_tags'
  | 'sync_groups'
  | 'sync_studio_chain'
  | 'sync_director'
  | 'sync_code'
  | 'title_template'
  | 'sort_title_template'
>;

/** What has to be read of scenes for these settings beside what is read always: nothing, as they are by default. */
export function sceneExtras(settings: ReadingSettings): SceneExtra[] {
  const needed: SceneExtra[] = [
    ...(settings.sync_code ? (['code'] as const) : []),
    ...(settings.sync_director ? (['director'] as const) : []),
    ...(settings.sync_groups ? (['groups'] as const) : []),
    ...(settings.sync_studio_chain ? (['parentStudios'] as const) : []),
    ...(settings.sync_tags && settings.sync_performer_tags ? (['performerTags'] as const) : []),
    ...templateNeeds(settings.title_template),
    ...templateNeeds(settings.sort_title_template),
  ];
  return [...new Set(needed)];
}
