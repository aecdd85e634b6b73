import type { SceneOperation } from './Operation.ts';

/** Which operations worked, and at which one an error came up; asked of the watched clients of one process. */
export interface OperationLog {
  worked(operation: SceneOperation): void;
  failed(operation: SceneOperation, error: unknown): void;
  /** The operation that threw `error`, if it was one of a server's. */
  operationOf(error: unknown): SceneOperation | undefined;
  /** A point in time for {@link workedSince}. */
  mark(): number;
  /** What has worked since `mark`. */
  workedSince(mark: number): Set<SceneOperation>;
}

/** Starts empty. */
export function createOperationLog(): OperationLog {
  const lastWorkedAt = new Map<SceneOperation, number>();
  const operations = new WeakMap<object, SceneOperation>();
  let count = 0;
  return {
    worked(operation) {
      count += 1;
      lastWorkedAt.set(operation, count);
    },
    failed(operation, error) {
      if (typeof error === 'object' && error !== null) operations.set(error, operation);
    },
    operationOf: (error) => (typeof error === 'object' && error !== null ? operations.get(error) : undefined),
    mark: () => count,
    workedSince: (mark) =>
      new Set([...lastWorkedAt].filter(([, at]) => at > mark).map(([operation]) => operation)),
  };
}
