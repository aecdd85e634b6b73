import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Logger } from '../log/logger.ts';
import { errorCode, StorageError } from '../storage/StorageError.ts';
import { withFileLock } from '../storage/withFileLock.ts';

/**
 * The stable identifier under which Plex knows this installation; another one would show up there as a new device.
 * Created on first use; an existing value is used as it is, and whatever else the file holds stays. Where the file cannot be read,
 * locked or written, one that this machine and this path always give stands in, with one warning: no sync waits for a name. Never throws.
 *
 * @param path `device_id.json`: `{"device_id": "<uuid>"}`.
 * @returns asks the file once and then knows it.
 */
export function openDeviceId(path: string, log: Logger): () => Promise<string> {
  let known: Promise<string> | undefined;
  const found = async () => {
    try {
      return await storedId(path, log);
    } catch (error) {
      const { message } = StorageError.from(error, `The file ${path} cannot be used`);
      log.warn(`${message} Until then Plex may show this plugin under another device name.`);
      return standIn(path);
    }
  };
  return () => {
    known ??= found();
    return known;
  };
}

async function storedId(path: string, log: Logger): Promise<string> {
  const known = idIn(await stored(path));
  if (known) return known;
  return withFileLock(path, async () => {
    // Another process may have been faster.
    const content = await stored(path);
    const id = idIn(content) ?? randomUUID();
    if (content === undefined) {
      await setAside(path);
      log.warn(`${path} is damaged and set aside; Plex will show this plugin as a new device.`);
    }
    // Loaded once in an installation's life.
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(path, JSON.stringify({ ...content, device_id: id }, null, 2));
    return id;
  });
}

/** In the form of a random UUID, but the same in each process. */
function standIn(path: string): string {
  const hex = createHash('sha256').update(`${hostname()}\n${path}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

type Content = Record<string, unknown>;

/** The file's object, empty when there is no file yet; undefined when what is there is damaged. */
async function stored(path: string): Promise<Content | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null && !Array.isArray(content)
      ? (content as Content)
      : undefined;
  } catch {
    return undefined;
  }
}

function idIn(content: Content | undefined): string | undefined {
  const id = content?.['device_id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** A damaged file is kept under another name. */
async function setAside(path: string): Promise<void> {
  await rename(path, `${path}.damaged-${randomUUID().slice(0, 8)}`);
}
