import type { ItemPreview } from '../scene/previewScene.ts';
import type { PreviewField } from './pageReports.ts';

/**
 * Fields of a scene's item side by side: in Stash, in Plex now, in Plex after the next sync.
 *
 * @param detail all fields that are synced, or only those that change. @param short makes a value fit for an answer.
 */
export function previewFields(
  { changes, fields }: Pick<ItemPreview, 'changes' | 'fields'>,
  detail: 'changes' | 'all',
  short: (text: string) => string,
): PreviewField[] {
  const isShown = (field: string) => detail === 'all' || changes.some((change) => change.field === field);
  return fields
    .filter(({ field }) => isShown(field))
    .map(({ field, stash, now, next }) => {
      // biome-ignore lint/suspicious/noThenProperty: the page reads it as a word, and a text is nothing to wait for.
      return { field, stash: short(stash), now: short(now), then: short(next) };
    });
}
