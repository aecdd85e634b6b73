import { InputError } from '../config/pluginInput.ts';
import { SHOWN_LENGTH, type TaskArgs } from './taskArgs.ts';

/**
 * An argument that a task does not take is most likely a slip of the pen, and would be ignored silently.
 *
 * @param args those of the input, `mode` among them.
 * @param taken what the task takes beside `mode`.
 * @throws InputError
 */
export function checkArgs({ mode, ...others }: TaskArgs, taken: readonly string[]): void {
  const unknown = Object.keys(others).find((name) => !taken.includes(name));
  if (unknown === undefined) return;
  const takes = taken.length > 0 ? `it takes ${taken.join(', ')}` : 'it takes none';
  throw new InputError(
    `Unknown argument "${unknown.slice(0, SHOWN_LENGTH)}" of the mode "${String(mode)}": ${takes}.`,
  );
}
