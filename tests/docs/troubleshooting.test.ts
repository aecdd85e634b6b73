import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { quoted, tableRows } from '../support/docTables.ts';
import { launcherFiles } from '../support/launcherFiles.ts';
import { shellSentences } from '../support/shellSentences.ts';
import { type Trouble, troubleIn } from '../support/troubleSentences.ts';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));
const GUIDE = 'docs/troubleshooting.md';

/** Files whose every sentence is said of trouble, by others that ask them for it. */
const MAKERS = new Set([
  'config/environment.ts',
  'config/plexUrl.ts',
  'config/settings.ts',
  'config/titleTemplate.ts',
  'drain/catchUp.ts',
  'drain/chargeAttempt.ts',
  'drain/plexCondition.ts',
  'drain/reportDeadLetters.ts',
  'drain/runDrainer.ts',
  'drain/settleFailure.ts',
  'edit/shortenedText.ts',
  'failures/obstacles.ts',
  'main/explain.ts',
  'notify/outbox.ts',
  'notify/sendProblem.ts',
  'plex/PlexHttp.ts',
  'plex/statusError.ts',
  'reconcile/reconcile.ts',
  'resilience/OutageHistory.ts',
  'scene/SharedItem.ts',
  'scene/findItems.ts',
  'scene/gates/gateHolds.ts',
  'scene/gates/openGates.ts',
  'scene/planImages.ts',
  'scene/syncImages.ts',
  'scene/syncItem.ts',
  'setup/missReason.ts',
  'setup/setupRemedies.ts',
  'spool/takeIn.ts',
  'stash/readImage.ts',
  'storage/StorageError.ts',
  'storage/openDatabase.ts',
  'takeover/describeTakeover.ts',
  'takeover/importContent.ts',
  'takeover/takeOver.ts',
  'tasks/reasonNotToRestore.ts',
  'tasks/remedyFor.ts',
]);

/** Errors of the plugin's own, whose sentences are in the list already. */
const AN_ERROR = 'an error';
/** Where the words come from that are not said where they are written: one of {@link MAKERS}, as a rule the same file. */
const BORROWED: Readonly<Record<string, string>> = {
  'config/settings.ts: problems.push(`plex_url: ': 'config/plexUrl.ts',
  'config/settings.ts: new SettingsError(problemText(problems))': 'config/settings.ts',
  'drain/catchUp.ts: log.warn(message)': 'drain/catchUp.ts',
  'drain/drainDue.ts: log.warn(lines.deadLetters)': 'drain/reportDeadLetters.ts',
  'drain/runDrainer.ts: log.warn(`': 'drain/runDrainer.ts',
  'launcher.cjs: refuse(sentence)': 'launcher.cjs',
  'main/drainerMain.ts: log.error(explain(error))': 'main/explain.ts',
  'main/openRunner.ts: log.warn(warning)': 'config/environment.ts',
  'main/taskMain.ts: log.error(sentence)': 'main/explain.ts',
  'notify/outbox.ts: log.warn(text)': 'notify/outbox.ts',
  "plex/PlexHttp.ts: new PlexError('serverError', message,": 'plex/PlexHttp.ts',
  "plex/statusError.ts: new PlexError('misconfigured', loginText(": 'plex/statusError.ts',
  "plex/statusError.ts: new PlexError('unauthorized', tokenText(": 'plex/statusError.ts',
  'plex/statusError.ts: new PlexError(kindOf(': 'plex/statusError.ts',
  "queue/openQueue.ts: keepMessage(db, { level: 'warn', ": 'storage/openDatabase.ts',
  'reconcile/reconcile.ts: errors.push(error instanceof Error': AN_ERROR,
  'reconcile/reconcile.ts: log.warn(unsettledText(': 'reconcile/reconcile.ts',
  'resilience/OutageHistory.ts: log.error(text)': 'resilience/OutageHistory.ts',
  "scene/findItems.ts: new SyncError('ambiguous', ": 'scene/findItems.ts',
  'scene/findItems.ts: log.warn(guessText(': 'scene/findItems.ts',
  "scene/findItems.ts: new SyncError('notInPlex', missingText(": 'scene/findItems.ts',
  'scene/gates/openGates.ts: log.warn(text)': 'scene/gates/openGates.ts',
  'scene/syncImages.ts: log.warn(unusableText(': 'scene/syncImages.ts',
  'scene/syncItem.ts: log.warn(`Scene ': 'edit/shortenedText.ts',
  'scene/syncItem.ts: log.warn(message)': 'scene/syncItem.ts',
  "scene/syncItem.ts: new SyncError( 'partial', message,": 'scene/syncItem.ts',
  "spool/takeIn.ts: keepMessage(db, { level: 'warn', ": 'spool/takeIn.ts',
  'storage/StorageError.ts: new StorageError(kind, ': 'storage/StorageError.ts',
  'takeover/takeOver.ts: refuse(obstacle, ': 'takeover/takeOver.ts',
  'takeover/takeOver.ts: refuse(message, ': 'takeover/takeOver.ts',
  'takeover/takeOver.ts: refuse(text: string, ': 'takeover/takeOver.ts',
  'tasks/healthCheck.ts: log.warn(problem)': AN_ERROR,
  'tasks/sendTestNotification.ts: log.warn(line)': 'notify/sendProblem.ts',
  'tasks/proposePathMap.ts: new TaskError(troubleText(': 'setup/setupRemedies.ts',
  'tasks/restorePlexItems.ts: log.warn(refusal)': 'tasks/reasonNotToRestore.ts',
};

