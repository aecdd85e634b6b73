import type { ItemRecord } from './ItemRecord.ts';

/** Kind of a library. */
export type SectionType = 'movie' | 'show' | 'artist' | 'photo';

/** A library. Members that are not read-only may be changed by a test at any time (row 5). */
export interface PlexSection {
  readonly key: string;
  title: string;
  readonly type: SectionType;
  readonly agent: string;
  readonly scanner: string;
  /** Group of metadata providers, which rows carry since 1.43 (9.11). */
  readonly metadataAgentProviderGroupId: number;
  readonly language: string;
  readonly uuid: string;
  readonly locations: { readonly id: number; readonly path: string }[];
  /** Set to have the section report a scan; a scan that was asked for reports itself. */
  refreshing: boolean;
  readonly createdAt: number;
  scannedAt: number;
}

/** A library with its contents. */
export interface SectionRecord extends PlexSection {
  /** By rating key, in the order they were added. */
  readonly items: Map<string, ItemRecord>;
  /** Collections by lower-cased name. */
  readonly collections: Map<string, ItemRecord>;
  /** Orders already worked out, by sort parameter; dropped when they no longer hold. */
  readonly sorted: Map<string, ItemRecord[]>;
  activeScans: number;
  contentChangedAt: number;
}

/** Number that `type=` must carry for a library's own items (3.4). */
export const ITEM_TYPES: Readonly<Record<SectionType, number>> = { movie: 1, show: 2, artist: 8, photo: 13 };
/** Number of collections as items. */
export const COLLECTION_TYPE = 18;

/** What a test says about a new library. */
export interface NewPlexSection {
  readonly key?: string;
  readonly title: string;
  readonly type?: SectionType;
  /** Folders; left out: the root, which holds every path. */
  readonly locations?: readonly string[];
  /** By default that of "other videos", `com.plexapp.agents.none`; its new name is `tv.plex.agents.none` (9.11). */
  readonly agent?: string;
}

/** Builds an empty library. */
export function newSection(
  section: NewPlexSection,
  key: string,
  firstLocationId: number,
  nowSecs: number,
): SectionRecord {
  const agent = section.agent ?? 'com.plexapp.agents.none';
  const plain = agent.endsWith('.none');
  const locations = section.locations ?? ['/'];
  return {
    key,
    title: section.title,
    type: section.type ?? 'movie',
    agent,
    scanner: plain ? 'Plex Video Files Scanner' : 'Plex Movie',
    metadataAgentProviderGroupId: 1,
    language: plain ? 'xn' : 'en-US',
    uuid: `11111111-2222-3333-4444-${key.padStart(12, '0')}`,
    locations: locations.map((path, index) => ({ id: firstLocationId + index, path })),
    refreshing: false,
    createdAt: nowSecs,
    scannedAt: nowSecs,
    items: new Map(),
    collections: new Map(),
    sorted: new Map(),
    activeScans: 0,
    contentChangedAt: 1,
  };
}
