import { readFileSync, renameSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../log/logger.ts';
import { errorCode, StorageError } from './StorageError.ts';
import { withFileLock } from './withFileLock.ts';

/** How a state is written as JSON and read back. */
export interface StateFormat<T> {
  /**
   * Reads any JSON value: unusable parts become defaults, one by one.
   *
   * @returns undefined when it is not even the right kind of value, so that the file counts as damaged.
   */
  decode(json: unknown): T | undefined;
  /** @param stored what the file holds now, for keys that this version does not know; undefined without a file. */
  encode(state: T, stored: unknown): unknown;
  /** The state before anything was stored. */
  initial: T;
}

/** What the file was like when this process first looked. */
export type StateFileCondition = 'missing' | 'sound' | 'damaged';

/** State before and after a change. */
export interface StateChange<T> {
  before: T;
  after: T;
}

/** A small state that processes share. */
export interface StateStore<T> {
  /** The state now: what is stored, with this process's unsaved changes. Never throws. */
  read(): Promise<T>;
  /**
   * Applies `change` to the state as it is stored now, under a lock; nothing is locked or written when nothing changes (W46).
   * A change that cannot be stored now counts for this process at once, and is stored with the next update (W28). Never throws.
   *
   * @param change a pure function; it may be applied again, to a newer state.
   */
  update(change: (state: T) => T): Promise<StateChange<T>>;
  condition(): Promise<StateFileCondition>;
}

export interface StateFileOptions<T> {
  path: string;
  format: StateFormat<T>;
  log: Logger;
  /** Called when the file is damaged: the warning for the user. @param reason what is wrong, as a sentence. */
  onDamage?: (reason: string) => void;
  /** Called when the file could not be read, or a change not be saved; `busy` while another process holds its lock. */
  onUnsaved?: (error: StorageError) => void;
  /** Called once, when the first look finds a sound file. */
  onLoaded?: (state: T) => void;
}

/**
 * A JSON state file: any content loads, unknown keys survive, a damaged file is set aside under another name with one
 * warning, every write is atomic and starts from what is stored at that moment (W27, W28).
 */
export function openStateFile<T>(options: StateFileOptions<T>): StateStore<T> {
  const { path, format, log } = options;
  const onDamage = options.onDamage ?? ((reason) => log.warn(`${path} is damaged and set aside: ${reason}`));
  const onUnsaved = options.onUnsaved ?? ((error) => log.debug(`State not saved: ${error.message}`));
  let unsaved: ((state: T) => T)[] = [];
  let firstCondition: StateFileCondition | undefined;
  /** The last state that could be read; stands in while the file cannot be. */
  let lastRead = format.initial;
  // Changes of one process are applied one after another, in the order they were asked for.
  let queue: Promise<unknown> = Promise.resolve();

  const load = async (): Promise<Content<T>> => {
    const content = await readContent(path, format);
    if (firstCondition === undefined) {
      firstCondition = content.condition;
      if (content.condition === 'sound') options.onLoaded?.(content.state);
    }
    return content;
  };
  const replayed = (state: T): T => unsaved.reduce((current, change) => change(current), state);
  const isSaved = (before: T, after: T) => unsaved.length === 0 && isDeepStrictEqual(before, after);

  /** Only under the lock: another process may have put a sound file in place meanwhile. */
  const setAside = (reason: string) => {
    renameSync(path, `${path}.damaged-${crypto.randomUUID().slice(0, 8)}`);
    onDamage(reason);
  };
  const loadRepaired = async (): Promise<Content<T>> => {
    const content = await load();
    if (content.condition !== 'damaged') return content;
    return withFileLock(path, async () => {
      const again = await load();
      if (again.condition !== 'damaged') return again;
      setAside(again.reason);
      return { condition: 'missing', state: format.initial, json: undefined };
    });
  };
  /** @throws when the file cannot be read, or its repair has to wait; what was read last stands. */
  const look = async (): Promise<void> => {
    lastRead = (await loadRepaired()).state;
  };
  const readNow = async (): Promise<T> => {
    try {
      await look();
    } catch (error) {
      onUnsaved(StorageError.from(error, `The file ${path} cannot be read`));
    }
    return replayed(lastRead);
  };
  const save = (): Promise<void> =>
    withFileLock(path, async () => {
      const stored = await load();
      if (stored.condition === 'damaged') setAside(stored.reason);
      const next = replayed(stored.state);
      if (!isDeepStrictEqual(stored.state, next)) {
        const json = format.encode(next, stored.condition === 'sound' ? stored.json : undefined);
        // Loaded when it is needed: most processes only read state files.
        const { default: writeFileAtomic } = await import('write-file-atomic');
        await writeFileAtomic(path, `${JSON.stringify(json, null, 2)}\n`);
      }
      lastRead = next;
      unsaved = [];
    });
  const updateNow = async (change: (state: T) => T): Promise<StateChange<T>> => {
    // Saving has its own say about a file in trouble.
    await look().catch(() => {});
    const seen = replayed(lastRead);
    if (isSaved(seen, change(seen))) return { before: seen, after: seen };
    // What really happens is decided under the lock, from what is stored then.
    let before: T = seen;
    const recorded = (state: T): T => {
      before = state;
      return change(state);
    };
    unsaved.push(recorded);
    try {
      await save();
      return { before, after: lastRead };
    } catch (error) {
      onUnsaved(StorageError.from(error, `The file ${path} cannot be written`));
      const after = replayed(lastRead);
      // What changes nothing is not kept, or a file that can never be written would let this list grow for ever.
      if (isDeepStrictEqual(before, after)) unsaved.pop();
      return { before, after };
    }
  };
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  return {
    read: () => inTurn(readNow),
    update: (change) => inTurn(() => updateNow(change)),
    async condition() {
      await inTurn(readNow);
      return firstCondition ?? 'missing';
    },
  };
}

/**
 * The state as it is stored, for whoever only looks: nothing is set aside or locked. What cannot be read, or is damaged, counts as
 * nothing stored. Never throws.
 */
export async function peekState<T>(
  path: string,
  format: Pick<StateFormat<T>, 'decode' | 'initial'>,
): Promise<T> {
  try {
    return (await readContent(path, format)).state;
  } catch {
    return format.initial;
  }
}

/** State of this process only, for whoever has no data folder. */
export function openMemoryState<T>(initial: T): StateStore<T> {
  let state = initial;
  return {
    read: async () => state,
    async update(change) {
      const before = state;
      state = change(before);
      return { before, after: state };
    },
    condition: async () => 'missing',
  };
}

type Content<T> =
  | { condition: 'missing' | 'sound'; state: T; json: unknown }
  | { condition: 'damaged'; state: T; reason: string };

/** @throws when the file is there but cannot be read. */
async function readContent<T>(
  path: string,
  { decode, initial }: Pick<StateFormat<T>, 'decode' | 'initial'>,
): Promise<Content<T>> {
  const missing: Content<T> = { condition: 'missing', state: initial, json: undefined };
  // As it is as a rule, and cheaper to find out than by an error.
  if (!statSync(path, { throwIfNoEntry: false })) return missing;
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return missing;
    throw error;
  }
  const damaged = (reason: string): Content<T> => ({ condition: 'damaged', state: initial, reason });
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return damaged(error instanceof SyntaxError ? 'it is no valid JSON.' : 'it is no UTF-8 text.');
  }
  const state = decode(json);
  return state === undefined
    ? damaged('it holds something else than expected.')
    : { condition: 'sound', state, json };
}
