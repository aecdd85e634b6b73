import { fileLookup } from './fileLookup.ts';
import { itemFilters } from './filters.ts';
import type { ItemRecord } from './ItemRecord.ts';
import { isUser } from './isUser.ts';
import type { RowOptions } from './itemRow.ts';
import type { JsonObject } from './Json.ts';
import { listRow } from './listRow.ts';
import type { Handler, PlexContext } from './PlexContext.ts';
import type { PlexRequest } from './PlexRequest.ts';
import { listingReply } from './paging.ts';
import { errorReply, type Reply } from './Reply.ts';
import { COLLECTION_TYPE, ITEM_TYPES, type SectionRecord } from './SectionRecord.ts';
import { isReply, sectionOf } from './sectionOf.ts';
import { sortedItems } from './sortedItems.ts';

/** `GET /library/sections/{key}/all` (rows 4, 6, 7, 8). */
export const listItems: Handler = (request, context, [key = '']) => {
  const section = sectionOf(context.state, key);
  if (isReply(section)) return section;
  const type = request.parameter('type');
  // A look-up by file without a type is a 500, not an empty result (row 7, trap 3).
  if (request.parameter('file') !== undefined && type === undefined) return errorReply(500);
  const rows = selectItems(request, context, section);
  const withCollections = request.parameter('includeCollections') === '1' && type !== String(COLLECTION_TYPE);
  return sectionListing(
    request,
    context,
    section,
    withCollections ? [...rows, ...section.collections.values()] : rows,
  );
};

/** `GET /library/sections/{key}/collections` (row 16). */
export const listCollections: Handler = (request, context, [key = '']) => {
  const section = sectionOf(context.state, key);
  if (isReply(section)) return section;
  return sectionListing(request, context, section, [...section.collections.values()]);
};

/** `GET /library/collections/{id}/children`: the members of a collection (9.13). */
export const listMembers: Handler = (request, context, [id = '']) => {
  const record = context.state.record(id);
  if (record?.collection === undefined) return errorReply(404);
  const section = context.state.section(record.sectionKey);
  return sectionListing(request, context, section, [...record.collection.members]);
};

/** The items of a section that a query's type, `file=` and filters leave, in its order. */
export function selectItems(
  request: PlexRequest,
  context: PlexContext,
  section: SectionRecord,
): readonly ItemRecord[] {
  const { state, switches, timeline } = context;
  const byUser = isUser(request, context);
  const ownType = ITEM_TYPES[section.type];
  const type = Number(request.parameter('type') ?? ownType);
  const file = request.parameter('file');
  // A type that this kind of library does not hold finds nothing (row 7).
  if (type !== ownType && type !== COLLECTION_TYPE) return [];
  const items =
    type === COLLECTION_TYPE
      ? [...section.collections.values()]
      : file !== undefined && !switches.ignoreFileFilter
        ? fileLookup(state, section, file, switches)
        : sortedItems(section, request.parameter('sort'), byUser);
  const filters = itemFilters(request.rawPairs, timeline.nowSecs(), byUser);
  return filters.length === 0 ? items : items.filter((record) => filters.every((passes) => passes(record)));
}

/** What a request says about its rows. */
export function rowOptions(request: PlexRequest, context: PlexContext, section: SectionRecord): RowOptions {
  const { switches } = context;
  const byUser = isUser(request, context);
  const excluded = ['excludeElements', 'excludeFields'].flatMap(
    (name) => request.parameter(name)?.split(',') ?? [],
  );
  return {
    section,
    excluded: new Set(excluded),
    includeGuids: request.parameter('includeGuids') === '1',
    datesWithTime: switches.datesWithTime,
    byUser,
    hidePaths: byUser && switches.hidePathsFromUser,
  };
}

function sectionListing(
  request: PlexRequest,
  context: PlexContext,
  section: SectionRecord,
  rows: readonly ItemRecord[],
): Reply {
  const options = rowOptions(request, context, section);
  const render = (record: ItemRecord) => listRow(record, options);
  const listing = { rows, render, container: sectionContainer(section) };
  return listingReply(request, listing, context.switches);
}

function sectionContainer(section: SectionRecord): JsonObject {
  return {
    allowSync: true,
    art: '/:/resources/movie-fanart.jpg',
    identifier: 'com.plexapp.plugins.library',
    // The library is named here and not on the rows (row 6).
    librarySectionID: Number(section.key),
    librarySectionTitle: section.title,
    librarySectionUUID: section.uuid,
    mediaTagPrefix: '/system/bundle/media/flags/',
    mediaTagVersion: 1_700_000_000,
    thumb: '/:/resources/video.png',
    title1: section.title,
    title2: `All ${section.title}`,
    viewGroup: section.type,
    viewMode: 65_592,
  };
}
