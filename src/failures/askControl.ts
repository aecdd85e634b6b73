import type { PlexClient } from '../plex/PlexClient.ts';
import type { SceneSync } from '../queue/Job.ts';
import type { StashClient } from '../stash/StashClient.ts';
import { StashError } from '../stash/StashError.ts';
import type { Operation } from './Operation.ts';

/** What a control question needs. */
export interface ControlContext {
  plex: PlexClient;
  stash: StashClient;
  /** A scene that was synced, other than this one. */
  anotherSync: (sceneId: number) => (SceneSync & { sceneId: number }) | undefined;
}

/**
 * Does now for another scene what has just failed for this one, in a way that changes nothing: an edit writes an item's own title
 * again, an upload brings bytes that Plex has already (plex-http-api.md 9.1).
 *
 * @returns whether it works; undefined when there is no other scene to ask about, or the operation has nothing of a scene in it.
 */
export async function askControl(
  operation: Operation,
  sceneId: number,
  context: ControlContext,
): Promise<boolean | undefined> {
  const question = QUESTIONS[operation];
  const other = context.anotherSync(sceneId);
  if (!question || !other) return undefined;
  try {
    return await question(other, context);
  } catch {
    return false;
  }
}

type Question = (
  other: SceneSync & { sceneId: number },
  context: ControlContext,
) => Promise<boolean | undefined>;

const QUESTIONS: Partial<Record<Operation, Question>> = {
  scene: async ({ sceneId }, { stash }) => {
    const scene = (await stash.scenes([sceneId])).get(sceneId);
    return scene && !(scene instanceof StashError);
  },
  image: async ({ sceneId }, context) => ((await coverOf(sceneId, context)) ? true : undefined),
  internal: async (other, context) => {
    const scene = (await context.stash.scenes([other.sceneId])).get(other.sceneId);
    if (!scene || scene instanceof StashError) return undefined;
    return (await itemOf(other, context)) ? true : undefined;
  },
  read: isReadable,
  lookup: isReadable,
  filter: async ({ sectionKey, written }, { plex }) => {
    const name = written.file?.split(/[\\/]/).at(-1);
    if (!name) return undefined;
    await plex.rowsByFile(sectionKey, name);
    return true;
  },
  edit: async (other, context) => {
    const item = await itemOf(other, context);
    if (!item?.title) return undefined;
    await context.plex.edit(item.sectionKey, item.ratingKey, [
      ['title.value', item.title],
      ['title.locked', item.locked.has('title') ? '1' : '0'],
    ]);
    return true;
  },
  picture: async (other, context) => {
    const { sceneId, written } = other;
    const artwork = written.posterHash === undefined ? 'art' : 'poster';
    const hash = written.posterHash ?? written.artHash;
    const image = hash === undefined ? undefined : await coverOf(sceneId, context);
    // Other bytes would be a new picture.
    if (!image || image.hash !== hash) return undefined;
    const item = await itemOf(other, context);
    if (!item) return undefined;
    await context.plex.uploadImage(item.ratingKey, artwork, image.bytes, image.contentType);
    return true;
  },
};

/** The other scene's item, if it still is: on another server, or one that was restored, its key means anything (W-05). */
async function itemOf({ ratingKey, written }: SceneSync, { plex }: ControlContext) {
  const [item] = await plex.items([ratingKey]);
  return item?.files.some(({ path }) => path === written.file) ? item : undefined;
}

async function coverOf(sceneId: number, { stash }: ControlContext) {
  const scene = (await stash.scenes([sceneId])).get(sceneId);
  if (!scene || scene instanceof StashError || !scene.screenshotUrl) return undefined;
  const cover = await stash.image(scene.screenshotUrl);
  return cover && 'bytes' in cover ? cover : undefined;
}

async function isReadable(other: SceneSync, context: ControlContext): Promise<true | undefined> {
  return (await itemOf(other, context)) ? true : undefined;
}
