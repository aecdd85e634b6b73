import { describe, expect, it } from 'vitest';
import { alignedLines } from '../../src/tasks/alignedLines.ts';

describe('the lines of a report', () => {
  it('have their values in one column, one blank behind the longest label', () => {
    const rows = [
      ['Queued', 3],
      ['  of them new', '2'],
      ['None', ''],
    ] as const;
    expect(alignedLines(rows)).toEqual(['Queued:        3', '  of them new: 2', 'None:']);
  });

  it('share a column with the report before', () => {
    expect(alignedLines([['A', 1]], 6)).toEqual(['A:    1']);
    expect(alignedLines([['A long label', 1]], 6)).toEqual(['A long label: 1']);
    expect(alignedLines([])).toEqual([]);
  });
});
