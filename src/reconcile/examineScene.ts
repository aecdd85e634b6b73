import { isMeaningful } from '../edit/isMeaningful.ts';
import { type WantedItem, wantedItem } from '../edit/WantedItem.ts';
import type { SceneSync } from '../queue/Job.ts';
import { UNKNOWN_SERVER } from '../queue/sceneSyncs.ts';
import type { Scene } from '../stash/Scene.ts';
import { detectGap } from './detectGap.ts';
import { wantedFingerprint } from './fingerprint.ts';
import type { Gap } from './Gap.ts';
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
}

/** What a look at a scene came to. */
export type Examination =
  /** `outside`: not of the scope. */
  | { outcome: 'ambiguous' | 'shared' | 'gone' | 'noFile' | 'undecided' | 'outside'; sceneId: number }
  /** With what is to be remembered, where somebody has just compared. */
  | { outcome: 'right'; sceneId: number; verification?: Verification }
  | { outcome: 'gap'; sceneId: number; gap: Gap; scene: Scene; wasSynced: boolean }
  /** Only the item in full tells. */
  | { outcome: 'compare'; sceneId: number; subject: Subject };

/** A scene that was synced to an item, of which something may have changed since it was last found right. */
export interface Subject {
  scene: Scene;
  wanted: WantedItem;
  wantedHash: string;
  item: ListedItem;
  verification: Verification | undefined;
}

/** An item that was found right is read again after so long, because some changes show in no listing. */
const VERIFIED_MS = 30 * 86_400_000;

/** Looks at a scene with what was listed, without asking anybody. */
export function examineScene(scene: Scene, run: Run): Examination {
  const { context, scope, tables, memory, listing } = run;
  const sceneId = scene.id;
  if (scope.isOnlyEmpty) return examineEmpty(scene, run);
  if (!scene.files.some(({ path }) => path !== '')) return { outcome: 'noFile', sceneId };
  const previous = previousSync(sceneId, run);
  const match = findMatch(scene, previous, run);
  if (match.outcome === 'ambiguous') return { outcome: 'ambiguous', sceneId };
  const wanted = wantedItem(scene, context.settings);
  const wantedHash = wantedFingerprint(wanted, context.settings);
  const lastServer = context.jobs.sceneSync(sceneId)?.serverId;
  const wasSyncedByPython = lastServer === UNKNOWN_SERVER;
  const facts = { scene, wasSynced: previous !== undefined, wasSyncedByPython, wantedHash };
  const found = (gap: Gap | undefined): Examination =>
    gap ? { outcome: 'gap', sceneId, gap, scene, wasSynced: facts.wasSynced } : { outcome: 'right', sceneId };

  if (match.outcome === 'none') {
    if (!isIndexWhole(run)) return { outcome: 'undecided', sceneId };
    // Also in a library that Plex has no more: one that is rebuilt comes back under another number.
    const wasEverSynced = lastServer === listing.serverId || wasSyncedByPython;
    return wasEverSynced ? { outcome: 'gone', sceneId } : found(detectGap({ ...facts, item: undefined }));
  }
  const item = tables.item(match.ratingKey);
  if (!item) return { outcome: 'undecided', sceneId };
  // One that a sync would skip takes no item from another.
  const isToBeSynced = previous !== undefined || wasSyncedByPython || isMeaningful(scene);
  if (isToBeSynced && !tables.claimItem(item.ratingKey, sceneId)) return { outcome: 'shared', sceneId };
  if (previous?.ratingKey !== item.ratingKey) {
    return found(detectGap({ ...facts, item: { ...item, isSynced: false } }));
  }
  const verification = memory.verification(sceneId);
  const subject: Subject = { scene, wanted, wantedHash, item, verification };
  return isVerified(subject, run) ? { outcome: 'right', sceneId } : { outcome: 'compare', sceneId, subject };
}

/** Only scenes whose item is empty, by what the listing shows (W-57). */
function examineEmpty(scene: Scene, run: Run): Examination {
  const match = findMatch(scene, previousSync(scene.id, run), run);
  const item = match.outcome === 'item' ? run.tables.item(match.ratingKey) : undefined;
  if (!item || item.isFilled) return { outcome: 'outside', sceneId: scene.id };
  return examineScene(scene, { ...run, scope: { label: run.scope.label } });
}

/** What the last sync left, where it still concerns this server and these libraries. */
export function previousSync(
  sceneId: number,
  { context: { jobs }, listing }: Pick<Run, 'context' | 'listing'>,
): SceneSync | undefined {
  const sync = jobs.sceneSync(sceneId);
  const isOurs = sync?.serverId === listing.serverId && listing.sectionKeys.includes(sync.sectionKey);
  return isOurs ? sync : undefined;
}

function findMatch(scene: Scene, previous: SceneSync | undefined, run: Run): SceneMatch {
  const { context, tables, listing } = run;
  const file = previous?.written.file;
  const paths = [...scene.files.map(({ path }) => path), ...(file === undefined ? [] : [file])];
  const candidates = context.index
    .find(listing.serverId, listing.sectionKeys, paths)
    // The index keeps what a library that was changing has not shown; only what was listed counts.
    .filter(({ ratingKey }) => tables.item(ratingKey) !== undefined);
  return matchScene(scene, previous, candidates, {
    map: context.map,
    isStrict: context.settings.strict_matching,
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

function isVerified({ scene, wantedHash, item, verification }: Subject, { context, listing }: Run): boolean {
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
