import { formerExtent, syncExtent } from '../edit/syncExtent.ts';
import { type WantedItem, wantedItem } from '../edit/WantedItem.ts';
import type { PlexFile } from '../plex/PlexItem.ts';
import type { SectionItem } from '../queue/ItemOwners.ts';
import type { SceneSync } from '../queue/Job.ts';
import { UNKNOWN_SERVER } from '../queue/sceneSyncs.ts';
import type { Gate } from '../scene/gates/Gate.ts';
import type { Gates } from '../scene/gates/openGates.ts';
import { knownOwnership, type OwnedItem } from '../scene/knownOwnership.ts';
import type { Scene } from '../stash/Scene.ts';
import { detectGap } from './detectGap.ts';
import { wantedFingerprint } from './fingerprint.ts';
import { combineGaps, type Gap } from './Gap.ts';
import type { LibraryListing } from './listLibrary.ts';
import { matchScene, type SceneMatch } from './matchScene.ts';
import type { ReconcileContext } from './ReconcileContext.ts';
import type { ListedItem, RunTables } from './RunTables.ts';
import type { SceneMemory, Verification } from './SceneMemory.ts';
import type { ScopeDefinition } from './scopes.ts';

/** What belongs to one run. */
export interface Run {
  context: ReconcileContext;
  scope: ScopeDefinition;
  tables: RunTables;
  memory: SceneMemory;
  listing: LibraryListing;
  /** Of some items was decided whose they are. */
  hasDecisions: boolean;
  /** What scenes were found to have lost, for `leaveLostItems`. */
  lost: { sceneId: number; item: SectionItem }[];
  gates: Gates;
}

/** What a look at a scene came to. */
export type Examination =
  /** `outside`: not of the scope. */
  | { outcome: 'ambiguous' | 'shared' | 'gone' | 'noFile' | 'undecided' | 'outside'; sceneId: number }
  /** A gate does, and then nothing is a gap. */
  | { outcome: 'heldBack'; sceneId: number; gate: Gate }
  /** With what is to be remembered, where somebody has just compared. */
  | { outcome: 'right'; sceneId: number; verifications: Verification[] }
  | { outcome: 'gap'; sceneId: number; gap: Gap; scene: Scene; wasSynced: boolean }
  /** Other scenes may have files in these of its items: whose they are has to be decided first. */
  | { outcome: 'contested'; sceneId: number; scene: Scene; items: OwnedItem[] }
  /** Only the items in full tell. */
  | { outcome: 'compare'; sceneId: number; subject: Subject };

/** A scene that was synced to items, of which something may have changed since they were last found right. */
export interface Subject {
  scene: Scene;
  wanted: WantedItem;
  wantedHash: string;
  items: SubjectItem[];
  /** Another file of it is in doubt. */
  isAmbiguous: boolean;
}

export interface SubjectItem {
  item: ListedItem;
  verification: Verification | undefined;
}

/** An item that was found right is read again after so long, because some changes show in no listing. */
const VERIFIED_MS = 30 * 86_400_000;

/**
 * Looks at a scene with what was listed, without asking anybody; writes to the run's own tables only.
 *
 * @param all what is known of its syncs; a page of scenes reads them together.
 */
export function examineScene(
  scene: Scene,
  run: Run,
  all: readonly SceneSync[] = run.context.jobs.sceneSyncs(scene.id),
): Examination {
  const { context, scope, tables, memory, listing } = run;
  const sceneId = scene.id;
  if (scope.isOnlyEmpty) return examineEmpty(scene, run, all);
  const hold = run.gates.hold(scene);
  if (hold) return { outcome: 'heldBack', sceneId, gate: hold.gate };
  if (!scene.files.some(({ path }) => path !== '')) return { outcome: 'noFile', sceneId };
  const previous = ofThisRun(all, run);
  const { ratingKeys, isAmbiguous } = findMatch(scene, previous, run);
  noteLostItems(sceneId, ratingKeys, run);
  const wasSynced = previous.length > 0;
  const wasSyncedByPython = all.some(({ serverId }) => serverId === UNKNOWN_SERVER);
  const extent = syncExtent(scene, formerExtent(wasSyncedByPython ? all : previous));
  const wanted = wantedItem(scene, context.settings, extent);
  const wantedHash = wantedFingerprint(wanted, context.settings);
  const facts = { scene, wasSynced, wasSyncedByPython, wantedHash };
  const found = (gap: Gap | undefined): Examination => {
    if (gap) return { outcome: 'gap', sceneId, gap, scene, wasSynced };
    return isAmbiguous ? { outcome: 'ambiguous', sceneId } : { outcome: 'right', sceneId, verifications: [] };
  };
  if (ratingKeys.length === 0) {
    if (isAmbiguous) return { outcome: 'ambiguous', sceneId };
    if (!isIndexWhole(run)) return { outcome: 'undecided', sceneId };
    // Also in a library that Plex has no more: one that is rebuilt comes back under another number.
    const wasEverSynced = wasSyncedByPython || all.some(({ serverId }) => serverId === listing.serverId);
    return wasEverSynced ? { outcome: 'gone', sceneId } : found(detectGap({ ...facts, item: undefined }));
  }
  const items = ratingKeys.flatMap((key) => tables.item(key) ?? []);
  if (items.length < ratingKeys.length) return { outcome: 'undecided', sceneId };
  // One that a sync would skip takes no item from another.
  const { owned, open } = extent === 'nothing' ? { owned: items, open: [] } : ownItems(scene, items, run);
  if (open.length > 0) return { outcome: 'contested', sceneId, scene, items: open };
  if (owned.length === 0) return { outcome: 'shared', sceneId };
  const isSynced = ({ ratingKey }: ListedItem) => previous.some((sync) => sync.ratingKey === ratingKey);
  const gaps = owned
    .filter((item) => !isSynced(item))
    .flatMap((item) => detectGap({ ...facts, item: { ...item, isSynced: false } }) ?? []);
  if (gaps.length > 0) return found(combineGaps(gaps));
  const changed = owned
    .filter(isSynced)
    .map((item) => {
      const place = { serverId: listing.serverId, ratingKey: item.ratingKey };
      return { item, verification: memory.verification(sceneId, place) };
    })
    .filter((each) => !isVerified(each, scene, wantedHash, run));
  if (changed.length === 0) return found(undefined);
  return {
    outcome: 'compare',
    sceneId,
    subject: { scene, wanted, wantedHash, items: changed, isAmbiguous },
  };
}

