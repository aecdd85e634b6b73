import { fieldWords } from '../edit/fieldWords.ts';
import { counted } from '../log/counted.ts';
import { shortened } from '../log/shortened.ts';
import type { SceneRecord } from '../queue/sceneRecord.ts';
import { megabytes } from '../stash/readImage.ts';
import type { ExplainedCandidate } from './explainCandidates.ts';
import type { ExplainedFile, SceneExplanation } from './explainScene.ts';
import { syncSentences } from './explainSyncs.ts';
import { localTime } from './localTime.ts';
import type { ItemPreview, ScenePreview } from './previewScene.ts';
import { reasonToSkip } from './reasonToSkip.ts';
import { sharedText } from './SharedItem.ts';

/** Longest value of a field in a sentence. */
const VALUE_LENGTH = 60;

const NOT_THERE =
  'No Plex item there holds a file of such a name: let Plex scan the folder, and see that plex_library names its library.';

/** Everything that an explanation goes by. */
export interface ExplainFacts {
  sceneId: number;
  explanation: SceneExplanation;
  record: SceneRecord;
}

/**
 * The explanation of a scene, a sentence each, in reading order: the scene, what holds it back, its files, where was looked, what was
 * found, what was written, and what comes next. Pure.
 */
export function explainSentences(facts: ExplainFacts): string[] {
  return [
    sceneSentence(facts),
    ...holdingSentences(facts),
    ...facts.explanation.files.map((file) => fileSentence(file, facts.explanation)),
    ...lookSentences(facts),
    ...facts.record.choices.map((choice) => choiceSentence(choice, facts.explanation)),
    ...facts.explanation.candidates.map(candidateSentence),
    ...syncSentences(facts.record),
    // Else it stands with the candidate.
    ...(facts.explanation.libraries.length === 0 ? facts.record.shared.map(sharedSentence) : []),
    ...nextSentences(facts),
  ];
}

/** What matters most, in one sentence. */
export function explainSummary({ sceneId, explanation }: Omit<ExplainFacts, 'record'>): string {
  const { scene, sceneProblem, gate, plexProblem, next } = explanation;
  if (sceneProblem !== undefined) return `Scene ${sceneId} cannot be synced: ${sceneProblem}`;
  if (!scene) return `Stash has no scene ${sceneId} any more.`;
  if (gate && gate.gate !== null) return `Scene ${sceneId} is held back by the gate "${gate.gate}".`;
  if (!next) return `Plex could not be asked about scene ${sceneId}: ${plexProblem ?? 'it gave no answer.'}`;
  if (next.outcome === 'skipped') return `Scene ${sceneId} is not synced: ${next.reason}.`;
  if (next.outcome === 'shared') return `Scene ${sceneId} is not written to Plex: ${next.reason}.`;
  if (next.outcome === 'failed') return `Scene ${sceneId} cannot be synced: ${next.reason}`;
  const changed = itemsOf(next).flatMap(({ changes }) => changes.map(({ field }) => field));
  const keys = itemsOf(next).map(({ ratingKey }) => ratingKey);
  const items = `Plex ${keys.length === 1 ? 'item' : 'items'} ${keys.join(' and ')}`;
  if (changed.length === 0) return `Scene ${sceneId} is right in Plex: ${items} as in Stash.`;
  const whenOn = explanation.isOn ? '' : ', once the plugin is switched on,';
  return `The next sync of scene ${sceneId}${whenOn} changes ${fieldWords(changed)} of ${items}.`;
}

function sceneSentence({ sceneId, explanation: { scene, sceneProblem, files } }: ExplainFacts): string {
  if (sceneProblem !== undefined) return `Stash has scene ${sceneId} and cannot read it: ${sceneProblem}`;
  return scene
    ? `Scene ${sceneId} has ${files.length === 0 ? 'no file' : counted(files.length, 'file')}.`
    : `Stash has no scene ${sceneId} any more.`;
}

