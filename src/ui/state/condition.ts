import type { DashboardReport } from '../../tasks/pageReports.ts';
import { due } from '../format/moments.ts';

/** How things are, in a word and a sentence. */
export interface Condition {
  tone: 'good' | 'warn' | 'bad' | 'idle';
  word: string;
  text: string;
}

/** Whether the settings let the plugin work. */
export interface Readiness {
  /** What keeps it from working at all; null for nothing. */
  problem: string | null;
  isOff: boolean;
}

/**
 * The one thing to know: whether anything is synced at all, then Plex's absence, then what else is in the way, then the work.
 *
 * @param readiness undefined where it is not known.
 */
export function conditionOf(report: DashboardReport, readiness?: Readiness): Condition {
  const { circuit, obstacle, queue } = report;
  if (readiness && readiness.problem !== null) {
    return { tone: 'warn', word: 'Not set up', text: 'Nothing is synced before it knows your Plex server.' };
  }
  if (readiness?.isOff) return { tone: 'idle', word: 'Switched off', text: 'Nothing is written to Plex.' };
  if (circuit.state === 'open') {
    const trial =
      circuit.trialAtMs === null ? '' : ` It is tried again ${due(circuit.trialAtMs, report.atMs)}.`;
    return { tone: 'bad', word: 'Plex is away', text: `Scenes wait, nothing is lost.${trial}` };
  }
  if (obstacle !== null) return { tone: 'bad', word: 'In the way', text: obstacle };
  if (circuit.state === 'half_open') {
    return { tone: 'warn', word: 'Trying Plex', text: 'Plex seems to be back; one scene tries.' };
  }
  const open = queue.due + queue.running;
  if (open > 0) return { tone: 'good', word: 'Syncing', text: 'Plex answers, and scenes are being synced.' };
  if (queue.waiting > 0) {
    return {
      tone: 'warn',
      word: 'Waiting',
      text: 'Plex answers; the scenes that wait are tried again later.',
    };
  }
  if (isUntouched(report)) {
    return { tone: 'idle', word: 'Not begun', text: 'Nothing was synced yet: begin under “Set up”.' };
  }
  const text = report.plexLatencyMs === null ? 'Nothing waits.' : 'Plex answers, and nothing waits.';
  return { tone: 'good', word: 'All done', text };
}

/** As after the installation: nothing was done yet, so nothing is said to be well. */
function isUntouched({ queue, events, plexLatencyMs, reconciliation }: DashboardReport): boolean {
  const { deadLetters, shared, heldBack } = queue;
  const hasLeft = deadLetters + shared + heldBack > 0;
  return !hasLeft && events.length === 0 && plexLatencyMs === null && reconciliation.lastRunAtMs === null;
}
