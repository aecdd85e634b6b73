import type { SectionPlace } from '../plex/PathIndex.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { PlexSection } from '../plex/PlexSection.ts';
import { isPlexVersion } from '../scene/ownerOf.ts';
import { itemFingerprint } from './fingerprint.ts';
import { isFilled } from './isFilled.ts';
import type { ReconcileContext } from './ReconcileContext.ts';
import type { RunTables } from './RunTables.ts';

/** What a listing of the libraries came to; the rows are in the run's tables and in the path index. */
export interface LibraryListing {
  serverId: string;
  sectionKeys: string[];
  items: number;
  /** Libraries of which not everything is known: that something was not found there proves nothing. */
  unsettled: UnsettledLibrary[];
}

/** A library that could not be listed as a whole. */
export interface UnsettledLibrary {
  title: string;
  /** It changed faster than it could be listed, has rows that cannot be read, or Plex does not tell how many there are. */
  reason: 'changed' | 'unreadable' | 'uncounted';
  /** Rows that cannot be read. */
  leftOut: number;
}

/** A row that slips from one page to another while the section changes is found by listing it again. */
const WALKS = 2;
/** What is taken to be still to come where Plex tells no total; for the progress only. */
const UNCOUNTED_REST = 1_000;

/**
 * Lists every library once, page by page, for all purposes: identity and files for the path index, the rest for the detectors
 * (W-60). The same libraries that a sync works in (W-51).
 *
 * @param onPage called after each page, with the share of the libraries that is listed, 0 to 1.
 * @throws PlexError; the index then holds what it held before and what was listed since.
 */
export async function listLibrary(
  context: Pick<ReconcileContext, 'library' | 'plex' | 'index' | 'clock'>,
  tables: RunTables,
  onPage: (share: number) => Promise<void>,
): Promise<LibraryListing> {
  const { serverId, sections } = await context.library();
  const listing: LibraryListing = {
    serverId,
    sectionKeys: sections.map(({ key }) => key),
    items: 0,
    unsettled: [],
  };
  for (const [position, section] of sections.entries()) {
    const share = (part: number) => (position + Math.min(part, 1)) / sections.length;
    const { items, unsettled } = await listSection({ ...context, serverId }, section, tables, (part) =>
      onPage(share(part)),
    );
    listing.items += items;
    if (unsettled) listing.unsettled.push(unsettled);
  }
  return listing;
}

function isShareable({ files }: PlexItem): boolean {
  return new Set(files.map(({ path }) => path)).size > 1 || files.some(({ path }) => isPlexVersion(path));
}

async function listSection(
  { plex, index, clock, serverId }: Pick<ReconcileContext, 'plex' | 'index' | 'clock'> & { serverId: string },
  { key: sectionKey, title, scannedAtSecs }: PlexSection,
  tables: RunTables,
  onPage: (share: number) => Promise<void>,
): Promise<{ items: number; unsettled?: UnsettledLibrary }> {
  const place: SectionPlace = { serverId, sectionKey };
  let items = 0;
  let leftOut = 0;
  let reason: UnsettledLibrary['reason'] = 'changed';
  // What cannot be read, or is not told, stays so.
  for (let walk = 0; walk < WALKS && reason === 'changed'; walk += 1) {
    // Anew: what the walk before saw may be gone by now.
    const listing = index.beginListing(place);
    tables.dropSection(sectionKey);
    let totalSize: number | undefined;
    let isSteady = true;
    items = 0;
    leftOut = 0;
    for await (const page of plex.pages(sectionKey, 'oldestFirst', 'metadata')) {
      index.put(place, page.items, listing);
      tables.putItems(
        page.items.map((item) => ({
          ratingKey: item.ratingKey,
          sectionKey,
          fingerprint: itemFingerprint(item),
          isFilled: isFilled(item),
          title: item.title,
          isShareable: isShareable(item),
        })),
      );
      // What went made the later rows move up, past the end of a page.
      isSteady &&= !page.hasSlipped && (totalSize ?? page.totalSize) === page.totalSize;
      totalSize = page.totalSize;
      items += page.items.length;
      leftOut += page.leftOut;
      await onPage(totalSize === 0 ? 1 : items / (totalSize ?? items + UNCOUNTED_REST));
    }
    const end = { listing, totalSize, nowMs: clock.now(), scannedAtSecs };
    if (isSteady && index.endListing(place, end)) return { items };
    if (isSteady && leftOut > 0) reason = 'unreadable';
    else if (isSteady && totalSize === undefined) reason = 'uncounted';
  }
  return { items, unsettled: { title, reason, leftOut } };
}
