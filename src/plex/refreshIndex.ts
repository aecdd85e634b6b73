import type { Clock } from '../time/clock.ts';
import type { PathIndex, SectionListing, SectionPlace } from './PathIndex.ts';
import type { PlexClient } from './PlexClient.ts';
import { PlexError } from './PlexError.ts';
import type { PlexSection } from './PlexSection.ts';

/** Brings the path index up to what Plex has, page by page: memory does not grow with the section (W-22). */
export interface IndexRefresher {
  /** A point in the order of what happens in this process, for {@link confirm}; later ones are larger. */
  moment(): number;
  /**
   * Looks for news, for hints: at most once per section and minute, because a listing of 40 000 items is not free. One request when
   * there is no news.
   *
   * @throws PlexError
   */
  refresh(serverId: string, section: PlexSection): Promise<void>;
  /** Whether {@link confirm} would need no request. */
  isConfirmed(serverId: string, section: PlexSection, since: number): boolean;
  /**
   * Makes sure that the index holds whatever the section held at the moment `since`, so that a file that is not in it
   * afterwards was not in Plex (W-10, W-19). Two requests when nothing was scanned. One that came to nothing after `since` is not
   * tried again for the same moment.
   *
   * @returns false when the section changes faster than it can be listed: nothing can be concluded then.
   * @throws PlexError
   */
  confirm(serverId: string, section: PlexSection, since: number): Promise<boolean>;
  /** Items of a section that could not be read when it was last listed: what is not found may be one of them. */
  unreadable(serverId: string, sectionKey: string): number;
  /** The index was wrong about an item: the next {@link confirm} lists the whole section. */
  distrust(serverId: string, sectionKey: string): void;
}

/** Pause between two looks for news. */
const REFRESH_INTERVAL_MS = 60_000;
/** A file that moved inside its item shows in no total; should Plex not tell of the scan either, this is how long it stays unseen. */
const LISTING_AGE_MS = 3_600_000;
/** A row that slips from one page to another while the section changes is found by listing it again. */
const WALKS = 2;

/** What this process knows of a section's index. */
interface Refresh {
  triedAtMs: number;
  /** A confirmation: when it began, and which listing it vouches for. */
  confirmed?: { moment: number; id: number; listing: number } | undefined;
  /** An attempt at one that came to nothing, and why if there was an error. */
  failed?: { moment: number; error?: unknown } | undefined;
  isDistrusted?: boolean;
  /** Rows of the last listing that could not be read. */
  leftOut?: number;
}

