import { expect, it } from 'vitest';
import type { DashboardReport } from '../../../src/tasks/pageReports.ts';
import { conditionOf } from '../../../src/ui/state/condition.ts';

const report = (told: {
  circuit?: Partial<DashboardReport['circuit']>;
  queue?: Partial<DashboardReport['queue']>;
  obstacle?: string;
  events?: DashboardReport['events'];
}): DashboardReport => ({
  summary: '',
  version: '2.0.0',
  atMs: 1_000_000,
  circuit: { state: 'closed', openedAtMs: null, trialAtMs: null, ...told.circuit },
  obstacle: told.obstacle ?? null,
  isDrainerAlive: true,
  plexLatencyMs: null,
  queue: { due: 0, waiting: 0, running: 0, deadLetters: 0, shared: 0, heldBack: 0, next: [], ...told.queue },
  ratePerMinute: null,
  secsToEmpty: null,
  events: told.events ?? [],
  reconciliation: {
    lastRunAtMs: null,
    scope: null,
    scenesChecked: 0,
    gapsFound: 0,
    queued: 0,
    lastError: null,
  },
  outages: [],
  throughput: [],
});
const SOME: DashboardReport['events'] = [{ atMs: 0, sceneId: 1, outcome: 'written', text: 'A film' }];
const word = (told: Parameters<typeof report>[0]) => conditionOf(report(told)).word;

it('says the one thing to know', () => {
  expect(word({ events: SOME })).toBe('All done');
  expect(word({ queue: { waiting: 3 } })).toBe('Waiting');
  expect(word({ queue: { due: 1, waiting: 3 } })).toBe('Syncing');
  expect(word({ queue: { running: 1 } })).toBe('Syncing');
  expect(word({ queue: { due: 1 }, obstacle: 'The token is refused.' })).toBe('In the way');
  expect(word({ circuit: { state: 'half_open' } })).toBe('Trying Plex');
  expect(word({ circuit: { state: 'open' }, obstacle: 'Nobody answers.' })).toBe('Plex is away');
});

it('says before all else that nothing is synced', () => {
  const away = report({ circuit: { state: 'open' }, obstacle: 'Nobody answers.' });
  expect(conditionOf(away, { problem: 'No token.', isOff: true }).word).toBe('Not set up');
  expect(conditionOf(away, { problem: null, isOff: true }).word).toBe('Switched off');
  expect(conditionOf(away, { problem: null, isOff: false }).word).toBe('Plex is away');
});

it('says when Plex is tried again', () => {
  const { text } = conditionOf(report({ circuit: { state: 'open', trialAtMs: 1_040_000 } }));
  expect(text).toBe('Scenes wait, nothing is lost. It is tried again in 40 s.');
});

it('does not call a plugin well that nobody has set up yet', () => {
  expect(conditionOf(report({}))).toEqual({
    tone: 'idle',
    word: 'Not begun',
    text: 'Nothing was synced yet: begin under “Set up”.',
  });
  expect(word({ queue: { heldBack: 1 } })).toBe('All done');
  expect(word({ queue: { due: 1 } })).toBe('Syncing');
});
