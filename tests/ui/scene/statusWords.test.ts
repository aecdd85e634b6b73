import { expect, it } from 'vitest';
import type { SceneStatusReport } from '../../../src/tasks/pageReports.ts';
import { statusWords } from '../../../src/ui/scene/statusWords.ts';

const NOW = 1_000_000_000;
const words = (report: Partial<SceneStatusReport>) =>
  statusWords({ summary: 'S', sceneId: 1, status: 'equal', items: [], ...report }, NOW);

it('has a word for every status, and a sentence', () => {
  const all = [
    'equal',
    'waiting',
    'running',
    'failed',
    'shared',
    'held_back',
    'not_in_plex',
    'never_synced',
    'restored',
  ] as const;
  expect(all.map((status) => words({ status }).word)).toEqual([
    'Equal',
    'Waiting',
    'Syncing',
    'Failed',
    'Shared',
    'Held back',
    'Not in Plex',
    'Never synced',
    'Restored',
  ]);
  for (const status of all) expect(words({ status }).text).toMatch(/^[A-Z].*\.$/);
});

it('names the gate, the owner and the times', () => {
  expect(words({ status: 'held_back', gate: 'organized' }).word).toBe('Held back: organized');
  expect(words({ status: 'shared', ownerId: 12 }).text).toContain('Scene 12');
  expect(words({ status: 'waiting', dueAtMs: NOW + 40_000 }).text).toContain('in 40 s');
  expect(words({ lastSyncedAtMs: NOW - 300_000 }).text).toContain('Last synced 5 min ago.');
});

it('shows what it does not know as it is', () => {
  const report = { status: 'of tomorrow' as SceneStatusReport['status'] };
  expect(words(report)).toEqual({ tone: 'idle', word: 'of tomorrow', text: 'S' });
});
