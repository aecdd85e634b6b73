import type { ItemRecord, TagUse } from './ItemRecord.ts';
import {
  decoration,
  guidElements,
  itemScalars,
  mediaElements,
  type RowOptions,
  withoutExcluded,
} from './itemRow.ts';
import type { JsonObject } from './Json.ts';
import { TAG_ELEMENTS, TAG_KINDS } from './TagRegistry.ts';

/** More of the cast than this a detail does not tell (9.10). */
const MAX_ROLES = 200;

/** An item with everything Plex tells about it (row 9). */
export function itemDetail(
  record: ItemRecord,
  options: RowOptions & { readonly checkFiles: boolean },
): JsonObject {
  const detail: JsonObject = {
    ...itemScalars(record, options),
    librarySectionTitle: options.section.title,
    librarySectionID: Number(record.sectionKey),
    librarySectionKey: `/library/sections/${record.sectionKey}`,
    Media: mediaElements(record, options, options),
    ...decoration(record),
  };
  for (const kind of TAG_KINDS) {
    const uses = record.tags[kind];
    if (uses === undefined || uses.length === 0) continue;
    detail[TAG_ELEMENTS[kind]] = (kind === 'actor' ? uses.slice(0, MAX_ROLES) : uses).map(tagElement);
  }
  detail['Guid'] = guidElements(record);
  detail['Rating'] = ratingElements(record);
  // Only locked fields are listed, and no list when nothing is locked (row 9).
  if (record.locked.size > 0) detail['Field'] = [...record.locked].map((name) => ({ locked: true, name }));
  return withoutExcluded(detail, options.excluded);
}

function tagElement({ tag, role }: TagUse): JsonObject {
  return {
    id: tag.id,
    filter: `${tag.kind}=${tag.id}`,
    tag: tag.tag,
    tagKey: tag.tagKey,
    role,
    thumb: tag.thumb,
    guid: tag.kind === 'collection' ? `collection://${tag.id.toString(16).padStart(8, '0')}` : undefined,
  };
}

/** `Rating` differs from `rating` in case only (2.4). */
function ratingElements({ ratings }: ItemRecord): JsonObject[] | undefined {
  const elements: JsonObject[] = [];
  if (ratings.rating !== undefined) elements.push({ value: ratings.rating, type: 'critic' });
  if (ratings.audienceRating !== undefined)
    elements.push({ value: ratings.audienceRating, type: 'audience' });
  return elements.length > 0 ? elements : undefined;
}
