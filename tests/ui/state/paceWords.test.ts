import { expect, it } from 'vitest';
import type { DashboardReport } from '../../../src/tasks/pageReports.ts';
import { paceWords } from '../../../src/ui/state/paceWords.ts';

interface Told {
  queue?: Partial<DashboardReport['queue']>;
  state?: DashboardReport['circuit']['state'];
  obstacle?: string;
  rate?: number;
  secsToEmpty?: number;
}

const words = ({ queue, state = 'closed', obstacle, rate, secsToEmpty }: Told) =>
  paceWords({
    summary: '',
    version: '2.0.0',
    atMs: 1_000_000,
    circuit: { state, openedAtMs: null, trialAtMs: null },
    obstacle: obstacle ?? null,
    isDrainerAlive: true,
    plexLatencyMs: null,
    queue: { due: 0, waiting: 0, running: 0, deadLetters: 0, shared: 0, heldBack: 0, next: [], ...queue },
    ratePerMinute: rate ?? null,
    secsToEmpty: secsToEmpty ?? null,
    events: [],
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

it('says when the queue is empty at this rate, and what else is left', () => {
  expect(words({})).toBe('nothing to measure');
  expect(words({ queue: { due: 4 }, rate: 5, secsToEmpty: 48 })).toBe('empty in 48 s');
  expect(words({ rate: 5, secsToEmpty: 0 })).toBe('nothing waits');
  expect(words({ queue: { waiting: 1 }, rate: 5, secsToEmpty: 0 })).toBe('the rest comes later');
});

it('promises no end while something is in the way', () => {
  const queue = { due: 4 };
  expect(words({ queue, rate: 5, secsToEmpty: 48, state: 'open' })).toBe('at a stand');
  expect(words({ queue, obstacle: 'The token is refused.' })).toBe('at a stand');
  expect(words({ rate: 5, secsToEmpty: 0, state: 'open' })).toBe('nothing waits');
});
