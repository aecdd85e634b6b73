import type { Paths } from '../config/paths.ts';
import { InputError, parsePluginInput } from '../config/pluginInput.ts';
import { UnusableFile } from '../spool/spoolFiles.ts';
import { takeIn } from '../spool/takeIn.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { Clock } from '../time/clock.ts';
import { isHookContext, sceneEvent } from './sceneEvent.ts';
import { writeEvent } from './writeEvent.ts';

/** Where the events are, and where they go. */
export interface TakeInContext {
  paths: Pick<Paths, 'spool' | 'refusedEvents'>;
  db: Database;
  clock: Clock;
}

/** Takes in what launchers recorded; events that do not matter are dropped. @throws what SQLite throws */
export function takeInEvents({ paths, db, clock }: TakeInContext): void {
  takeIn({ paths, db, clock, eventOf: (document) => eventOf(document, db, clock) });
}

function eventOf(document: string, db: Database, clock: Clock): () => void {
  const event = sceneEvent(hookContextOf(document));
  if (event.action === 'ignore') return () => {};
  return () => void writeEvent(event, db, clock.now());
}

function hookContextOf(document: string) {
  try {
    const { hookContext } = parsePluginInput(document).args;
    if (isHookContext(hookContext)) return hookContext;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  throw new UnusableFile('is not what Stash tells a hook');
}
