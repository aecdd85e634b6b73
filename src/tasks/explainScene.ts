import { shortened } from '../log/shortened.ts';
import type { SceneRecord } from '../queue/sceneRecord.ts';
import { type ExplainFacts, explainSentences, explainSummary } from '../scene/explainSentences.ts';
import { explainSyncs } from '../scene/explainSyncs.ts';
import type { ExplainReport } from './pageReports.ts';
import { previewFields } from './previewFields.ts';
import { queueSentence } from './queueSentence.ts';
import { type Task, type TaskContext, TaskError } from './Task.ts';
import { sceneIdArg } from './taskArgs.ts';

const NO_SCENE =
  'No scene was given up and none waits. To have another one explained, name it by the argument "scene_id" (docs/recovery.md).';

/**
 * Task "Explain Scene": what becomes of one scene in Plex and why, in sentences and as figures. Without `scene_id`, as Stash's button
 * starts it, the scene that was given up last, else the one that is due next: those are what people ask about. Nothing is written, also
 * while the plugin is off; with Plex away it tells what is known without.
 *
 * @throws TaskError when `scene_id` is no number, or neither Stash nor the plugin knows such a scene.
 */
export const explainScene: Task = async (context, args) => {
  const { log, clock } = context;
  const given = sceneIdArg(args, 'scene_id');
  const picked = given === undefined ? pickScene(context) : { sceneId: given, sentence: undefined };
  if (picked === undefined) {
    log.info(NO_SCENE);
    return { summary: NO_SCENE, sentences: [NO_SCENE] };
  }
  const { sceneId, sentence } = picked;
  log.progress(0);
  const explanation = await context.explainScene(sceneId);
  const record = context.sceneRecord(sceneId);
  if (!explanation.scene && explanation.sceneProblem === undefined && isUnknown(record))
    throw new TaskError(`Stash has no scene ${sceneId}: take the number from the address of its page.`);
  const facts: ExplainFacts = { sceneId, explanation, record };
  const queue = queueSentence(record, clock.now());
  const sentences = [...(sentence === undefined ? [] : [sentence]), ...explainSentences(facts), queue];
  log.info('=== Explain Scene ===');
  for (const each of sentences) log.info(each);
  const summary = explainSummary(facts);
  log.info(summary);
  log.progress(1);
  return { ...reportOf(facts), queue, summary, sentences };
};

/** The scene that people most likely ask about, and a sentence that says which that is. */
function pickScene({
  deadLetters,
  nextWaiting,
}: TaskContext): { sceneId: number; sentence: string } | undefined {
  const how = 'To have another one explained, name it by the argument "scene_id".';
  const lost = deadLetters.recent(RECENT).find(({ sceneId }) => sceneId !== null)?.sceneId;
  if (lost !== undefined && lost !== null)
    return { sceneId: lost, sentence: `This is scene ${lost}, which was given up last. ${how}` };
  const next = nextWaiting();
  if (next === undefined) return undefined;
  return {
    sceneId: next,
    sentence: `This is scene ${next}, whose turn is next; none was given up. ${how}`,
  };
}

/** Longest value in the answer. */
const ANSWER_LENGTH = 500;
/** Those that were taken over from elsewhere may name no scene. */
const RECENT = 100;

function isUnknown({ syncs, job, failure, syncedByPythonAtMs, choices }: SceneRecord): boolean {
  return !job && !failure && syncedByPythonAtMs === undefined && syncs.length + choices.length === 0;
}

function reportOf(facts: ExplainFacts): Omit<ExplainReport, 'summary' | 'sentences' | 'queue'> {
  const { sceneId, explanation, record } = facts;
  const { gate, files, candidates, plexProblem, next } = explanation;
  const items = next?.outcome === 'found' ? [next, ...(next.further ?? [])] : [];
  const short = (text: string) => shortened(text, ANSWER_LENGTH);
  return {
    sceneId,
    gate: gate?.gate ?? null,
    files: files.map(({ stashPath, lookedFor, sizeBytes }) => ({ stashPath, lookedFor, sizeBytes })),
    candidates,
    lastSync: explainSyncs(record),
    nextSync: items.map(({ ratingKey, ...preview }) => ({
      ratingKey,
      changes: previewFields(preview, 'changes', short),
    })),
    chosen: record.choices,
    plexProblem: plexProblem ?? null,
  };
}
