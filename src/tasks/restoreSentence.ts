import { counted } from '../log/counted.ts';
import type { RestoreResult } from '../scene/RestoreResult.ts';

/** What a summary depends on besides the figures. */
export interface RestoreFacts {
  apply: boolean;
  enabled: boolean;
  /** How long is kept what items held; 0 for nothing. */
  days: number;
}

/** What came of restoring, and what happens next. */
export function restoreSentence(result: RestoreResult, { apply, enabled, days }: RestoreFacts): string {
  const { selected, elsewhere } = result;
  if (selected + elsewhere === 0) {
    if (days === 0) return 'Nothing is kept of Plex items, because the setting "undo_retention_days" is 0.';
    return `There is nothing to restore: Stash2Plex has changed no such Plex item within the last ${counted(days, 'day')}.`;
  }
  const parts = apply ? appliedParts(result) : previewParts(result, enabled);
  if (elsewhere > 0)
    parts.push(`${counted(elsewhere, 'item', ['is', 'are'])} on another Plex server and ${stay(elsewhere)}.`);
  return parts.join(' ');
}

function appliedParts({ selected, restored, right, waiting, ...rest }: RestoreResult): string[] {
  const done = restored + right;
  return [
    `${done} of ${counted(selected, 'Plex item')} ${done === 1 ? 'is' : 'are'} what ${done === 1 ? 'it was' : 'they were'} before Stash2Plex changed ${done === 1 ? 'it' : 'them'}.`,
    ...leftParts(rest),
    ...(rest.failed > 0 && rest.problem === undefined ? ['Run the task again for the rest.'] : []),
    ...(done > 0
      ? [
          'Reconciliation leaves them so; a change of their scenes in Stash, Sync All or Sync Recent writes them again.',
        ]
      : []),
    ...(waiting > 0
      ? [
          `The scenes of ${waiting} of them wait to be synced and are written once "enabled" is on: run "Clear Pending Queue" before if you do not want that.`,
        ]
      : []),
  ];
}

function previewParts({ selected, restored, ...rest }: RestoreResult, enabled: boolean): string[] {
  const off = enabled ? 'switch the setting "enabled" off and ' : '';
  return [
    `${restored} of ${counted(selected, 'Plex item')} would go back to what ${restored === 1 ? 'it was' : 'they were'} before Stash2Plex changed ${restored === 1 ? 'it' : 'them'}.`,
    ...leftParts(rest),
    'Nothing was written.',
    ...(restored > 0 ? [`To restore them, ${off}run "Restore Plex Items".`] : []),
  ];
}

type Left = Pick<RestoreResult, 'left' | 'gone' | 'lostPictures' | 'failed' | 'refused'>;

/** What is not restored, and why. */
function leftParts({ left, gone, lostPictures, failed, refused }: Left): string[] {
  const [leftFields, refusedFields] = [sum(left), sum(refused)];
  return [
    ...(leftFields > 0
      ? [
          `${counted(leftFields, 'field', ['was', 'were'])} changed by somebody since and ${stay(leftFields)} ("force" restores them too).`,
        ]
      : []),
    ...(refusedFields > 0 ? [`Plex did not take ${counted(refusedFields, 'field')}.`] : []),
    ...(lostPictures > 0
      ? [`${counted(lostPictures, 'picture', ['of before is', 'of before are'])} not to be had any more.`]
      : []),
    ...(gone > 0 ? [`${counted(gone, 'item', ['is', 'are'])} not in Plex any more.`] : []),
    ...(failed > 0 ? [`Plex failed at ${counted(failed, 'item')}; the log says how.`] : []),
  ];
}

function stay(count: number): string {
  return count === 1 ? 'stays as it is' : 'stay as they are';
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
