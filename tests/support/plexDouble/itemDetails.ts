import type { ItemRecord } from './ItemRecord.ts';
import { itemDetail } from './itemDetail.ts';
import type { LibraryState } from './LibraryState.ts';
import { rowOptions } from './listItems.ts';
import type { Handler } from './PlexContext.ts';
import type { PlexRequest } from './PlexRequest.ts';
import { listingReply } from './paging.ts';
import { errorReply } from './Reply.ts';
import { percentDecode } from './rawQuery.ts';

/** Items of a comma-joined list of ids that exist, each once, by ascending key: not in the order asked for (3.5). */
export function recordsOf(state: LibraryState, ids: string): ItemRecord[] {
  const records = new Set<ItemRecord>();
  for (const id of ids.split(',')) {
    const record = state.record(id);
    if (record !== undefined) records.add(record);
  }
  return [...records].sort((a, b) => Number(a.ratingKey) - Number(b.ratingKey));
}

/**
 * `GET /library/metadata/{ids}`: missing ids are left out, 404 only when none exists (row 9). Without `skipRefresh=1`
 * the server goes over the items' files first, which is recorded (9.4).
 */
export const itemDetails: Handler = (request, context, [ids = '']) => {
  const records = recordsOf(context.state, percentDecode(ids));
  const [first] = records;
  if (first === undefined) return errorReply(404);
  if (refreshes(request)) context.state.refreshedReads.push(records.map(({ ratingKey }) => ratingKey));
  const checkFiles = request.parameter('checkFiles') === '1';
  const render = (record: ItemRecord) => {
    const section = context.state.section(record.sectionKey);
    return itemDetail(record, { ...rowOptions(request, context, section), checkFiles });
  };
  const section = context.state.section(first.sectionKey);
  const container = {
    allowSync: true,
    identifier: 'com.plexapp.plugins.library',
    librarySectionID: Number(section.key),
    librarySectionTitle: section.title,
    librarySectionUUID: section.uuid,
  };
  return listingReply(request, { rows: records, render, container }, context.switches);
};

/** Whether reading these details has the server look at the items' files first (9.4). */
export function refreshes(request: PlexRequest): boolean {
  return request.parameter('skipRefresh') !== '1';
}
