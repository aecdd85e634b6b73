import { insertItem } from './itemTags.ts';
import type { LibraryState } from './LibraryState.ts';
import type { NewPlexItem } from './PlexItem.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import type { SectionRecord } from './SectionRecord.ts';

/** A scan that was asked for (row 22). */
export interface ScanRequest {
  readonly sectionKey: string;
  /** Folder; undefined for the whole section. */
  readonly path: string | undefined;
  readonly atMs: number;
}

interface PreparedItem {
  readonly sectionKey: string;
  readonly item: NewPlexItem;
  /** What a scan's folder must contain or be. */
  readonly place: string | undefined;
  readonly delayMs: number | undefined;
}

/** Does what a scan does: reports itself for a while and brings prepared items in (row 22). */
export class Scanner {
  /** Every scan asked for, in order, also those of folders that are in no library. */
  scans: ScanRequest[] = [];
  #prepared: PreparedItem[] = [];
  #running = new Map<string, (() => void)[]>();
  readonly #state: LibraryState;
  readonly #switches: PlexSwitches;

  constructor(state: LibraryState, switches: PlexSwitches) {
    this.#state = state;
    this.#switches = switches;
  }

  /**
   * Has an item appear some time after the next scan of the section or of a folder that contains `scanOf` (by
   * default the item's file): after `delayMs`, or when the scan ends.
   */
  prepare(sectionKey: string, item: NewPlexItem, after: { scanOf?: string; delayMs?: number }): void {
    const place = after.scanOf ?? item.file ?? item.files?.[0] ?? item.parts?.[0]?.[0];
    this.#prepared.push({ sectionKey, item, place, delayMs: after.delayMs });
  }

  /** Starts a scan; one of a folder outside the section's locations does nothing (3.10). */
  scan(section: SectionRecord, path: string | undefined): void {
    const { timeline } = this.#state;
    this.scans.push({ sectionKey: section.key, path, atMs: timeline.now() });
    if (path !== undefined && !section.locations.some((location) => isInside(path, location.path))) return;
    const found = this.#prepared.filter(({ sectionKey, place }) => {
      return (
        sectionKey === section.key && (path === undefined || (place !== undefined && isInside(place, path)))
      );
    });
    this.#prepared = this.#prepared.filter((prepared) => !found.includes(prepared));
    section.activeScans += 1;
    const endScan = timeline.after(this.#switches.scanDurationMs, () => {
      section.activeScans = Math.max(0, section.activeScans - 1);
      section.scannedAt = timeline.nowSecs();
    });
    const arrivals = found.map(({ item, delayMs }) => {
      return timeline.after(delayMs ?? this.#switches.scanDurationMs, () => {
        insertItem(this.#state, section.key, item);
      });
    });
    const others = section.activeScans > 1 ? (this.#running.get(section.key) ?? []) : [];
    this.#running.set(section.key, [...others, endScan, ...arrivals]);
  }

  /** Stops the section's scans; what they had not brought in yet stays out. */
  cancel(section: SectionRecord): void {
    for (const stop of this.#running.get(section.key) ?? []) stop();
    this.#running.delete(section.key);
    section.activeScans = 0;
  }
}

/** Whether a path is a folder or lies in it, with either separator; the root holds everything. */
function isInside(path: string, folder: string): boolean {
  const [inner, outer] = [path, folder].map((text) => text.replaceAll('\\', '/').replace(/\/+$/, ''));
  return outer === '' || inner === outer || (inner ?? '').startsWith(`${outer}/`);
}