/** Parts of the sentences of {@link MAKERS}, what they say when all is well, and what only a fault of the code could bring about. */
const NO_TROUBLE = new Set([
  '"…" is no Plex key.',
  '… Attempt … of …; next in … s.',
  '… Nothing is concluded yet; next in … s.',
  '… scenes that changed in Stash without a hook were queued.',
  'No outage is open that could end',
  'Outage ended at …, … jobs affected',
  'Outage history corrected, because the circuit is …',
  'Outage started at …',
  'The first one',
  'The queue goes on.',
  'answers with status …',
  'gives no answer',
  'has no title, the item keeps its own',
  'left alone, it was queued before without success',
  'listing the library',
  'looking for a file',
  'looking for items',
  'no usable answer',
  'not queued, Stash has nothing to sync yet',
  'reading an item',
  'the method PUT',
  'was up to date',
]);

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /\.(ts|cjs)$/.test(name))
  .sort();
const trouble = files.map((file): Trouble => {
  return troubleIn(file, readFileSync(join(SOURCES, file), 'utf8'), MAKERS.has(file));
});
const sentences = trouble.flatMap((each) => each.sentences);
const launcher = launcherFiles().flatMap(({ file, text }) =>
  shellSentences(text).map((each) => ({ file, text: each })),
);

const BEFORE_NODE = 'You see before Node runs';
/** What is explained, as it is quoted in a column of that name. */
const fragments = ['You see', 'Reason', BEFORE_NODE].flatMap((first) =>
  tableRows(GUIDE, first).flatMap((row) => quoted(row[first === 'Reason' ? 'You see' : first] ?? '')),
);

/** Whether the fixed words of a fragment stand in a sentence, in their order. */
function covers(fragment: string, text: string): boolean {
  let from = 0;
  return fragment.split('…').every((part) => {
    const at = text.indexOf(part.trim(), from);
    from = at + part.trim().length;
    return at >= 0;
  });
}

describe('the guide to trouble', () => {
  it('has an entry for every sentence that the plugin says when something is wrong', () => {
    const unexplained = [...sentences, ...launcher].filter(
      ({ text }) => !NO_TROUBLE.has(text) && !fragments.some((fragment) => covers(fragment, text)),
    );
    expect(unexplained).toEqual([]);
  });

  it('explains nothing that the plugin does not say', () => {
    const isSaid = (fragment: string) =>
      [...sentences, ...launcher].some(({ text }) => covers(fragment, text));
    expect(fragments.filter((fragment) => !isSaid(fragment))).toEqual([]);
  });

  it('quotes enough of each sentence to be found by it', () => {
    const tooShort = fragments.filter((fragment) => (fragment.match(/[a-z]{2,}/gi) ?? []).length < 2);
    expect(tooShort).toEqual([]);
  });

  it('knows where the words come from that are not said where they are written', () => {
    const calls = trouble.flatMap(({ borrowed }) => borrowed);
    const known = Object.keys(BORROWED);
    expect(calls.filter((call) => !known.some((start) => call.startsWith(start)))).toEqual([]);
    expect(known.filter((start) => !calls.some((call) => call.startsWith(start)))).toEqual([]);
    const places = Object.values(BORROWED).filter((place) => place !== AN_ERROR && place !== 'launcher.cjs');
    expect(places.filter((place) => !MAKERS.has(place))).toEqual([]);
  });

  it('takes nothing for said that is not', () => {
    const texts = new Set(sentences.map(({ text }) => text));
    expect([...NO_TROUBLE].filter((text) => !texts.has(text))).toEqual([]);
    expect([...MAKERS].filter((file) => !files.includes(file))).toEqual([]);
  });
});