/** What a look for news came to; `uncounted`: the new ones are there, and no total tells whether any went. */
type News = 'explained' | 'uncounted' | 'unexplained';

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
  let moments = 0;
  const moment = () => {
    moments += 1;
    return moments;
  };
  const keyOf = ({ serverId, sectionKey }: SectionPlace) => `${serverId} ${sectionKey}`;
  const known = (place: SectionPlace): Refresh | undefined => refreshes.get(keyOf(place));
  const note = (place: SectionPlace, changes: Partial<Refresh>): void => {
    const before = known(place) ?? { triedAtMs: Number.NEGATIVE_INFINITY };
    refreshes.set(keyOf(place), { ...before, ...changes });
  };
  const noteComplete = (place: SectionPlace, begun: number): void => {
    const last = index.lastListing(place);
    if (!last) return;
    const confirmed = { moment: begun, id: last.id, listing: last.listing };
    note(place, { confirmed, failed: undefined, isDistrusted: false });
  };

  const listAll = async (place: SectionPlace, scannedAtSecs: number | undefined): Promise<boolean> => {
    const listing = index.beginListing(place);
    for (let walk = 0; walk < WALKS; walk += 1) {
      let totalSize: number | undefined;
      let leftOut = 0;
      let isSteady = true;
      for await (const page of plex.pages(place.sectionKey, 'oldestFirst')) {
        index.put(place, page.items, listing);
        totalSize = page.totalSize;
        leftOut += page.leftOut;
        isSteady &&= !page.hasSlipped;
      }
      note(place, { leftOut });
      const end = { listing, totalSize, nowMs: clock.now(), scannedAtSecs };
      if (isSteady && index.endListing(place, end)) return true;
      // Rows that cannot be read now cannot a moment later.
      if (leftOut > 0) return false;
    }
    return false;
  };
  /** `unexplained`: what is new does not explain how many items there are now, some went. */
  const takeNews = async (place: SectionPlace): Promise<News> => {
    let news: News = 'unexplained';
    for await (const page of plex.pages(place.sectionKey, 'newestFirst')) {
      const { isLastKnown } = index.put(place, page.items);
      if (page.hasSlipped) return 'unexplained';
      const count = index.count(place);
      if (page.totalSize === undefined) news = isLastKnown ? 'uncounted' : 'unexplained';
      else news = count === page.totalSize ? 'explained' : 'unexplained';
      // Before the known ones begin, the total says nothing yet: as many may have gone as came.
      if (isLastKnown || count > (page.totalSize ?? Number.POSITIVE_INFINITY)) return news;
    }
    return news;
  };
  const isOld = ({ listedAtMs }: SectionListing) => {
    const ageMs = clock.now() - listedAtMs;
    return ageMs < 0 || ageMs >= LISTING_AGE_MS;
  };
  const isConfirmed = (place: SectionPlace, since: number): boolean => {
    const confirmed = known(place)?.confirmed;
    const last = index.lastListing(place);
    if (!confirmed || confirmed.moment < since) return false;
    return confirmed.id === last?.id && confirmed.listing === last.listing;
  };
  /** @returns whether the index is complete now. */
  const bringUp = async (place: SectionPlace, title: string): Promise<boolean> => {
    const section = (await plex.sections()).find(({ key }) => key === place.sectionKey);
    if (!section) throw new PlexError('notFound', `Plex has no library "${title}" any more.`);
    const { scannedAtSecs } = section;
    const last = index.lastListing(place);
    const isUnscanned = last?.scannedAtSecs === (scannedAtSecs ?? null);
    const isSettled = last && isUnscanned && !isOld(last) && !known(place)?.isDistrusted;
    if (isSettled) {
      const news = await takeNews(place);
      if (news === 'explained') return true;
      // No scan, as Plex says itself, and so nothing that a total could tell.
      if (news === 'uncounted' && scannedAtSecs !== undefined) return true;
    }
    return listAll(place, scannedAtSecs);
  };

  return {
    moment,
    async refresh(serverId, { key: sectionKey, scannedAtSecs }) {
      const place = { serverId, sectionKey };
      const triedAtMs = known(place)?.triedAtMs ?? Number.NEGATIVE_INFINITY;
      if (clock.monotonic() - triedAtMs < REFRESH_INTERVAL_MS) return;
      note(place, { triedAtMs: clock.monotonic() });
      if (index.lastListing(place) && (await takeNews(place)) !== 'unexplained') return;
      const begun = moment();
      if (await listAll(place, scannedAtSecs)) noteComplete(place, begun);
    },
    isConfirmed: (serverId, { key: sectionKey }, since) => isConfirmed({ serverId, sectionKey }, since),
    async confirm(serverId, { key: sectionKey, title }, since) {
      const place = { serverId, sectionKey };
      if (isConfirmed(place, since)) return true;
      const failed = known(place)?.failed;
      if (failed && failed.moment >= since) {
        if (failed.error !== undefined) throw failed.error;
        return false;
      }
      const begun = moment();
      note(place, { triedAtMs: clock.monotonic(), failed: { moment: begun } });
      try {
        if (!(await bringUp(place, title))) return false;
      } catch (error) {
        note(place, { failed: { moment: begun, error } });
        throw error;
      }
      noteComplete(place, begun);
      return isConfirmed(place, since);
    },
    unreadable: (serverId, sectionKey) => known({ serverId, sectionKey })?.leftOut ?? 0,
    distrust: (serverId, sectionKey) =>
      note({ serverId, sectionKey }, { confirmed: undefined, isDistrusted: true }),
  };
}
