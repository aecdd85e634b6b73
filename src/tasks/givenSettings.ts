import { isRecord } from '../config/pluginInput.ts';
import { TaskError } from './Task.ts';
import type { TaskArgs } from './taskArgs.ts';

/**
 * The argument `settings`: a map of settings that may not be stored yet, as an object or as its JSON; empty when it is left out.
 *
 * @throws TaskError when it is something else. What it holds is never repeated: there is a token in it.
 */
export function givenSettings({ settings }: TaskArgs): Record<string, unknown> {
  if (settings === undefined || settings === null || settings === '') return {};
  const map = typeof settings === 'string' ? parsed(settings) : settings;
  if (isRecord(map)) return map;
  throw new TaskError('"settings" must be an object with the names and values of settings.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
