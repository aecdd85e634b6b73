import { describe, expect, it } from 'vitest';
import { createOperationLog } from '../../src/failures/OperationLog.ts';

describe('OperationLog', () => {
  it('tells what has worked since a point in time, and nothing before it', () => {
    const log = createOperationLog();
    log.worked('read');
    const mark = log.mark();
    expect(log.workedSince(mark)).toEqual(new Set());
    log.worked('edit');
    log.worked('edit');
    log.worked('read');
    expect(log.workedSince(mark)).toEqual(new Set(['edit', 'read']));
    expect(log.workedSince(log.mark())).toEqual(new Set());
    expect(log.workedSince(0)).toEqual(new Set(['edit', 'read']));
  });

  it('knows at which operation an error came up, for errors of servers only', () => {
    const log = createOperationLog();
    const error = new Error('no');
    log.failed('edit', error);
    log.failed('edit', 'a text');
    expect(log.operationOf(error)).toBe('edit');
    for (const other of [new Error('no'), 'a text', undefined, null]) {
      expect(log.operationOf(other)).toBeUndefined();
    }
  });

  it('does not take a failure for a success', () => {
    const log = createOperationLog();
    log.failed('edit', new Error('no'));
    expect(log.workedSince(0)).toEqual(new Set());
  });
});
