import type { Clock } from '../time/clock.ts';
import type { PathIndex, SectionListing, SectionPlace } from './PathIndex.ts';
import type { PlexClient } from './PlexClient.ts';
import { PlexError } from './PlexError.ts';
import type { PlexSection } from './PlexSection.ts';

/** Brings the path index up to what Plex has, page by page: memory does not grow with the section (W-22). */
export interface IndexRefresher {
  /**
   * Looks for news, for hints: at most once per section and minute, because a listing of 40 000 items is not free. One request when
   * there is no news.
   *
   * @throws PlexError
   */
  refresh(serverId: string, section: PlexSection): Promise<void>;
  /**
   * Makes sure that the index holds whatever the section held at `sinceMs` (monotonic), so that a file that is not in it
   * afterwards was not in Plex (W-10, W-19). Two requests when nothing was scanned.
   *
   * @returns false when the section changes faster than it can be listed: nothing can be concluded then.
   * @throws PlexError
   */
  confirm(serverId: string, section: PlexSection, sinceMs: number): Promise<boolean>;
  /** The index was wrong about an item: the next {@link confirm} lists the whole section. */
  distrust(serverId: string, section: PlexSection): void;
}

/** Pause between two looks for news. */
const REFRESH_INTERVAL_MS = 60_000;
/** A file that moved inside its item shows in no total; should Plex not tell of the scan either, this is how long it stays unseen. */
const LISTING_AGE_MS = 3_600_000;
/** A row that slips from one page to another while the section changes is found by listing it again. */
const WALKS = 2;

interface Refresh {
  triedAtMs: number;
  /** A confirmation: when it began, and which listing it vouches for. */
  confirmed?: { atMs: number; id: number; listing: number } | undefined;
  isDistrusted?: boolean;
}

/** Refreshes of one process. */
export function createIndexRefresher({
  plex,
  index,
  clock,
}: {
  plex: Pick<PlexClient, 'pages' | 'sections'>;
  index: PathIndex;
  clock: Clock;
}): IndexRefresher {
  const refreshes = new Map<string, Refresh>();
  const keyOf = ({ serverId, sectionKey }: SectionPlace) => `${serverId} ${sectionKey}`;

  const tried = (place: SectionPlace): Refresh => {
    const refresh: Refresh = { ...refreshes.get(keyOf(place)), triedAtMs: clock.monotonic() };
    refreshes.set(keyOf(place), refresh);
    return refresh;
  };
  const listAll = async (place: SectionPlace, scannedAtSecs: number | undefined): Promise<boolean> => {
    const listing = index.beginListing(place);
    for (let walk = 0; walk < WALKS; walk += 1) {
      let totalSize = 0;
      for await (const page of plex.pages(place.sectionKey, 'oldestFirst')) {
        index.put(place, page.items, listing);
        totalSize = page.totalSize;
      }
      const isComplete = index.endListing(place, { listing, totalSize, nowMs: clock.now(), scannedAtSecs });
      if (isComplete) return true;
    }
    return false;
  };
  /** @returns false when what is new does not explain how many items there are now: some went. */
  const takeNews = async (place: SectionPlace): Promise<boolean> => {
    let isExplained = false;
    for await (const page of plex.pages(place.sectionKey, 'newestFirst')) {
      const { isLastKnown } = index.put(place, page.items);
      const count = index.count(place);
      isExplained = count === page.totalSize;
      // Before the known ones begin, the total says nothing yet: as many may have gone as came.
      if (isLastKnown || count > page.totalSize) return isExplained;
    }
    return isExplained;
  };
  const isOld = ({ listedAtMs }: SectionListing) => {
    const ageMs = clock.now() - listedAtMs;
    return ageMs < 0 || ageMs >= LISTING_AGE_MS;
  };
  const isConfirmed = (place: SectionPlace, sinceMs: number): boolean => {
    const confirmed = refreshes.get(keyOf(place))?.confirmed;
    const last = index.lastListing(place);
    if (!confirmed || confirmed.atMs < sinceMs) return false;
    return confirmed.id === last?.id && confirmed.listing === last.listing;
  };

  return {
    async refresh(serverId, { key: sectionKey, scannedAtSecs }) {
      const place = { serverId, sectionKey };
      const triedAtMs = refreshes.get(keyOf(place))?.triedAtMs;
      if (triedAtMs !== undefined && clock.monotonic() - triedAtMs < REFRESH_INTERVAL_MS) return;
      tried(place);
      if (index.lastListing(place) && (await takeNews(place))) return;
      await listAll(place, scannedAtSecs);
    },
    async confirm(serverId, { key: sectionKey, title }, sinceMs) {
      const place = { serverId, sectionKey };
      if (isConfirmed(place, sinceMs)) return true;
      const refresh = tried(place);
      const atMs = refresh.triedAtMs;
      const section = (await plex.sections()).find(({ key }) => key === sectionKey);
      if (!section) throw new PlexError('notFound', `Plex has no library "${title}" any more.`);
      const { scannedAtSecs } = section;
      const last = index.lastListing(place);
      const isUnscanned = last?.scannedAtSecs === (scannedAtSecs ?? null);
      const isSettled = last && isUnscanned && !isOld(last) && !refresh.isDistrusted;
      const isComplete = (isSettled && (await takeNews(place))) || (await listAll(place, scannedAtSecs));
      const listed = index.lastListing(place);
      const confirmed = isComplete && listed ? { atMs, id: listed.id, listing: listed.listing } : undefined;
      refreshes.set(keyOf(place), { triedAtMs: atMs, confirmed, isDistrusted: !isComplete });
      return confirmed !== undefined;
    },
    distrust(serverId, { key: sectionKey }) {
      const place = { serverId, sectionKey };
      const refresh = refreshes.get(keyOf(place));
      refreshes.set(keyOf(place), {
        triedAtMs: refresh?.triedAtMs ?? Number.NEGATIVE_INFINITY,
        isDistrusted: true,
      });
    },
  };
}