/** Only scenes of which an item is empty, by what the listing shows (W-57). */
function examineEmpty(scene: Scene, run: Run, all: readonly SceneSync[]): Examination {
  const { ratingKeys } = findMatch(scene, ofThisRun(all, run), run);
  const isEmpty = (ratingKey: string) => run.tables.item(ratingKey)?.isFilled === false;
  if (!ratingKeys.some(isEmpty)) return { outcome: 'outside', sceneId: scene.id };
  return examineScene(scene, { ...run, scope: { label: run.scope.label } }, all);
}

/** What the last syncs left, where it still concerns this server and these libraries. */
export function ofThisRun(syncs: readonly SceneSync[], { listing }: Pick<Run, 'listing'>): SceneSync[] {
  return syncs.filter(
    ({ serverId, sectionKey }) => serverId === listing.serverId && listing.sectionKeys.includes(sectionKey),
  );
}

/** The items that the scene owns, by the rule of a sync (A2), and those about which is not decided yet. */
function ownItems(
  scene: Scene,
  items: readonly ListedItem[],
  run: Run,
): { owned: ListedItem[]; open: OwnedItem[] } {
  const { context, tables, listing } = run;
  const result: { owned: ListedItem[]; open: OwnedItem[] } = { owned: [], open: [] };
  for (const item of items) {
    const { ratingKey, sectionKey } = item;
    const { serverId } = listing;
    if (!item.isShareable && !run.hasDecisions) {
      if (tables.claimItem(ratingKey, scene.id)) result.owned.push(item);
      continue;
    }
    const title = context.names.name(item.title);
    const whole = { ratingKey, sectionKey, title, files: filesOf(item, run) };
    const ownership = knownOwnership(whole, scene, serverId, context, { maxAgeMs: Number.POSITIVE_INFINITY });
    if (ownership.owner === 'open') result.open.push(whole);
    else if (ownership.owner === 'decided') {
      if (ownership.decision.ownerId === scene.id) result.owned.push(item);
    } else if (tables.claimItem(ratingKey, scene.id)) result.owned.push(item);
  }
  return result;
}

function filesOf({ ratingKey, sectionKey }: ListedItem, { context: { index }, listing }: Run): PlexFile[] {
  return index.filesOf({ serverId: listing.serverId, sectionKey }, ratingKey);
}

/** Items that the scene shared or owned and has no file in any more (A2). */
function noteLostItems(sceneId: number, ratingKeys: readonly string[], run: Run): void {
  const { context, listing, lost } = run;
  if (!run.hasDecisions || !isIndexWhole(run)) return;
  for (const item of context.owners.itemsOf(sceneId)) {
    const isListed = item.serverId === listing.serverId && listing.sectionKeys.includes(item.sectionKey);
    if (isListed && !ratingKeys.includes(item.ratingKey)) lost.push({ sceneId, item });
  }
}

/** What scenes have lost is free for the others (A2). */
export function leaveLostItems({ context, lost }: Run): void {
  const { db, jobs, clock } = context;
  const left = lost.splice(0);
  if (left.length === 0) return;
  db.transaction(() => {
    for (const { sceneId, item } of left) jobs.owners.leave(sceneId, item, clock.now());
  }).immediate();
}

function findMatch(scene: Scene, previous: readonly SceneSync[], run: Run): SceneMatch {
  const { context, tables, listing } = run;
  const known = previous.flatMap(({ written: { file } }) => file ?? []);
  const candidates = context.index
    .find(listing.serverId, listing.sectionKeys, [...scene.files.map(({ path }) => path), ...known])
    // The index keeps what a library that was changing has not shown; only what was listed counts.
    .filter(({ ratingKey }) => tables.item(ratingKey) !== undefined);
  return matchScene(scene, previous, candidates, {
    map: context.map,
    chosen: context.chosen
      .ofScene(scene.id)
      .filter(({ serverId }) => serverId === listing.serverId)
      .map(({ ratingKey }) => ratingKey),
    isStrict: context.settings.strict_matching,
    isOneSection: listing.sectionKeys.length === 1,
  });
}

/** Whether it proves something that the path index does not have a file; the user may have emptied it since the listing. */
function isIndexWhole({ context: { index }, listing }: Run): boolean {
  const { serverId, sectionKeys, unsettled } = listing;
  return (
    unsettled.length === 0 &&
    sectionKeys.every((sectionKey) => index.lastListing({ serverId, sectionKey }) !== undefined)
  );
}

function isVerified(
  { item, verification }: SubjectItem,
  scene: Scene,
  wantedHash: string,
  { context, listing }: Run,
): boolean {
  if (!verification) return false;
  const ageMs = context.clock.now() - verification.verifiedAtMs;
  return (
    verification.serverId === listing.serverId &&
    verification.ratingKey === item.ratingKey &&
    verification.itemHash === item.fingerprint &&
    verification.wantedHash === wantedHash &&
    verification.sceneUpdatedAt === scene.updatedAt &&
    ageMs >= 0 &&
    ageMs < VERIFIED_MS
  );
}
