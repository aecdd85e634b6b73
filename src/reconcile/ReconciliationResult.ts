import { counted } from '../log/counted.ts';
import { describeHeld, type GateCounts, heldSentence, totalHeld } from '../scene/gates/GateCounts.ts';
import { type GapCounts, NO_GAPS, totalOf } from './Gap.ts';
import type { ReconcileScope } from './scopes.ts';

/** What a run found and did. Every scene that was checked counts once among `right` to `undecided` (W-62). */
export interface ReconciliationResult {
  scope: ReconcileScope;
  /** Scenes of the scope that were looked at. */
  checked: number;
  /** Plex shows them as they are in Stash. */
  right: number;
  gaps: GapCounts;
  /** Several items may be theirs (W-55). */
  ambiguous: number;
  /** Their item belongs to another scene as well, which was looked at first: each would undo what the other one writes. */
  shared: number;
  /** They were synced, and their item is gone from Plex. */
  gone: number;
  noFile: number;
  /** They have never been synced, and the setting `reconcile_missing` is off. */
  leftOut: number;
  /** Gates hold them back, by gate; left out while nobody is. */
  heldBack?: GateCounts;
  /** Stash or Plex could not tell about them, or a library changed too fast; another run finds out. */
  undecided: number;

  // What became of the gaps; every gap counts once.
  enqueued: number;
  alreadyQueued: number;
  /** Nothing but a title, path or rating is in Stash. */
  noMetadata: number;
  /** Queued before, without success, and nothing has changed since. */
  leftAlone: number;

  /** Scenes that Stash has no more, of which something was remembered. */
  forgotten: number;
  /** Ids of some of the scenes, for the user. */
  examples: { ambiguous: number[]; shared: number[]; leftAlone: number[]; gone: number[] };
  /** Why the run could not be finished, as sentences. */
  errors: string[];
}

/** Most ids in a list of examples. */
export const MAX_EXAMPLES = 20;

/** A result in which nothing has happened yet. */
export function nothingFound(scope: ReconcileScope): ReconciliationResult {
  return {
    scope,
    checked: 0,
    right: 0,
    gaps: { ...NO_GAPS },
    ambiguous: 0,
    shared: 0,
    gone: 0,
    noFile: 0,
    leftOut: 0,
    undecided: 0,
    enqueued: 0,
    alreadyQueued: 0,
    noMetadata: 0,
    leftAlone: 0,
    forgotten: 0,
    examples: { ambiguous: [], shared: [], leftAlone: [], gone: [] },
    errors: [],
  };
}

/** The report of a run, one line a figure, aligned; figures that are rarely anything only when they are. */
export function reportLines(result: ReconciliationResult): string[] {
  const { gaps, examples } = result;
  const always: [string, number][] = [
    ['Scenes checked', result.checked],
    ['Right in Plex', result.right],
    ['Gaps', totalOf(gaps)],
    ['  empty metadata', gaps.empty_metadata],
    ['  stale sync', gaps.stale_sync],
    ['  missing', gaps.missing],
    ['Queued', result.enqueued],
    ['Already queued', result.alreadyQueued],
    ['Lack of metadata', result.noMetadata],
  ];
  const sometimes: [string, number, number[]?][] = [
    ['Left alone', result.leftAlone, examples.leftAlone],
    ['Several Plex items', result.ambiguous, examples.ambiguous],
    ['Share an item', result.shared, examples.shared],
    ['Gone from Plex', result.gone, examples.gone],
    ['Without a file', result.noFile],
    ['Missing, left out', result.leftOut],
    ['Undecided', result.undecided],
    ['Deleted in Stash', result.forgotten],
  ];
  const line = (name: string, count: number, ids: readonly number[] = []) =>
    `${`${name}:`.padEnd(20)} ${count}${ids.length > 0 ? ` (${idList(ids, count)})` : ''}`;
  return [
    ...always.map(([name, count]) => line(name, count)),
    ...(result.heldBack
      ? [`${line('Held back by gates', totalHeld(result.heldBack))} (${describeHeld(result.heldBack)})`]
      : []),
    ...sometimes.filter(([, count]) => count > 0).map(([name, count, ids]) => line(name, count, ids)),
  ];
}

function idList(ids: readonly number[], count: number): string {
  return `scenes ${ids.join(', ')}${count > ids.length ? ` and ${count - ids.length} more` : ''}`;
}

/** A run as a sentence for the user. */
export function describeRun(result: ReconciliationResult): string {
  const { checked, gaps, enqueued, leftAlone, ambiguous, shared } = result;
  const rest = [
    leftAlone > 0
      ? `${counted(leftAlone, 'scene', ['was', 'were'])} queued before without success and left alone now`
      : '',
    shared > 0
      ? `${counted(shared, 'scene', ['shares its', 'share their'])} Plex item with another scene`
      : '',
    ambiguous > 0 ? `${counted(ambiguous, 'scene')} may belong to several Plex items` : '',
    heldSentence(result.heldBack),
  ].filter((part) => part !== '');
  const found = totalOf(gaps);
  const outcome =
    found === 0 ? 'no gaps found' : `${counted(found, 'gap')} found, ${counted(enqueued, 'scene')} queued`;
  const sentence = `${counted(checked, 'scene')} checked: ${outcome}.`;
  return rest.length > 0 ? `${sentence} ${rest.join('; ')}.` : sentence;
}
