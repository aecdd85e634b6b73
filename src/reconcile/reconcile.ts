import { counted } from '../log/counted.ts';
import { MAX_IDS } from '../plex/PlexClient.ts';
import { addHeld } from '../scene/gates/GateCounts.ts';
import { gatesKey } from '../scene/gates/gateSettings.ts';
import { compareSubjects } from './compareSubjects.ts';
import { type Contested, decideContested } from './decideContested.ts';
import { enqueueGaps, type FoundGap } from './enqueueGaps.ts';
import { type Examination, examineScene, leaveLostItems, type Run, type Subject } from './examineScene.ts';
import { forgetDeleted } from './forgetDeleted.ts';
import { listLibrary, type UnsettledLibrary } from './listLibrary.ts';
import type { ReconcileContext } from './ReconcileContext.ts';
import { MAX_EXAMPLES, nothingFound, type ReconciliationResult } from './ReconciliationResult.ts';
import { openRunTables } from './RunTables.ts';
import { openSceneMemory } from './SceneMemory.ts';
import { scenePortions } from './scenePortions.ts';
import { type ReconcileScope, SCOPES } from './scopes.ts';

/** What a run tells meanwhile. */
export interface ReconcileOptions {
  scope: ReconcileScope;
  /** Called after each page of either server, with the share of the run that is done; it rises only. The run waits for it. */
  onPage?: (share: number) => Promise<void>;
}

/** Listing a library takes less time than going through as many scenes. */
const LISTING_SHARE = 0.4;

/**
 * Compares what Plex has with what Stash has and queues the scenes whose item is not as it should be: one listing of the libraries,
 * one walk through the scenes, and full reads of those items only of which something may have changed (W-60). Memory does not grow with
 * either (W-61).
 *
 * A look-up that fails ends the run: what is not known is not taken for missing (W-56). What was found until then is queued. Never
 * throws: what ended the run is in the answer, and as a sentence in the result.
 */
export async function reconcile(
  { scope, onPage = async () => {} }: ReconcileOptions,
  context: ReconcileContext,
): Promise<{ result: ReconciliationResult; error?: unknown }> {
  const result = nothingFound(scope);
  const tables = openRunTables(context.db);
  try {
    await reconcileInto(result, { scope, onPage: risingOnly(onPage) }, context, tables);
    return { result };
  } catch (error) {
    result.errors.push(error instanceof Error ? error.message : String(error));
    return { result, error };
  } finally {
    tables.close();
  }
}

/** A library that has to be listed twice does not take the progress back. */
function risingOnly(onPage: (share: number) => Promise<void>): (share: number) => Promise<void> {
  let shown = 0;
  return (share) => {
    shown = Math.max(shown, Math.min(share, 1));
    return onPage(shown);
  };
}

async function reconcileInto(
  result: ReconciliationResult,
  { scope: name, onPage }: Required<ReconcileOptions>,
  context: ReconcileContext,
  tables: ReturnType<typeof openRunTables>,
): Promise<void> {
  const scope = SCOPES[name];
  const startedAtMs = context.clock.now();
  const listing = await listLibrary(context, tables, (share) => onPage(share * LISTING_SHARE));
  for (const library of listing.unsettled) context.log.warn(unsettledText(library));
  const memory = openSceneMemory(context.db);
  const hasDecisions = context.owners.isAny();
  const gates = await context.gates();
  // As a drain does: those that this run finds held back are so under these gates.
  context.jobs.held.requeueWhenChanged(gatesKey(context.settings), context.clock.now());
  const run: Run = { context, scope, tables, memory, listing, hasDecisions, lost: [], gates };
  const isWhole = await walk(run, result, (share) => onPage(LISTING_SHARE + share * (1 - LISTING_SHARE)));
  const isEverything = isWhole && scope.withinSecs === undefined;
  // An empty answer is more likely another Stash, or a new one.
  if (isEverything && listing.unsettled.length === 0) memory.forgetUnlisted(listing.serverId);
  if (isEverything && tables.seenBelow(Number.MAX_SAFE_INTEGER, 1).length > 0) {
    result.forgotten = await forgetDeleted(context, tables, run.memory, startedAtMs);
  }
}

function unsettledText({ title, reason, leftOut }: UnsettledLibrary): string {
  const what = {
    changed: `Library "${title}" changed while it was listed`,
    unreadable: `Plex's data of ${counted(leftOut, 'item')} in library "${title}" cannot be read (let Plex refresh or analyze them)`,
    uncounted: `Plex does not tell how many items library "${title}" has`,
  }[reason];
  return `${what}; what was not found is not counted as missing.`;
}

