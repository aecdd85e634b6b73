import type { ItemRecord } from './ItemRecord.ts';
import {
  decoration,
  guidElements,
  itemScalars,
  mediaElements,
  type RowOptions,
  withoutExcluded,
} from './itemRow.ts';
import type { JsonObject } from './Json.ts';
import { TAG_ELEMENTS, type TagKind } from './TagRegistry.ts';

/** How many tags of a kind a list row shows; kinds that are not named here it does not show at all (row 6). */
const ROW_LIMITS = [
  ['genre', 2],
  ['country', 2],
  ['collection', 2],
  ['director', 2],
  ['writer', 2],
  ['actor', 3],
] as const satisfies readonly (readonly [TagKind, number])[];

/**
 * An item as listings show it, cut from the full record: few tags, without ids or roles; no labels, no locks, no
 * external ids unless asked for; the library is named on the container only (row 6).
 */
export function listRow(record: ItemRecord, options: RowOptions): JsonObject {
  const row: JsonObject = {
    ...itemScalars(record, options),
    Media: mediaElements(record, options),
    ...decoration(record),
  };
  for (const [kind, limit] of ROW_LIMITS) {
    const uses = record.tags[kind];
    if (uses !== undefined && uses.length > 0) {
      row[TAG_ELEMENTS[kind]] = uses.slice(0, limit).map((use) => ({ tag: use.tag.tag }));
    }
  }
  if (options.includeGuids) row['Guid'] = guidElements(record);
  return withoutExcluded(row, options.excluded);
}
