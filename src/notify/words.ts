import { counted } from '../log/counted.ts';
import { formatDuration } from '../resilience/formatDuration.ts';
import type { Outage } from '../resilience/OutageHistory.ts';
import type { Notice } from './Notice.ts';
import type { GivenUpNews } from './noticeBook.ts';

/** What a notice says and shows. */
export type Wording = Omit<Notice, 'id' | 'atMs'>;

/** @param reason a sentence; undefined when this process has not seen how it began. @param waiting scenes that wait already. */
export function outageWords(
  outage: Outage,
  reason: string | undefined,
  waiting: number,
  nowMs: number,
): Wording {
  const lastsSecs = Math.round(nowMs / 1000 - outage.startedAtSecs);
  return {
    event: 'outage',
    level: 'problem',
    title: 'Plex does not answer properly',
    message: [
      `For ${formatDuration(lastsSecs)} by now.`,
      ...(reason === undefined ? [] : [reason]),
      `${counted(waiting, 'scene', ['waits', 'wait'])}; nothing is lost, and the sync goes on by itself when Plex is back.`,
    ].join(' '),
    figures: { started_at: isoTime(outage.startedAtSecs), lasts_secs: lastsSecs, scenes_waiting: waiting },
  };
}

export function recoveryWords({ startedAtSecs, endedAtSecs, durationSecs, jobsAffected }: Outage): Wording {
  const length = durationSecs === null ? 'of unknown length' : `of ${formatDuration(durationSecs)}`;
  return {
    event: 'recovery',
    level: 'good',
    title: 'Plex is back',
    message: `After an outage ${length}. ${counted(jobsAffected, 'scene')} waited; the sync goes on by itself.`,
    figures: {
      started_at: isoTime(startedAtSecs),
      ended_at: endedAtSecs === null ? null : isoTime(endedAtSecs),
      duration_secs: durationSecs === null ? null : Math.round(durationSecs),
      scenes_waited: jobsAffected,
    },
  };
}

/** @param remedy what helps, as a sentence. */
export function givenUpWords({ errorType, fresh, total }: GivenUpNews, remedy: string): Wording {
  const inAll = total > fresh ? `, ${total} in all` : '';
  return {
    event: 'dead_letters',
    level: 'problem',
    title: `${counted(fresh, 'scene', ['was', 'were'])} given up: ${errorType}`,
    message: `${counted(fresh, 'scene', ['was', 'were'])} given up (${errorType}${inAll}). ${remedy}`,
    figures: { error_type: errorType, scenes: fresh, scenes_in_all: total },
  };
}

/** What a reconciliation has found, see `reconcile/ReconciliationResult`. */
export interface RunFigures {
  checked: number;
  gaps: Readonly<Record<string, number>>;
  enqueued: number;
  alreadyQueued: number;
  errors: readonly string[];
}

/** The differences that are worth a sync: not those that were tried in vain before, or for which Stash has nothing. */
export function gapsOf({ enqueued, alreadyQueued }: RunFigures): number {
  return enqueued + alreadyQueued;
}

export function reconciliationWords(run: RunFigures): Wording {
  const found = gapsOf(run);
  const kinds = Object.entries(run.gaps).filter(([, count]) => count > 0);
  const list = kinds.map(([kind, count]) => `${kind.replaceAll('_', ' ')} ${count}`).join(', ');
  const checked = counted(run.checked, 'scene', ['was', 'were']);
  const early = run.errors.length > 0 ? ' The comparison could not be finished.' : '';
  return {
    event: 'reconciliation',
    level: 'info',
    title: `${counted(found, 'scene', ['differs', 'differ'])} between Stash and Plex`,
    message: `${checked} checked. Differences by kind: ${list}. ${counted(found, 'scene', ['is', 'are'])} in the queue and will be synced.${early}`,
    figures: { scenes_checked: run.checked, gaps: { ...run.gaps }, scenes_queued: found },
  };
}

/** @param obstacle what stands in the way, as a sentence. */
export function attentionWords(obstacle: string): Wording {
  return {
    event: 'attention',
    level: 'problem',
    title: 'Stash2Plex needs you',
    message: `${obstacle} Nothing is synced until this is settled; no event is lost, and the sync goes on by itself then.`,
    figures: { obstacle },
  };
}

/** Of the task "Send Test Notification". */
export function testWords(): Wording {
  return {
    event: 'test',
    level: 'info',
    title: 'Test of Stash2Plex',
    message: 'If you can read this, notifications arrive.',
    figures: {},
  };
}

/** Null for what a damaged file may say. */
function isoTime(secs: number): string | null {
  const date = new Date(secs * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
