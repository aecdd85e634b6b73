import { Parser } from 'pickleparser';
import { checkOperations, PickleError } from './checkOperations.ts';

/** No job is larger, and none nests deeper; references inside a pickle could make either of a few bytes. */
const MAX_SIZE = 4_000_000;
const MAX_DEPTH = 50;

/**
 * Reads a job that the Python plugin has pickled: a dictionary of texts, numbers, booleans, nulls, lists and dictionaries. Nothing
 * is executed and no class is made.
 *
 * @param blob the column's value, whatever it is.
 * @throws PickleError
 */
export function readPickledJob(blob: unknown): Record<string, unknown> {
  if (!(blob instanceof Uint8Array)) throw new PickleError('it is no pickle');
  checkOperations(blob);
  let value: unknown;
  try {
    // Maps, because a key such as `__proto__` would change an object.
    value = new Parser({ unpicklingTypeOfDictionary: 'Map' }).parse(blob);
  } catch (error) {
    throw new PickleError('its operations do not fit together', { cause: error });
  }
  if (!(value instanceof Map)) throw new PickleError('it is no dictionary');
  const size = { left: MAX_SIZE };
  return plain(value, size, 0) as Record<string, unknown>;
}

/** The same as JSON has it. */
function plain(value: unknown, size: { left: number }, depth: number): unknown {
  size.left -= typeof value === 'string' ? value.length + 1 : 1;
  if (size.left < 0 || depth > MAX_DEPTH) throw new PickleError('it unfolds to more than any job is');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((entry) => plain(entry, size, depth + 1));
  if (!(value instanceof Map)) throw new PickleError('its operations do not fit together');
  const entries = [...value].map(([key, entry]) => {
    if (typeof key !== 'string') throw new PickleError('it has a key that is no text');
    size.left -= key.length;
    return [key, plain(entry, size, depth + 1)] as const;
  });
  return Object.fromEntries(entries);
}