/** What keeps the plugin from syncing it, whatever Plex has. */
function holdingSentences({ explanation, record }: ExplainFacts): string[] {
  const { scene, isOn, gate, next } = explanation;
  const wasSynced = record.syncs.length > 0 || record.syncedByPythonAtMs !== undefined;
  const known = scene && !next ? reasonToSkip(scene, explanation.isSyncOn, wasSynced) : undefined;
  const reason = next?.outcome === 'skipped' ? next.reason : known;
  return [
    ...(isOn
      ? []
      : ['The plugin is switched off by its setting "enabled": nothing is synced until it is on.']),
    ...(gate?.sentences ?? []),
    ...(scene && reason !== undefined ? [`It is not synced: ${reason}.`] : []),
  ];
}

function fileSentence(
  { stashPath, lookedFor, isMapped, sizeBytes }: ExplainedFile,
  { hasPathMap }: SceneExplanation,
): string {
  const file = `Its file "${stashPath}"${sizeBytes === null ? ', of unknown size,' : ` (${megabytes(sizeBytes)})`}`;
  if (isMapped) return `${file} is looked for in Plex as "${lookedFor}", by path_map.`;
  const why = hasPathMap ? 'path_map covers it not' : 'there is no path_map';
  return `${file} is looked for in Plex by its name, and its path is compared from its end: ${why}.`;
}

function lookSentences({ explanation }: ExplainFacts): string[] {
  const { scene, libraries, candidates, leftOut, plexProblem, files } = explanation;
  if (!scene) return [];
  const where = libraries.map(({ title }) => `"${title}"`).join(', ');
  const several = libraries.length === 1 ? 'the library' : 'the libraries';
  return [
    ...(libraries.length > 0 && files.length > 0 ? [`Plex was looked through in ${several} ${where}.`] : []),
    ...(plexProblem === undefined
      ? []
      : [
          libraries.length === 0
            ? `Plex could not be asked; what follows is what the plugin knows by itself: ${plexProblem}`
            : `Plex could not be asked about everything: ${plexProblem}`,
        ]),
    ...(candidates.length === 0 && libraries.length > 0 && files.length > 0 && plexProblem === undefined
      ? [NOT_THERE]
      : []),
    ...(leftOut > 0 ? [`${counted(leftOut, 'further candidate', ['is', 'are'])} not listed.`] : []),
  ];
}

function choiceSentence(
  { ratingKey, chosenAtMs }: SceneRecord['choices'][number],
  { lostChoices }: SceneExplanation,
): string {
  const lost = lostChoices.find((each) => each.ratingKey === ratingKey);
  const rest = lost ? `; it ${lost.reason}, and the next sync forgets the choice` : '';
  return `Plex item ${ratingKey} was chosen for it by hand on ${localTime(chosenAtMs)}${rest}.`;
}

function sharedSentence(shared: SceneRecord['shared'][number]): string {
  return `When it was last decided, it was not written, because ${sharedText(shared)}.`;
}

function candidateSentence(candidate: ExplainedCandidate): string {
  const { ratingKey, title, library, paths, sizeBytes, agreement, isChosen, reason } = candidate;
  const size = sizeBytes === null ? '' : `, ${megabytes(sizeBytes)}`;
  const held = paths.length === 0 ? 'without a file' : paths.map((path) => `"${path}"`).join(', ');
  const item = `Plex item ${ratingKey} "${shortened(title, VALUE_LENGTH)}" in "${library}" (${held}${size})`;
  const verdict = isChosen ? 'is its item' : 'is not its item';
  return `${item} ${verdict}; what agrees is: ${agreement}. ${reason}`;
}

function nextSentences({ explanation: { next } }: ExplainFacts): string[] {
  if (!next || next.outcome === 'skipped') return [];
  if (next.outcome === 'failed') return [`The next sync would come to nothing: ${next.reason}`];
  if (next.outcome === 'shared') return [`The next sync would write nothing: ${next.reason}.`];
  return itemsOf(next).map(({ ratingKey, changes }) =>
    changes.length === 0
      ? `The next sync would find Plex item ${ratingKey} right, and write nothing.`
      : `The next sync would change Plex item ${ratingKey}: ${changes.map(changeText).join('; ')}.`,
  );
}

function changeText({ field, from, to }: ItemPreview['changes'][number]): string {
  return `${field} from ${quoted(from)} to ${quoted(to)}`;
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : `"${shortened(text, VALUE_LENGTH)}"`;
}

/** Every item that would be written to, or is right. */
function itemsOf(next: ScenePreview): ItemPreview[] {
  return next.outcome === 'found' ? [next, ...(next.further ?? [])] : [];
}
