import { TaskError } from './Task.ts';

/** Arguments of a task: texts from the task list, any JSON from Stash's API. */
export type TaskArgs = Readonly<Record<string, unknown>>;

/** What an argument that is a number may be. */
export interface NumberRule {
  /** What it is when it is left out or blank. */
  default: number;
  minimum: number;
  maximum?: number;
  isWhole?: boolean;
  /** What it counts, for the sentence about one that is wrong: `days`. */
  unit: string;
}

/** @throws TaskError when the argument is no such number. */
export function numberArg(args: TaskArgs, name: string, rule: NumberRule): number {
  const value = args[name];
  if (isBlank(value)) return rule.default;
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  const { minimum, maximum = Number.MAX_SAFE_INTEGER, isWhole = false, unit } = rule;
  if (Number.isFinite(number) && number >= minimum && number <= maximum) {
    if (!isWhole || Number.isInteger(number)) return number;
  }
  const range = rule.maximum === undefined ? `from ${minimum} on` : `from ${minimum} to ${rule.maximum}`;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new TaskError(`"${name}" must be ${kind} of ${unit} ${range}, not ${shown(value)}.`);
}

/** A scene's id; undefined when it is left out or blank. @throws TaskError when it is none. */
export function sceneIdArg(args: TaskArgs, name: string): number | undefined {
  const value = args[name];
  if (isBlank(value)) return undefined;
  const id = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  if (isSceneId(id)) return id;
  throw new TaskError(
    `"${name}" must be the number of a scene, as in the address of its page, not ${shown(value)}.`,
  );
}

/** A scene's id that must not be left out. @throws TaskError when it is none. */
export function requiredSceneId(args: TaskArgs, name: string): number {
  const id = sceneIdArg(args, name);
  if (id !== undefined) return id;
  throw new TaskError(
    `"${name}" must be the number of a scene, as in the address of its page; it is missing.`,
  );
}

/**
 * Ids of scenes, without doubles: a list, or a text with commas between them; undefined when it is left out or blank.
 *
 * @throws TaskError when one of them is none, or the list is empty: nobody means all scenes by that.
 */
export function sceneIdsArg(args: TaskArgs, name: string): number[] | undefined {
  const value = args[name];
  if (isBlank(value)) return undefined;
  const parts: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [value];
  const ids = parts.map((part) =>
    typeof part === 'string' && /^\s*\d+\s*$/.test(part) ? Number(part) : part,
  );
  if (ids.length > 0 && ids.every(isSceneId)) return [...new Set(ids)];
  throw new TaskError(
    `"${name}" must be numbers of scenes with commas between them, as in the addresses of their pages, not ${shown(value)}.`,
  );
}

function isSceneId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** One of several words; the first when it is left out or blank. @throws TaskError when it is another. */
export function wordArg<const T extends readonly [string, ...string[]]>(
  args: TaskArgs,
  name: string,
  words: T,
): T[number] {
  const value = args[name];
  if (isBlank(value)) return words[0];
  const word = words.find((each) => each === String(value).trim().toLowerCase());
  if (word !== undefined) return word;
  const quoted = words.map((each) => `"${each}"`);
  const list = [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter(Boolean).join(' or ');
  throw new TaskError(`"${name}" must be ${list}, not ${shown(value)}.`);
}

/** A text without blanks around it; undefined when it is left out or blank. @throws TaskError when it is no text. */
export function textArg(args: TaskArgs, name: string): string | undefined {
  const value = args[name];
  if (isBlank(value)) return undefined;
  if (typeof value === 'string') return value.trim();
  throw new TaskError(`"${name}" must be a text, not ${shown(value)}.`);
}

/** A switch, off when it is left out or blank: "false" is a text, which JavaScript would take for true. */
export function flagArg(args: TaskArgs, name: string): boolean {
  return wordArg(args, name, ['false', 'true']) === 'true';
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Most of an argument that a sentence about it repeats. */
export const SHOWN_LENGTH = 100;

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, SHOWN_LENGTH) ?? String(value);
}
