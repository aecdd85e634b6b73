import { PlexError } from '../plex/PlexError.ts';
import type { Scene } from '../stash/Scene.ts';
import { StashError } from '../stash/StashError.ts';
import { type ExplainedCandidate, explainCandidates } from './explainCandidates.ts';
import { explainGates, type GateExplanation } from './gates/explainGates.ts';
import { gatesInForce } from './gates/gateSettings.ts';
import type { ScenePreview } from './previewScene.ts';
import { previewScenes } from './previewScenes.ts';
import type { SceneContext } from './SceneContext.ts';

/** A file of the scene; both paths as they may be shown. */
export interface ExplainedFile {
  stashPath: string;
  /** The path that it would have in Plex: another one only where `path_map` covers it. */
  lookedFor: string;
  isMapped: boolean;
  sizeBytes: number | null;
}

/** Everything that the servers say about what becomes of a scene. */
export interface SceneExplanation {
  /** Undefined: Stash has no such scene. */
  scene: Scene | undefined;
  /** Stash has it and cannot read it: its sentence. */
  sceneProblem?: string;
  /** The setting `enabled`, and `sync_master`. */
  isOn: boolean;
  isSyncOn: boolean;
  /** What the gates say; null where there are none. */
  gate: GateExplanation | null;
  hasPathMap: boolean;
  files: ExplainedFile[];
  /** Where was looked; empty when Plex could not be asked. */
  libraries: { title: string; serverId: string }[];
  candidates: ExplainedCandidate[];
  /** Candidates that are not listed. */
  leftOut: number;
  /** What the user has chosen, and the next sync forgets: why, as half a sentence. */
  lostChoices: { ratingKey: string; reason: string }[];
  /** Plex could not be asked, or not about everything: why. */
  plexProblem?: string;
  /** What the next sync would do; undefined when that could not be found out. */
  next?: ScenePreview;
}

/**
 * Looks at one scene from both sides, with the matching and the sync of the worker. Nothing is written: no field, no picture, no job,
 * no choice; only the index of Plex's files learns. With Plex away the rest is told all the same.
 *
 * @throws StashError when Stash does not answer at all.
 */
export async function explainScene(sceneId: number, context: SceneContext): Promise<SceneExplanation> {
  const { settings, matching, names } = context;
  const answer = (await context.stash.scenes([sceneId])).get(sceneId);
  const explanation: SceneExplanation = {
    scene: answer instanceof StashError ? undefined : answer,
    ...(answer instanceof StashError ? { sceneProblem: context.redact(answer.message) } : {}),
    isOn: settings.enabled,
    isSyncOn: settings.sync_master,
    gate: null,
    hasPathMap: settings.path_map.length > 0,
    files: [],
    libraries: [],
    candidates: [],
    leftOut: 0,
    lostChoices: [],
  };
  const { scene } = explanation;
  if (!scene) return explanation;
  if (gatesInForce(context.settings).length > 0) explanation.gate = await explainGates(scene, context);
  explanation.files = scene.files.map(({ path, sizeBytes }) => {
    const inPlex = matching.map.stashToPlex(path);
    return {
      stashPath: names.path(path),
      lookedFor: names.path(inPlex ?? path),
      isMapped: inPlex !== undefined,
      sizeBytes: sizeBytes ?? null,
    };
  });
  try {
    await askPlex(scene, explanation, context);
  } catch (error) {
    if (!(error instanceof PlexError)) throw error;
    explanation.plexProblem = context.redact(error.message);
  }
  return explanation;
}

/** @throws PlexError, StashError */
async function askPlex(scene: Scene, explanation: SceneExplanation, context: SceneContext): Promise<void> {
  const library = await context.library();
  const { serverId, sections } = library;
  explanation.libraries = sections.map(({ title }) => ({ title, serverId }));
  const looked = await explainCandidates(scene, library, context);
  const { candidates, leftOut, lostChoices } = looked;
  Object.assign(explanation, { candidates, leftOut, lostChoices });
  if (looked.problem !== undefined) explanation.plexProblem = looked.problem;
  const { previews, problem } = await previewScenes(
    { scope: 'scene', sceneId: scene.id },
    context,
    () => ({ ids: [], total: 0 }),
    () => {},
  );
  const [next] = previews;
  if (next) explanation.next = next;
  if (problem !== undefined) explanation.plexProblem ??= context.redact(problem);
  if (next) explanation.candidates = explanation.candidates.map((each) => withOwner(each, next));
}

/** An item that matching gives to the scene may still be another's. */
function withOwner(candidate: ExplainedCandidate, next: ScenePreview): ExplainedCandidate {
  const shared = next.outcome === 'found' || next.outcome === 'shared' ? (next.shared ?? []) : [];
  const entry = shared.find(({ ratingKey }) => ratingKey === candidate.ratingKey);
  if (!entry) return candidate;
  const reason =
    entry.ownerId === undefined
      ? 'It holds only a copy of the scene\'s file that Plex made (folder "Plex Versions").'
      : `It holds the scene's file, but belongs to scene ${entry.ownerId}, which alone writes to it.`;
  return { ...candidate, isChosen: false, reason };
}
