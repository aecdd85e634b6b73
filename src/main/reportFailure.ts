import { createLogger } from '../log/logger.ts';
import { createRedactor } from '../log/redactor.ts';
import { createStderrSink } from '../log/stderrSink.ts';
import { answer } from './answer.ts';
import { explain } from './explain.ts';

/** Ends an invocation that failed before it had a log of its own: one log line, one `error` for Stash. */
export function reportFailure(error: unknown): void {
  const sentence = explain(error);
  createLogger({ sink: createStderrSink(), redactor: createRedactor() }).error(sentence);
  answer({ error: sentence });
}
