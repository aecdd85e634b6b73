import type { PlexItem } from '../plex/PlexItem.ts';
import type { SceneSync } from '../queue/Job.ts';
import { wantedPictures } from '../scene/planImages.ts';
import { StashError } from '../stash/StashError.ts';
import { compareItem, selectedHash, unlockedPictures } from './compareItem.ts';
import { detectGap } from './detectGap.ts';
import { type Examination, previousSync, type Run, type Subject } from './examineScene.ts';
import { isFilled } from './isFilled.ts';
import { readDetails } from './readDetails.ts';

/**
 * Reads the items of scenes in full, in one request, and compares.
 *
 * @throws PlexError, StashError
 */
export async function compareSubjects(subjects: readonly Subject[], run: Run): Promise<Examination[]> {
  const keys = new Set(subjects.map(({ item }) => item.ratingKey));
  const details = await readDetails([...keys], run.context);
  const examinations: Examination[] = [];
  for (const subject of subjects) {
    const detail = details.get(subject.item.ratingKey);
    examinations.push(detail ? await compareSubject(subject, detail, run) : undecided(subject));
  }
  return examinations;
}

async function compareSubject(subject: Subject, item: PlexItem, run: Run): Promise<Examination> {
  const { scene, wanted, wantedHash } = subject;
  const { context, listing } = run;
  const sceneId = scene.id;
  // As it is now: a drainer may be at work.
  const previous = previousSync(sceneId, run);
  if (previous?.ratingKey !== item.ratingKey) return undecided(subject);
  const comparison = {
    item,
    wanted,
    memory: previous.written,
    settings: context.settings,
    longestEdit: context.plex.longestEdit(),
  };
  let difference = compareItem(comparison);
  let isCertain = true;
  const mayLackImage =
    unlockedPictures(comparison).length > 0 || mayHaveNewImage(subject, item, previous, run);
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
  if (gap) return { outcome: 'gap', sceneId, gap, scene, wasSynced: true };
  if (!isCertain) return { outcome: 'right', sceneId };
  const verification = {
    serverId: listing.serverId,
    ratingKey: item.ratingKey,
    itemHash: subject.item.fingerprint,
    wantedHash,
    sceneUpdatedAt: scene.updatedAt,
    verifiedAtMs: context.clock.now(),
  };
  return { outcome: 'right', sceneId, verification };
}

/**
 * A new cover shows in Stash's `updated_at` only. Also when a picture was never uploaded, because it may not have been wanted at the
 * last sync, and when what is wanted has changed since.
 */
function mayHaveNewImage(
  { scene, wanted, wantedHash, verification }: Subject,
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

function undecided({ scene }: Subject): Examination {
  return { outcome: 'undecided', sceneId: scene.id };
}
