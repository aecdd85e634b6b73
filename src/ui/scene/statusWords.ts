import type { SceneStatusReport } from '../../tasks/pageReports.ts';
import { ago, due } from '../format/moments.ts';

/** A scene's status in a word and a sentence. */
export interface StatusWords {
  tone: 'good' | 'bad' | 'warn' | 'info' | 'idle';
  word: string;
  text: string;
}

/** What a status means for the user. */
export function statusWords(report: SceneStatusReport, nowMs: number): StatusWords {
  const { status, gate, dueAtMs, ownerId, lastSyncedAtMs, summary } = report;
  const synced = lastSyncedAtMs === undefined ? '' : ` Last synced ${ago(lastSyncedAtMs, nowMs)}.`;
  switch (status) {
    case 'equal':
      return { tone: 'good', word: 'Equal', text: `The Plex item has what the scene says.${synced}` };
    case 'waiting': {
      const when = dueAtMs === undefined ? '' : ` Its turn comes ${due(dueAtMs, nowMs)}.`;
      return { tone: 'warn', word: 'Waiting', text: `The scene waits to be synced.${when}${synced}` };
    }
    case 'running':
      return { tone: 'info', word: 'Syncing', text: 'The scene is being synced.' };
    case 'failed':
      return { tone: 'bad', word: 'Failed', text: `The scene was given up.${synced}` };
    case 'not_in_plex':
      return { tone: 'bad', word: 'Not in Plex', text: 'Plex has no item for the file of the scene.' };
    case 'shared': {
      const owner = ownerId === undefined ? 'Another scene' : `Scene ${ownerId}`;
      return { tone: 'info', word: 'Shared', text: `${owner} has the same Plex item and writes to it.` };
    }
    case 'held_back': {
      const word = gate === undefined ? 'Held back' : `Held back: ${gate}`;
      return { tone: 'info', word, text: 'The settings keep this scene from being synced.' };
    }
    case 'restored':
      return {
        tone: 'info',
        word: 'Restored',
        text: 'The Plex item is what it was before Stash2Plex changed it, until the scene is synced again.',
      };
    case 'never_synced':
      return {
        tone: 'idle',
        word: 'Never synced',
        text: 'Nothing has asked for this scene to be synced yet.',
      };
    default:
      // A later version of the plugin may know more.
      return { tone: 'idle', word: String(status), text: summary };
  }
}
