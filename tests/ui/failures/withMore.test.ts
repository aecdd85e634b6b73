import { expect, it } from 'vitest';
import type { FailuresReport } from '../../../src/tasks/pageReports.ts';
import { withMore } from '../../../src/ui/failures/withMore.ts';

const group = (errorType: string, ...ids: number[]): FailuresReport['groups'][number] => ({
  errorType,
  title: errorType,
  remedy: '',
  count: 9,
  firstFailedAtMs: 0,
  lastFailedAtMs: 0,
  scenes: ids.map((id) => ({ sceneId: id, deadLetterId: id, message: '', attempts: 1, failedAtMs: 0 })),
});

it('adds further scenes to their group, none twice, and leaves the other groups alone', () => {
  const report = {
    summary: '',
    total: 18,
    groups: [group('A', 1, 2), group('B', 3)],
    shared: { total: 0, scenes: [] },
  };
  const { groups } = withMore(report, [group('A', 2, 4)]);
  expect(groups.map(({ scenes }) => scenes.map(({ deadLetterId }) => deadLetterId))).toEqual([
    [1, 2, 4],
    [3],
  ]);
});
