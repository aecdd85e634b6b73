import type { Evidence } from './Evidence.ts';
import type { Operation } from './Operation.ts';

/** Whose fault a failure is; `unclear` while there is nothing to go by. */
export type Fault = 'scene' | 'server' | 'unclear';

export interface JudgeContext {
  evidence: Evidence;
  /** A monotonic time. */
  nowMs: number;
  /** Whether the operation works for another scene now; undefined when that cannot be found out. */
  ask: (operation: Operation) => Promise<boolean | undefined>;
}

/**
 * Evidence decides, not the status: a failure is the scene's own only when the same operation works for another scene after it. While
 * nothing else is known a control question finds out, but not for the first failure: the next scene in the queue will tell as well.
 */
export async function judge(operation: Operation, sceneId: number, context: JudgeContext): Promise<Fault> {
  const { evidence, nowMs } = context;
  switch (evidence.failed(operation, sceneId, nowMs)) {
    case 'first':
      return 'unclear';
    case 'own':
      return 'scene';
    case 'again':
      return byControl(operation, context, 'unclear');
    case 'widespread':
      // A conclusion of our own about one scene after the other: that both servers answer well does not make it the scenes' fault.
      return operation === 'internal' ? 'server' : byControl(operation, context, 'server');
  }
}

/** Whether a scene may be given up for it: only if the operation works for another one at this very moment. */
export function isCertain(operation: Operation, context: JudgeContext): Promise<Fault> {
  return byControl(operation, context, 'unclear');
}

async function byControl(
  operation: Operation,
  { ask, evidence }: JudgeContext,
  otherwise: Fault,
): Promise<Fault> {
  const works = await ask(operation);
  if (works === undefined) return otherwise;
  if (!works) return 'server';
  evidence.worked([operation]);
  return 'scene';
}
