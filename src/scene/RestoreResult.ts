import type { FieldChange } from '../edit/editChanges.ts';
import type { UndoSelection } from '../queue/UndoLog.ts';

/** Which items are to be restored, and how. */
export interface RestoreRequest {
  selection: UndoSelection;
  /** Off: only look. */
  apply: boolean;
  /** Also fields that somebody has changed since the plugin did. */
  isForced: boolean;
  /** Called for each item with something to be said about. */
  onItem: (report: RestoredItem) => void;
  /** @param share of the items, 0 to 1. */
  onPortion: (share: number) => void;
}

/** What was restored of an item, or would be. */
export interface RestoredItem {
  ratingKey: string;
  /** Its title as it may be shown. */
  item: string;
  sceneIds: number[];
  changes: FieldChange[];
  /** What was not restored, a sentence each. */
  notes: string[];
}

/** Numbers of fields by the names that Stash users know. */
export type FieldCounts = Record<string, number>;

/** How far restoring came. */
export interface RestoreResult {
  /** Items of this server of which something is kept. */
  selected: number;
  /** Of them: something goes back, or only a lock does. */
  restored: number;
  /** Are as they were. */
  right: number;
  /** Hold nothing but what somebody has put there since. */
  leftAlone: number;
  /** Are in Plex no more, or what has their number is another item by now. */
  gone: number;
  /** Plex did not take it. */
  failed: number;
  /** Items that Plex was not asked about any more. */
  untried: number;
  /** Items of other servers, left alone. */
  elsewhere: number;
  fields: FieldCounts;
  /** Changed by somebody since, and left. */
  left: FieldCounts;
  /** Refused by Plex, or not taken over. */
  refused: FieldCounts;
  /** Pictures that are not to be had any more. */
  lostPictures: number;
  /** Restored scenes that wait to be synced, and will be written again. */
  waiting: number;
  /** Why it ended early, as a sentence. */
  problem?: string;
}

/** Nothing done yet. */
export function emptyRestore(): RestoreResult {
  return {
    selected: 0,
    restored: 0,
    right: 0,
    leftAlone: 0,
    gone: 0,
    failed: 0,
    untried: 0,
    elsewhere: 0,
    fields: {},
    left: {},
    refused: {},
    lostPictures: 0,
    waiting: 0,
  };
}
