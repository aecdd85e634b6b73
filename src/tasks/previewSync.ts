import { counted } from '../log/counted.ts';
import { shortened } from '../log/shortened.ts';
import { addHeld, type GateCounts, heldSentence } from '../scene/gates/GateCounts.ts';
import type { ItemPreview } from '../scene/previewScene.ts';
import type { PreviewRequest, PreviewResult } from '../scene/previewScenes.ts';
import { alignedLines } from './alignedLines.ts';
import { gateRows } from './gateRows.ts';
import { previewFields } from './previewFields.ts';
import { quoted } from './shownText.ts';
import { type Task, type TaskContext, TaskError } from './Task.ts';
import { numberArg, sceneIdArg, sceneIdsArg, type TaskArgs, wordArg } from './taskArgs.ts';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1_000;
/** Longest value in a line of the log, and in the answer. */
const LINE_LENGTH = 60;
const ANSWER_LENGTH = 500;

type Preview = PreviewResult['previews'][number];

/**
 * Task "Preview Sync": what the next sync would change in Plex, scene by scene, for the scenes that wait, for the one of `scene_id`, or
 * with `scope` "all" for the first of all; at most `limit`. With "auto" those that wait, and the first of all while none does: before
 * the plugin is switched on, or after everything is synced. `scene_ids` names some scenes. The answer holds each item's fields as they are in
 * Stash, in Plex now, and in Plex then: those that change, with `detail` "all" every one that is synced. Nothing is written anywhere.
 *
 * @throws TaskError when an argument is wrong, or Plex or Stash cannot be asked.
 */
export const previewSync: Task = async (context, args) => {
  const { log } = context;
  const request = requestOf(args, context);
  const detail = wordArg(args, 'detail', ['changes', 'all']);
  log.progress(0);
  const { previews, total, problem } = await context.previewScenes(request, (share) => log.progress(share));
  if (problem && previews.length === 0) throw new TaskError(`${problem} Nothing could be looked at.`);
  log.info('=== Preview Sync ===');
  for (const preview of previews) logPreview(preview, context);
  const figures = figuresOf(previews);
  const rows = [
    ['Looked at', request.scope === 'scene' ? 1 : `${previews.length} of ${total}`],
    ['Would change', figures.changed],
    ['Right already', figures.right],
    ...(figures.shared > 0 ? ([["Another scene's item", figures.shared]] as const) : []),
    ...gateRows(figures.heldBack),
    ['Nothing to sync', figures.skipped],
    ['Cannot be synced', figures.failed],
  ] as const;
  for (const line of alignedLines(rows)) log.info(line);
  if (problem)
    throw new TaskError(`${problem} Only ${counted(previews.length, 'scene')} could be looked at.`);
  const held = heldSentence(figures.heldBack);
  const found = sentence(request, previews.length, figures.changed);
  const summary = `${found}${held === '' ? '' : ` ${held}.`} Nothing was written.`;
  log.info(summary);
  log.progress(1);
  return {
    summary,
    lookedAt: previews.length,
    total,
    ...figures,
    scenes: previews.map((each) => answered(each, detail)),
  };
};

function requestOf(args: TaskArgs, { jobs }: TaskContext): PreviewRequest {
  const sceneId = sceneIdArg(args, 'scene_id');
  const word = wordArg(args, 'scope', ['auto', 'queue', 'all']);
  const rule = { default: DEFAULT_LIMIT, minimum: 1, maximum: MAX_LIMIT, isWhole: true, unit: 'scenes' };
  const limit = numberArg(args, 'limit', rule);
  const sceneIds = sceneIdsArg(args, 'scene_ids');
  if (sceneIds && (sceneId !== undefined || sceneIds.length > MAX_LIMIT)) {
    throw new TaskError(`Name at most ${MAX_LIMIT} scenes by "scene_ids", or one by "scene_id", not both.`);
  }
  if (sceneId !== undefined) return { scope: 'scene', sceneId };
  if (sceneIds) return { scope: 'scenes', sceneIds };
  if (word !== 'auto') return { scope: word, limit };
  const { due, waiting } = jobs.counts();
  return { scope: due + waiting > 0 ? 'queue' : 'all', limit };
}

function figuresOf(previews: readonly Preview[]) {
  const count = (isMeant: (preview: Preview) => boolean) => previews.filter(isMeant).length;
  const heldBack = previews.reduce<GateCounts | undefined>(
    (counts, preview) => (preview.outcome === 'held_back' ? addHeld(counts, { [preview.gate]: 1 }) : counts),
    undefined,
  );
  return {
    changed: count(isChange),
    right: count((preview) => preview.outcome === 'found' && !isChange(preview)),
    shared: count(({ outcome }) => outcome === 'shared'),
    skipped: count(({ outcome }) => outcome === 'skipped'),
    failed: count(({ outcome }) => outcome === 'failed'),
    ...(heldBack ? { heldBack } : {}),
  };
}

function isChange(preview: Preview): boolean {
  return itemsOf(preview).some(({ changes }) => changes.length > 0);
}

/** Every item that would be written to, or is right. */
function itemsOf(preview: Preview): ItemPreview[] {
  return preview.outcome === 'found' ? [preview, ...(preview.further ?? [])] : [];
}

function sentence({ scope }: PreviewRequest, count: number, changed: number): string {
  if (count === 0) return scope === 'queue' ? 'No scenes wait to be synced.' : 'Stash has no scenes.';
  return `The next sync would change the Plex item of ${changed} of ${counted(count, 'scene')}.`;
}

function logPreview(preview: Preview, { log }: TaskContext): void {
  const scene = `Scene ${preview.sceneId}`;
  if (preview.outcome === 'skipped') log.info(`${scene} is not synced: ${preview.reason}.`);
  if (preview.outcome === 'held_back') log.info(`${scene} is held back: ${preview.reason}.`);
  if (preview.outcome === 'failed') log.info(`${scene} cannot be synced: ${preview.reason}`);
  if (preview.outcome === 'shared') log.info(`${scene} is not written: ${preview.reason}.`);
  if (preview.outcome !== 'found') return;
  const doubt = preview.confidence === 'low' ? ', one of several that may be meant' : '';
  for (const { ratingKey, item, changes } of itemsOf(preview)) {
    if (changes.length === 0) continue;
    log.info(`${scene}: Plex item ${ratingKey} "${shortened(item, LINE_LENGTH)}"${doubt}`);
    const rows = changes.map(
      ({ field, from, to }) =>
        [`  ${field}`, `${quoted(from, LINE_LENGTH)} → ${quoted(to, LINE_LENGTH)}`] as const,
    );
    for (const line of alignedLines(rows)) log.info(line);
  }
}

type Detail = 'changes' | 'all';

function answered(preview: Preview, detail: Detail): unknown {
  if (preview.outcome !== 'found') return preview;
  const { further } = preview;
  const items = further ? { further: further.map((item) => withShortTexts(item, detail)) } : {};
  return { ...withShortTexts(preview, detail), ...items };
}

function withShortTexts(preview: ItemPreview, detail: Detail) {
  const short = (text: string) => shortened(text, ANSWER_LENGTH);
  const changes = preview.changes.map(({ field, from, to }) => ({ field, from: short(from), to: short(to) }));
  return { ...preview, changes, fields: previewFields(preview, detail, short) };
}
