import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tryExclusiveLock } from '../../src/storage/exclusiveLock.ts';
import { StorageError } from '../../src/storage/StorageError.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A process that takes the lock and says so. */
async function holder(path: string) {
  const module = fileURLToPath(new URL('../../src/storage/exclusiveLock.ts', import.meta.url));
  const code = `import { tryExclusiveLock } from ${JSON.stringify(module)};
    console.log(tryExclusiveLock(${JSON.stringify(path)}) ? 'held' : 'refused'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

describe('tryExclusiveLock', () => {
  it('is granted once, and again after its release (WK-13)', () => {
    const path = join(tempFolder(), 'new', 'drainer.lock');
    const lock = tryExclusiveLock(path);
    expect(lock).toBeDefined();
    expect(tryExclusiveLock(path)).toBeUndefined();
    lock?.release();
    expect(tryExclusiveLock(path)).toBeDefined();
  });

  it('is refused while another process holds it, and free the moment that process is killed (W15, W-69)', async () => {
    const path = join(tempFolder(), 'drainer.lock');
    const { child, said } = await holder(path);
    expect(said).toBe('held');
    expect(tryExclusiveLock(path)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(tryExclusiveLock(path)).toBeDefined();
  });

  it('tells "cannot be locked" from "held" (W24)', () => {
    const path = join(tempFolder(), 'drainer.lock');
    mkdirSync(path);
    expect(() => tryExclusiveLock(path)).toThrow(StorageError);
  });
});
