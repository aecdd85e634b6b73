import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { recordEvent } from '../../src/hooks/recordEvent.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { createProcessSlots } from '../../src/storage/processSlots.ts';
import { StorageError } from '../../src/storage/StorageError.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

const MODULE = new URL('../../src/storage/processSlots.ts', import.meta.url).href;

/** Another process with `slots` of the same folder; it says `ready` when `work` has begun. */
async function otherProcess(folder: string, max: number, work: string) {
  const code = `import { createProcessSlots } from ${JSON.stringify(MODULE)};
    const slots = createProcessSlots(${JSON.stringify(folder)}, ${max});
    ${work}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('ready');
  return {
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

const HOLD = `if (slots.acquire()) console.log('ready'); setInterval(() => {}, 1000);`;
const LOOK = `slots.liveCount(); console.log('ready'); for (;;) slots.liveCount();`;

describe('acquire', () => {
  it('gives as many slots as there are, and one again after its release (PG-1)', () => {
    const folder = join(tempFolder(), 'proc_slots');
    const [one, two] = [createProcessSlots(folder, 2), createProcessSlots(folder, 2)];
    const first = one.acquire();
    const second = two.acquire();
    expect([first, second]).toEqual([expect.anything(), expect.anything()]);
    expect(one.acquire()).toBeUndefined();
    first?.release();
    first?.release();
    expect(two.acquire()).toBeDefined();
    expect(createProcessSlots(folder, 2).acquire()).toBeUndefined();
  });

  it('does nothing at a second release, even when the slot is taken again (PG-1)', () => {
    const folder = tempFolder();
    const slots = createProcessSlots(folder, 1);
    const first = slots.acquire();
    first?.release();
    expect(slots.acquire()).toBeDefined();
    first?.release();
    expect(slots.acquire()).toBeUndefined();
    expect(slots.liveCount()).toBe(0);
    expect(createProcessSlots(folder, 1).liveCount()).toBe(1);
  });

  it('is not disturbed by what the original left in the folder', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'proc_slot.0'), '4711');
    const slots = createProcessSlots(folder, 1);
    expect(slots.liveCount()).toBe(0);
    expect(slots.acquire()).toBeDefined();
  });

  it('is refused to nobody because others only look (W52)', async () => {
    const folder = tempFolder();
    createProcessSlots(folder, 1).acquire()?.release();
    await Promise.all([otherProcess(folder, 1, LOOK), otherProcess(folder, 1, LOOK)]);
    const slots = createProcessSlots(folder, 1);
    let refused = 0;
    for (let times = 0; times < 300; times += 1) {
      const slot = slots.acquire();
      if (slot) slot.release();
      else refused += 1;
    }
    expect(refused).toBe(0);
  });

  it('tells a slot that cannot be used from one that is held (W24)', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'slot.0.lock'));
    const slots = createProcessSlots(folder, 2);
    expect(() => slots.acquire()).toThrow(StorageError);
    expect(() => slots.liveCount()).toThrow(StorageError);
    const file = join(folder, 'a file');
    writeFileSync(file, 'no folder');
    expect(() => createProcessSlots(file, 1).acquire()).toThrow(StorageError);
    expect(() => createProcessSlots(file, 1).liveCount()).toThrow(StorageError);
  });
});

describe('liveCount', () => {
  it('follows who takes and who releases (PG-2)', () => {
    const folder = join(tempFolder(), 'proc_slots');
    const watcher = createProcessSlots(folder, 5);
    const counts = [watcher.liveCount()];
    const note = () => counts.push(watcher.liveCount());
    const first = createProcessSlots(folder, 5).acquire();
    note();
    const second = createProcessSlots(folder, 5).acquire();
    note();
    first?.release();
    note();
    second?.release();
    note();
    expect(counts).toEqual([0, 1, 2, 1, 0]);
  });

  it('creates nothing, and sees no more slots than there are', () => {
    const folder = join(tempFolder(), 'proc_slots');
    expect(createProcessSlots(folder, 5).liveCount()).toBe(0);
    expect(existsSync(folder)).toBe(false);
    const held = createProcessSlots(folder, 2);
    held.acquire();
    held.acquire();
    expect(createProcessSlots(folder, 1).liveCount()).toBe(1);
    expect(createProcessSlots(folder, 9).liveCount()).toBe(2);
  });

  it('counts a slot of another process, and no longer after that was killed (PG-2)', async () => {
    const folder = tempFolder();
    const holder = await otherProcess(folder, 1, HOLD);
    const slots = createProcessSlots(folder, 1);
    expect(slots.liveCount()).toBe(1);
    expect(slots.acquire()).toBeUndefined();
    await holder.kill();
    expect(slots.liveCount()).toBe(0);
    expect(slots.acquire()).toBeDefined();
  });

  it('does not count the slot of the one who asks (W26)', () => {
    const folder = tempFolder();
    const slots = createProcessSlots(folder, 1);
    slots.acquire();
    expect(slots.liveCount()).toBe(0);
    expect(createProcessSlots(folder, 1).liveCount()).toBe(1);
  });

  it('counts no slot because others look at it at the same time (W52)', async () => {
    const folder = tempFolder();
    createProcessSlots(folder, 1).acquire()?.release();
    await Promise.all([otherProcess(folder, 1, LOOK), otherProcess(folder, 1, LOOK)]);
    const slots = createProcessSlots(folder, 1);
    let seen = 0;
    for (let times = 0; times < 1_000; times += 1) seen += slots.liveCount();
    expect(seen).toBe(0);
  });
});

describe('an event', () => {
  it('is recorded, and somebody is asked to come for it, while every slot is held (W1)', () => {
    const paths = resolvePaths({ STASH_PLUGIN_DATA: tempFolder() }, '/plugin');
    const slots = createProcessSlots(paths.processSlots, 2);
    while (slots.acquire()) {}
    const dependencies = { paths, clock: new FakeClock(), isAutodrainOn: true };
    expect(recordEvent({ action: 'sync', sceneIds: [7] }, dependencies)).toEqual({ needsDrainer: true });
    const db = openDatabase(paths.database, { durability: 'normal' });
    expect(db.prepare('SELECT scene_id FROM jobs').pluck().all()).toEqual([7]);
  });
});
