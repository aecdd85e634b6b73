import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod/mini';
import { withFileLock } from '../storage/withFileLock.ts';

const fileSchema = z.object({ device_id: z.string().check(z.minLength(1)) });

/**
 * The stable identifier under which Plex knows this installation; another one would show up there as a new device.
 * Created on first use; an existing value is used as it is.
 *
 * @param path `device_id.json`: `{"device_id": "<uuid>"}`.
 * @throws StorageError
 */
export async function deviceId(path: string): Promise<string> {
  const known = await storedId(path);
  if (known) return known;
  return withFileLock(path, async () => {
    // Another process may have been faster.
    const id = (await storedId(path)) ?? randomUUID();
    await writeFileAtomic(path, JSON.stringify({ device_id: id }, null, 2));
    return id;
  });
}

async function storedId(path: string): Promise<string | undefined> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).device_id;
  } catch {
    return undefined;
  }
}
