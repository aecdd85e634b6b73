import { MAX_IDS } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { PlexSection } from '../plex/PlexSection.ts';
import type { Scene } from '../stash/Scene.ts';
import { explainChoice } from './explainChoice.ts';
import { itemsChosen } from './itemsChosen.ts';
import { itemsOfLastSync } from './itemsOfLastSync.ts';
import type { PlexLibrary } from './PlexLibrary.ts';
import type { SceneContext } from './SceneContext.ts';

/** A Plex item with a file of the name of one of the scene's, or one of the last sync or the user's choice. */
export interface ExplainedCandidate {
  ratingKey: string;
  serverId: string;
  title: string;
  library: string;
  paths: string[];
  /** Of all its files. */
  sizeBytes: number | null;
  agreement: string;
  /** The scene writes to it. */
  isChosen: boolean;
  reason: string;
}

/** The candidates of a scene. */
export interface ExplainedCandidates {
  candidates: ExplainedCandidate[];
  /** Candidates that are not listed. */
  leftOut: number;
  /** What the user has chosen, and the next sync forgets: why, as half a sentence. */
  lostChoices: { ratingKey: string; reason: string }[];
  /** Why Plex could not be looked through to the end: there may be others. */
  problem?: string;
}

/** One request reads them. */
const MAX_CANDIDATES = MAX_IDS;
const LEFT_OUT = {
  agreement: 'nothing',
  isChosen: false,
  reason: 'It is in a library that plex_library leaves out.',
};

/**
 * Every item that may be a scene's, and what the matching makes of it: those with a file of such a name after a look-up as a sync makes
 * it, those of the last sync, and those that the user has chosen.
 *
 * @throws PlexError
 */
export async function explainCandidates(
  scene: Scene,
  places: PlexLibrary,
  context: SceneContext,
): Promise<ExplainedCandidates> {
  const { matching, settings } = context;
  const { read, inFull } = openReader(context);
  const knownItem = async (key: string) => (await read([key])).get(key);
  const { items: picked, lost } = await itemsChosen({ knownItem }, scene, context);
  const inScope = new Set(places.sections.map(({ key }) => key));
  const ofServer = ({ serverId }: { serverId: string }) => serverId === places.serverId;
  const previous = context
    .lastSyncs(scene.id)
    .filter((sync) => ofServer(sync) && inScope.has(sync.sectionKey));
  const basis = {
    files: scene.files,
    map: matching.map,
    chosen: picked.map(({ choice }) => choice.ratingKey),
    known: [] as Awaited<ReturnType<typeof itemsOfLastSync>>,
    isStrict: settings.strict_matching,
  };
  basis.known = await itemsOfLastSync({ previous, knownItem }, scene, basis.chosen, context);
  const chosen = picked.map(({ item }) => item);
  const problem = scene.files.length > 0 ? await lookUp(scene, chosen, places, read, context) : undefined;
  // The order of a sync.
  const keys = unique([
    ...keysOf(context.chosen.ofScene(scene.id).filter(ofServer)),
    ...matching.finder.named(places, scene.files),
    ...keysOf(previous),
  ]);
  const shown = keys.slice(0, MAX_CANDIDATES);
  await read(shown);
  const items = inOrder(
    shown.flatMap((key) => inFull.get(key) ?? []),
    places.sections,
  );
  const verdicts = explainChoice(
    items.filter(({ sectionKey }) => inScope.has(sectionKey)),
    basis,
  );
  const candidates = items.map((item) => {
    const verdict = verdicts.find(({ ratingKey }) => ratingKey === item.ratingKey) ?? LEFT_OUT;
    const reason = item.isTrashed ? "It is in Plex's trash: its file is missing." : verdict.reason;
    return { ...shownItem(item, places, context), ...verdict, ratingKey: item.ratingKey, reason };
  });
  const leftOut = Math.max(keys.length - MAX_CANDIDATES, 0);
  const lostChoices = lost.map(({ choice: { ratingKey }, reason }) => ({ ratingKey, reason }));
  return { candidates, leftOut, lostChoices, ...(problem === undefined ? {} : { problem }) };
}

function keysOf(items: readonly { ratingKey: string }[]): string[] {
  return items.map(({ ratingKey }) => ratingKey);
}

function unique(keys: readonly string[]): string[] {
  return [...new Set(keys)];
}

/** Reads each item once. */
function openReader({ plex }: SceneContext) {
  const inFull = new Map<string, PlexItem | undefined>();
  return {
    inFull,
    async read(keys: readonly string[]): Promise<ReadonlyMap<string, PlexItem | undefined>> {
      const unread = keys.filter((key) => !inFull.has(key));
      const items = unread.length > 0 ? await plex.items(unread) : [];
      for (const key of unread) inFull.set(key, undefined);
      for (const item of items) inFull.set(item.ratingKey, item);
      return inFull;
    },
  };
}

/** Has the index know every item with a file of such a name. @returns why that did not succeed. @throws PlexError */
async function lookUp(
  { files }: Scene,
  chosen: readonly PlexItem[],
  places: PlexLibrary,
  read: ReturnType<typeof openReader>['read'],
  { matching: { finder }, redact }: SceneContext,
): Promise<string | undefined> {
  try {
    await finder.find(places, { files, chosen, since: finder.moment(), isOneOfMany: false, read });
    return undefined;
  } catch (error) {
    // What is known of the candidates is told all the same.
    if (error instanceof PlexError && error.kind !== 'unavailable') return redact(error.message);
    throw error;
  }
}

/** As a sync ranks them. */
function inOrder(items: readonly PlexItem[], sections: readonly PlexSection[]): PlexItem[] {
  const place = ({ sectionKey }: PlexItem) => sections.findIndex(({ key }) => key === sectionKey);
  return items.toSorted((left, right) => place(left) - place(right));
}

function shownItem(
  { ratingKey, title, sectionKey, files }: PlexItem,
  { serverId, sections }: PlexLibrary,
  { names }: SceneContext,
): Pick<ExplainedCandidate, 'ratingKey' | 'serverId' | 'title' | 'library' | 'paths' | 'sizeBytes'> {
  const sizes = files.flatMap(({ sizeBytes }) => sizeBytes ?? []);
  return {
    ratingKey,
    serverId,
    title: names.name(title),
    library: sections.find(({ key }) => key === sectionKey)?.title ?? sectionKey,
    paths: files.map(({ path }) => names.path(path)),
    sizeBytes: sizes.length > 0 ? sizes.reduce((sum, size) => sum + size, 0) : null,
  };
}