/** Goes through the scenes. @returns false when it ended early because of the cap. */
async function walk(
  run: Run,
  result: ReconciliationResult,
  onPage: (share: number) => Promise<void>,
): Promise<boolean> {
  const { context, scope, tables } = run;
  const { maxScenes, usesPlexUnmatched } = context.limits;
  const isOver = () => maxScenes > 0 && result.checked >= maxScenes;
  const isCounted = (examination: Examination) =>
    examination.outcome !== 'outside' || !(usesPlexUnmatched || maxScenes === 0);
  let subjects: Subject[] = [];
  const compare = async () => {
    const compared = await compareSubjects(subjects, run);
    subjects = [];
    settle(compared, run, result);
  };
  for await (const { scenes, unreadable, share } of scenePortions(scope, context, tables)) {
    result.checked += unreadable;
    result.undecided += unreadable;
    const examined: Examination[] = [];
    const contested: Contested[] = [];
    const take = async (examination: Examination) => {
      if (examination.outcome !== 'compare') {
        examined.push(examination);
        return;
      }
      const { subject } = examination;
      if (countItems([...subjects, subject]) > MAX_IDS) await compare();
      subjects.push(subject);
    };
    // One look at the database for all of them costs half of what each by itself does.
    const looks = context.db.transaction(() => {
      const found: Examination[] = [];
      const syncs = context.jobs.sceneSyncsOf(scenes.map(({ id }) => id));
      for (const scene of scenes) {
        if (isOver()) break;
        const examination = examineScene(scene, run, syncs.get(scene.id) ?? []);
        if (isCounted(examination)) result.checked += 1;
        found.push(examination);
      }
      return found;
    });
    for (const examination of looks.deferred()) {
      if (examination.outcome === 'contested') contested.push(examination);
      else await take(examination);
    }
    leaveLostItems(run);
    for (const examination of await decideContested(contested, run)) await take(examination);
    leaveLostItems(run);
    settle(examined, run, result);
    await onPage(share);
    if (isOver()) break;
  }
  if (subjects.length > 0) await compare();
  return !isOver();
}

function countItems(subjects: readonly Subject[]): number {
  return subjects.reduce((sum, { items }) => sum + items.length, 0);
}

/** Counts what was found, remembers what is right, and queues the gaps, in one transaction each. */
function settle(examinations: readonly Examination[], run: Run, result: ReconciliationResult): void {
  const gaps: FoundGap[] = [];
  for (const examination of examinations) {
    const { outcome, sceneId } = examination;
    if (outcome === 'gap') {
      const { gap, wasSynced } = examination;
      // An item that came back under another key is not what the setting is about.
      if (gap.type !== 'missing' || wasSynced || run.context.settings.reconcile_missing)
        gaps.push(examination);
      else result.leftOut += 1;
    } else if (outcome === 'heldBack') {
      result.heldBack = addHeld(result.heldBack, { [examination.gate]: 1 }) ?? {};
    } else if (outcome !== 'compare' && outcome !== 'contested' && outcome !== 'outside') {
      result[outcome] += 1;
      if (outcome === 'ambiguous' || outcome === 'shared' || outcome === 'gone')
        addExample(result.examples[outcome], sceneId);
    }
  }
  noteGates(examinations, run);
  rememberRight(examinations, run);
  for (const [index, outcome] of enqueueGaps(gaps, run).entries()) {
    const { gap, sceneId } = gaps[index] as FoundGap;
    result.gaps[gap.type] += 1;
    result[outcome] += 1;
    if (outcome === 'leftAlone') addExample(result.examples.leftAlone, sceneId);
    run.context.log.debug(`Scene ${sceneId}: ${gap.type}, ${gap.reason}; ${OUTCOME_WORDS[outcome]}.`);
  }
}

/** Keeps who is held back, as a sync would. */
function noteGates(examinations: readonly Examination[], { context: { jobs, clock } }: Run): void {
  const judged = examinations.filter(({ outcome }) => outcome !== 'outside');
  const held = judged.filter((each) => each.outcome === 'heldBack');
  jobs.held.release(judged.filter(({ outcome }) => outcome !== 'heldBack').map(({ sceneId }) => sceneId));
  for (const [gate, scenes] of Map.groupBy(held, ({ gate }) => gate)) {
    jobs.held.hold(
      scenes.map(({ sceneId }) => sceneId),
      gate,
      clock.now(),
    );
  }
}

/** Looks first, and writes in a transaction that begins with it: one that has looked cannot write once somebody else has written. */
function rememberRight(examinations: readonly Examination[], { context: { db }, memory }: Run): void {
  const right = examinations.filter((each) => each.outcome === 'right');
  const isNews = ({ sceneId, verifications }: (typeof right)[number]) =>
    verifications.length > 0 || memory.attempts(sceneId) !== undefined;
  const news = db.transaction(() => right.filter(isNews)).deferred();
  if (news.length === 0) return;
  db.transaction(() => {
    for (const { sceneId, verifications } of news) memory.verify(sceneId, verifications);
  }).immediate();
}

const OUTCOME_WORDS = {
  enqueued: 'queued',
  alreadyQueued: 'queued already',
  noMetadata: 'not queued, Stash has nothing to sync yet',
  leftAlone: 'left alone, it was queued before without success',
} as const;

function addExample(examples: number[], sceneId: number): void {
  if (examples.length < MAX_EXAMPLES) examples.push(sceneId);
}
