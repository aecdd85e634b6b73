import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StorageError } from '../../src/storage/StorageError.ts';
import { withFileLock } from '../../src/storage/withFileLock.ts';
import { tempFolder } from '../support/tempFolder.ts';

const MODULE = new URL('../../src/storage/withFileLock.ts', import.meta.url).href;

/** Another process that takes the lock at `path`, says so, and does `then`. */
function otherProcess(path: string, then: string) {
  const script = `
    import { rmSync, readFileSync, writeFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withFileLock } from ${JSON.stringify(MODULE)};
    const path = ${JSON.stringify(path)};
    ${then}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    output += text.toString();
  });
  return {
    child,
    /** Resolves when the child has written `text`. */
    said: (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (output.includes(text)) resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`The other process ended without "${text}": ${output}`)));
        look();
      }),
    ended: new Promise<{ code: number | null; output: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, output }));
    }),
  };
}

describe('withFileLock', () => {
  it('gives what the work gives, or throws what it throws, and lets go either way', async () => {
    const path = join(tempFolder(), 'state.json');
    expect(await withFileLock(path, () => 7)).toBe(7);
    await expect(
      withFileLock(path, () => {
        throw new RangeError('mine');
      }),
    ).rejects.toThrow(RangeError);
    expect(await withFileLock(path, async () => 8)).toBe(8);
  });

  it('needs neither the file nor its folder, and leaves nothing behind', async () => {
    const folder = join(tempFolder(), 'new');
    await withFileLock(join(folder, 'state.json'), () => {});
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says in the words of a StorageError that there can be no lock', async () => {
    const path = join(tempFolder(), 'x'.repeat(300));
    await expect(withFileLock(path, () => 'in')).rejects.toBeInstanceOf(StorageError);
  });

  it('lets one after another in', async () => {
    const path = join(tempFolder(), 'state.json');
    let inside = 0;
    let peak = 0;
    const work = async () => {
      inside += 1;
      peak = Math.max(peak, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 6 }, () => withFileLock(path, work)));
    expect(peak).toBe(1);
  });

  it('loses no change of several processes (W16)', async () => {
    const path = join(tempFolder(), 'count.json');
    writeFileSync(path, '0');
    const add = `
      for (let n = 0; n < 15; n += 1) {
        await withFileLock(path, () => writeFileSync(path, String(Number(readFileSync(path, 'utf8')) + 1)));
      }
    `;
    const ends = await Promise.all([1, 2, 3].map(() => otherProcess(path, add).ended));
    expect(ends.map(({ code, output }) => ({ code, output }))).toEqual(
      Array.from({ length: 3 }, () => ({ code: 0, output: '' })),
    );
    expect(readFileSync(path, 'utf8')).toBe('45');
  });

  it('takes over a lock that is long out of date at once', async () => {
    const path = join(tempFolder(), 'state.json');
    mkdirSync(`${path}.locked`);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(`${path}.locked`, longAgo, longAgo);
    expect(await withFileLock(path, () => 'in')).toBe('in');
  });

  it('does not mind the lock file that another plugin has left behind (W24)', async () => {
    const path = join(tempFolder(), 'state.json');
    writeFileSync(`${path}.lock`, '');
    expect(await withFileLock(path, () => 'in')).toBe('in');
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe('');
  });

  it('gives up some day on a lock that is held, and calls it busy (W24)', async () => {
    const path = join(tempFolder(), 'state.json');
    const { said } = otherProcess(
      path,
      `await withFileLock(path, () => { console.log('held'); return sleep(60_000); });`,
    );
    await said('held');
    const error = await withFileLock(path, () => 'in').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ kind: 'busy' });
  });

  it('lets the next one in, without an error, after its holder was killed', async () => {
    const path = join(tempFolder(), 'state.json');
    const { child, said, ended } = otherProcess(
      path,
      `await withFileLock(path, () => { console.log('held'); return sleep(60_000); });`,
    );
    await said('held');
    child.kill('SIGKILL');
    await ended;
    expect(await withFileLock(path, () => 'in')).toBe('in');
  });

  it('does not bring the process down when its lock is taken away under it', async () => {
    const path = join(tempFolder(), 'state.json');
    const { ended } = otherProcess(
      path,
      `await withFileLock(path, async () => { rmSync(path + '.locked', { recursive: true }); await sleep(6_500); });
       console.log('survived');`,
    );
    expect(await ended).toEqual({ code: 0, output: 'survived\n' });
  });
});
