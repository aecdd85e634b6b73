import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync } from '../queue/Job.ts';
import { wantedPictures } from '../scene/planImages.ts';
import { StashError } from '../stash/StashError.ts';
import { compareItem, selectedHash, unlockedPictures } from './compareItem.ts';
import { detectGap } from './detectGap.ts';
import { type Examination, ofThisRun, type Run, type Subject, type SubjectItem } from './examineScene.ts';
import { combineGaps, type Gap } from './Gap.ts';
import { isFilled } from './isFilled.ts';
import { readDetails } from './readDetails.ts';
import type { Verification } from './SceneMemory.ts';

/**
 * Reads the items of scenes in full, in one request, and compares.
 *
 * @throws PlexError, StashError
 */
export async function compareSubjects(subjects: readonly Subject[], run: Run): Promise<Examination[]> {
  const keys = new Set(subjects.flatMap(({ items }) => items.map(({ item }) => item.ratingKey)));
  const details = await readDetails([...keys], run.context);
  // As they are now: a drainer may be at work.
  const syncs = run.context.jobs.sceneSyncsOf(subjects.map(({ scene }) => scene.id));
  const longestEdit = run.context.plex.longestEdit();
  const examinations: Examination[] = [];
  for (const subject of subjects) {
    const previous = ofThisRun(syncs.get(subject.scene.id) ?? [], run);
    examinations.push(await compareSubject(subject, { previous, details, longestEdit }, run));
  }
  return examinations;
}

/** What was read for many scenes at once. */
interface BatchFacts {
  /** What the last syncs of the scene left. */
  previous: readonly SceneSync[];
  details: ReadonlyMap<string, PlexItem>;
  longestEdit: number | undefined;
}

/** One look at a scene: a gap of any of its items is its gap, and it is right when all of them are. */
async function compareSubject(
  subject: Subject,
  { previous, details, longestEdit }: BatchFacts,
  run: Run,
): Promise<Examination> {
  const { scene, isAmbiguous } = subject;
  const sceneId = scene.id;
  const looks: (Look | undefined)[] = [];
  for (const each of subject.items) {
    const detail = details.get(each.item.ratingKey);
    const sync = previous.find(({ ratingKey }) => ratingKey === detail?.ratingKey);
    looks.push(
      detail && sync && (await compareOne(subject, each, { item: detail, previous: sync, longestEdit }, run)),
    );
  }
  const gap = combineGaps(looks.flatMap((look) => look?.gap ?? []));
  if (gap) return { outcome: 'gap', sceneId, gap, scene, wasSynced: true };
  if (looks.includes(undefined)) return { outcome: 'undecided', sceneId };
  if (isAmbiguous) return { outcome: 'ambiguous', sceneId };
  return { outcome: 'right', sceneId, verifications: looks.flatMap((look) => look?.verification ?? []) };
}

/** What a comparison came to; neither: right as far as can be told. */
interface Look {
  gap?: Gap;
  verification?: Verification;
}

async function compareOne(
  subject: Subject,
  { item: listed, verification }: SubjectItem,
  { item, previous, longestEdit }: { item: PlexItem; previous: SceneSync; longestEdit: number | undefined },
  run: Run,
): Promise<Look> {
  const { scene, wanted, wantedHash } = subject;
  const { context, listing } = run;
  // The user wants it as it is, until its scene is synced again.
  if (previous.written.restored) return {};
  const comparison = {
    item,
    wanted,
    memory: previous.written,
    settings: context.settings,
    longestEdit,
  };
  let difference = compareItem(comparison);
  let isCertain = true;
  const mayLackImage =
    unlockedPictures(comparison).length > 0 || mayHaveNewImage(subject, verification, item, previous, run);
  if (difference.fields.length === 0 && scene.screenshotUrl && mayLackImage) {
    const image = await imageHash(subject, run);
    isCertain = image !== 'unknown';
    if (image !== 'unknown') difference = compareItem({ ...comparison, imageHash: image });
  }
  const gap = detectGap({
    scene,
    item: { ratingKey: item.ratingKey, isFilled: isFilled(item), isSynced: true, difference },
    wasSynced: true,
    wantedHash,
  });
  if (gap) return { gap };
  if (!isCertain) return {};
  return {
    verification: {
      serverId: listing.serverId,
      ratingKey: item.ratingKey,
      itemHash: listed.fingerprint,
      wantedHash,
      sceneUpdatedAt: scene.updatedAt,
      verifiedAtMs: context.clock.now(),
    },
  };
}

/**
 * A new cover shows in Stash's `updated_at` only. Also when a picture was never uploaded, because it may not have been wanted at the
 * last sync, and when what is wanted has changed since.
 */
function mayHaveNewImage(
  { scene, wanted, wantedHash }: Subject,
  verification: Verification | undefined,
  item: PlexItem,
  { sceneUpdatedAt, written }: SceneSync,
  { context: { settings } }: Run,
): boolean {
  const pictures = wantedPictures(item, settings, wanted);
  if (pictures.length === 0) return false;
  if (verification && verification.wantedHash !== wantedHash) return true;
  const isNew = verification?.ratingKey !== item.ratingKey;
  if (isNew && pictures.some((picture) => selectedHash(written, picture) === undefined)) return true;
  return scene.updatedAt !== sceneUpdatedAt && scene.updatedAt !== verification?.sceneUpdatedAt;
}

/** @returns null when there is no picture that Plex can show; `unknown` when Stash fails at this very one. @throws StashError */
async function imageHash(
  { scene }: Subject,
  { context: { stash } }: Run,
): Promise<string | 'unknown' | null> {
  try {
    const cover = await stash.image(scene.screenshotUrl ?? '');
    return cover && 'bytes' in cover ? cover.hash : null;
  } catch (error) {
    if (error instanceof StashError && error.kind === 'rejected') return 'unknown';
    throw error;
  }
}
