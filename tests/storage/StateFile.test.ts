import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openMemoryState, openStateFile, type StateFormat } from '../../src/storage/StateFile.ts';
import type { StorageError } from '../../src/storage/StorageError.ts';
import { type Counter, openCounter, plus } from '../support/counterState.ts';
import { holdFileLock } from '../support/holdFileLock.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { tempFolder } from '../support/tempFolder.ts';

const same = (state: Counter): Counter => ({ ...state });

/** A change during whose first look at the state another process does something. */
function onFirstCall(change: (state: Counter) => Counter, happen: () => void): (state: Counter) => Counter {
  let calls = 0;
  return (state) => {
    calls += 1;
    if (calls === 1) happen();
    return change(state);
  };
}

/** A path for a state file, what is beside it, and a log. */
function setUp(content?: string | Uint8Array) {
  const folder = tempFolder();
  const path = join(folder, 'state.json');
  if (content !== undefined) writeFileSync(path, content);
  const { log, lines } = recordingLog();
  const unsaved: StorageError[] = [];
  return {
    folder,
    path,
    log,
    unsaved,
    store: openCounter(path, log, { onUnsaved: (error) => unsaved.push(error) }),
    stored: (): unknown => JSON.parse(readFileSync(path, 'utf8')),
    warnings: () => lines.filter(({ level }) => level === 'warn').map(({ text }) => text),
  };
}

describe('a state file', () => {
  it('that is missing gives the initial state, and is not made by looking', async () => {
    const { store, path, warnings } = setUp();
    expect(await store.read()).toEqual({ count: 0 });
    expect(await store.condition()).toBe('missing');
    expect(existsSync(path)).toBe(false);
    expect(warnings()).toEqual([]);
  });

  it('is made with its folder by the first change, and leaves nothing beside it', async () => {
    const folder = join(tempFolder(), 'deep', 'down');
    const path = join(folder, 'state.json');
    const { log } = recordingLog();
    expect(await openCounter(path, log).update(plus(2))).toEqual({
      before: { count: 0 },
      after: { count: 2 },
    });
    expect(await openCounter(path, log).read()).toEqual({ count: 2 });
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('says what it was like at the first look, also after changes', async () => {
    const sound = setUp('{"count": 1}');
    await sound.store.update(plus(1));
    expect(await sound.store.condition()).toBe('sound');
    const missing = setUp();
    await missing.store.update(plus(1));
    expect(await missing.store.condition()).toBe('missing');
    const damaged = setUp('[]');
    await damaged.store.update(plus(1));
    expect(await damaged.store.condition()).toBe('damaged');
  });

  it('keeps keys that nobody knows (W27)', async () => {
    const { store, stored } = setUp('{"later": {"deep": [1]}, "count": 1, "__proto__": 5}');
    await store.update(plus(1));
    expect(JSON.stringify(stored())).toBe('{"later":{"deep":[1]},"count":2,"__proto__":5}');
  });

  it('is read anew each time', async () => {
    const { store, path } = setUp('{"count": 1}');
    await store.read();
    writeFileSync(path, '{"count": 7}');
    expect(await store.read()).toEqual({ count: 7 });
    expect(await store.update(plus(1))).toEqual({ before: { count: 7 }, after: { count: 8 } });
  });

  it('may begin with a byte order mark', async () => {
    const { store, warnings } = setUp('\u{feff}{"count": 3}');
    expect(await store.read()).toEqual({ count: 3 });
    expect(warnings()).toEqual([]);
  });
});

describe('a damaged state file', () => {
  const damages: [string, string | Uint8Array][] = [
    ['no UTF-8', new Uint8Array(Buffer.from('{"name": "\xff", "count": 3}', 'latin1'))],
    ['UTF-16', new Uint8Array(Buffer.from('\u{feff}{"count": 3}', 'utf16le'))],
    ['binary', new Uint8Array(300)],
    ['broken JSON', '{"count": 3'],
    ['empty', ''],
    ['NaN', '{"count": NaN}'],
    ['Infinity', '{"count": Infinity}'],
    ['a list', '[{"count": 3}]'],
    ['null', 'null'],
    ['text', '"count"'],
    ['a number', '3'],
  ];

  it.each(damages)(
    'is set aside as it is, with one warning, and starts anew: %s (W27)',
    async (_, content) => {
      const { store, folder, path, stored, warnings } = setUp(content);
      const before = readFileSync(path);
      expect(await store.read()).toEqual({ count: 0 });
      expect(await store.read()).toEqual({ count: 0 });
      expect(await store.condition()).toBe('damaged');
      await store.update(plus(1));
      await store.update(plus(1));
      expect(stored()).toEqual({ count: 2 });

      const aside = readdirSync(folder).filter((name) => name !== 'state.json');
      expect(aside).toEqual([expect.stringContaining('state.json.damaged-')]);
      expect(readFileSync(join(folder, String(aside[0])))).toEqual(before);
      expect(warnings()).toEqual([expect.stringContaining(`${path} is damaged and set aside`)]);
    },
  );

  it('is set aside by a change, too, before anything is written (W27)', async () => {
    const { store, folder, stored } = setUp('{"count": 3');
    expect(await store.update(plus(1))).toEqual({ before: { count: 0 }, after: { count: 1 } });
    expect(stored()).toEqual({ count: 1 });
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('is set aside by one of those who look at the same time (W27)', async () => {
    const { path, folder, log, warnings } = setUp('{"count": 3');
    const states = await Promise.all([1, 2, 3].map(() => openCounter(path, log).read()));
    expect(states).toEqual([{ count: 0 }, { count: 0 }, { count: 0 }]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(warnings()).toHaveLength(1);
  });

  it('is not set aside when another process was faster and put a sound one in its place (W27, W28)', async () => {
    const { path, folder, log, warnings } = setUp('[]');
    const release = await holdFileLock(path);
    const looked = Promise.withResolvers<void>();
    const format: StateFormat<unknown> = {
      initial: null,
      decode(json) {
        looked.resolve();
        return Array.isArray(json) ? undefined : json;
      },
      encode: (state) => state,
    };
    const read = openStateFile({ path, format, log }).read();
    await looked.promise;
    writeFileSync(path, '{"count": 5}');
    await release();
    expect(await read).toEqual({ count: 5 });
    expect(readdirSync(folder)).toEqual(['state.json']);
    expect(warnings()).toEqual([]);
  });

  it('tells whoever asks for it what is wrong', async () => {
    const { path, log, warnings } = setUp('{"count": 3');
    const reasons: string[] = [];
    await openCounter(path, log, { onDamage: (reason) => reasons.push(reason) }).read();
    expect(reasons).toEqual(['it is no valid JSON.']);
    expect(warnings()).toEqual([]);
  });

  it('is set aside also when it was damaged only a moment ago (W27)', async () => {
    const { store, path, folder, stored, warnings } = setUp('{"count": 3}');
    const change = onFirstCall(plus(1), () => writeFileSync(path, '{"count": '));
    expect(await store.update(change)).toEqual({ before: { count: 0 }, after: { count: 1 } });
    expect(stored()).toEqual({ count: 1 });
    expect(readdirSync(folder)).toHaveLength(2);
    expect(warnings()).toHaveLength(1);
  });

  it('that is damaged twice is set aside twice', async () => {
    const { store, path, folder } = setUp('{"count": 3');
    await store.read();
    writeFileSync(path, '[]');
    expect(await store.read()).toEqual({ count: 0 });
    const asides = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(asides.sort()).toEqual(['[]', '{"count": 3']);
  });
});

describe('a change that changes nothing', () => {
  it('writes nothing (W46)', async () => {
    const { store, path } = setUp('{"count": 1}');
    const { ino, mtimeNs } = statSync(path, { bigint: true });
    for (let n = 0; n < 10; n += 1) {
      expect(await store.update(same)).toEqual({ before: { count: 1 }, after: { count: 1 } });
    }
    expect(statSync(path, { bigint: true })).toMatchObject({ ino, mtimeNs });
    expect(await setUp().store.update(same)).toEqual({ before: { count: 0 }, after: { count: 0 } });
  });

  it('writes nothing when another process has just done the same (W46)', async () => {
    const { store, path } = setUp('{"count": 1}');
    const setToFive = () => ({ count: 5 });
    const change = onFirstCall(setToFive, () => writeFileSync(path, '{"count": 5}'));
    const { ino } = statSync(path);
    expect(await store.update(change)).toEqual({ before: { count: 5 }, after: { count: 5 } });
    expect(statSync(path).ino).toBe(ino);
  });

  it('makes no file (W46)', async () => {
    const { store, folder } = setUp();
    await store.update(same);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('needs no lock (W46)', async () => {
    const { store, path, unsaved } = setUp('{"count": 1}');
    await holdFileLock(path);
    await store.update(same);
    expect(unsaved).toEqual([]);
  });
});

describe('a change that cannot be stored', () => {
  it('because of a held lock counts at once, and is stored with the next one (W28)', async () => {
    const { store, path, log, stored, unsaved } = setUp('{"count": 1}');
    const release = await holdFileLock(path);
    expect(await store.update(plus(1))).toEqual({ before: { count: 1 }, after: { count: 2 } });
    expect(unsaved).toMatchObject([{ name: 'StorageError', kind: 'busy' }]);
    expect(await store.read()).toEqual({ count: 2 });
    expect(stored()).toEqual({ count: 1 });

    await release();
    // Another process was faster: neither change is lost.
    await openCounter(path, log).update(plus(10));
    expect(await store.read()).toEqual({ count: 12 });
    expect(await store.update(plus(100))).toEqual({ before: { count: 12 }, after: { count: 112 } });
    expect(stored()).toEqual({ count: 112 });
    expect(unsaved).toHaveLength(1);
  });

  it('because a folder has its name counts at once, and is stored when it can be (W24, W28)', async () => {
    const { store, path, stored, unsaved } = setUp();
    mkdirSync(path);
    expect(await store.read()).toEqual({ count: 0 });
    expect(await store.update(plus(1))).toEqual({ before: { count: 0 }, after: { count: 1 } });
    expect(await store.update(plus(1))).toEqual({ before: { count: 1 }, after: { count: 2 } });
    expect(await store.condition()).toBe('missing');
    expect(unsaved.map(({ kind }) => kind)).toEqual(['unusable', 'unusable', 'unusable', 'unusable']);

    rmdirSync(path);
    // What changes nothing is an opportunity as well.
    expect(await store.update(same)).toEqual({ before: { count: 2 }, after: { count: 2 } });
    expect(stored()).toEqual({ count: 2 });
  });

  it('because its folder cannot be made counts at once (W28)', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), '');
    const { log, lines } = recordingLog();
    const store = openCounter(join(folder, 'file', 'state.json'), log);
    expect(await store.update(plus(1))).toEqual({ before: { count: 0 }, after: { count: 1 } });
    expect(await store.read()).toEqual({ count: 1 });
    expect(new Set(lines.map(({ level }) => level))).toEqual(new Set(['debug']));
  });

  it('is not kept when it changes nothing', async () => {
    const { store, path } = setUp();
    mkdirSync(path);
    await store.update(plus(1));
    let calls = 0;
    const counted = (state: Counter) => {
      calls += 1;
      return state;
    };
    for (let n = 0; n < 20; n += 1) await store.update(counted);
    calls = 0;
    await store.read();
    expect(calls).toBe(0);
  });
});

describe('several writers', () => {
  it('of one process lose no change, and see what the others did (W28)', async () => {
    const { path, log, store, stored } = setUp();
    const other = openCounter(path, log);
    await Promise.all([store.read(), other.read()]);
    const changes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? store : other).update(plus(1))),
    );
    expect(stored()).toEqual({ count: 20 });
    // Each change was a step of its own.
    expect(changes.map(({ before }) => before.count).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
    expect(changes.every(({ before, after }) => after.count === before.count + 1)).toBe(true);
  });

  it('of one store take effect in the order they came', async () => {
    const { store } = setUp('{"count": 1}');
    const [, read] = await Promise.all([store.update(plus(1)), store.read(), store.update(plus(10))]);
    expect(read).toEqual({ count: 2 });
    expect(await store.read()).toEqual({ count: 12 });
  });

  it('of several processes lose no change (W28)', async () => {
    const { path, stored } = setUp();
    const script = fileURLToPath(new URL('../support/countInProcess.ts', import.meta.url));
    const children = [1, 2, 3].map(() => spawn(process.execPath, [script, path, '10']));
    onTestFinished(() => {
      for (const child of children) child.kill('SIGKILL');
    });
    const ends = children.map(outputOf);
    // All of them have seen the state before any of them changes it.
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) child.stdin.end();
    expect(await Promise.all(ends)).toEqual(['ready\n', 'ready\n', 'ready\n']);
    expect(stored()).toEqual({ count: 30 });
  });
});

describe('a state in memory', () => {
  it('works the same, without a file', async () => {
    const store = openMemoryState<Counter>({ count: 1 });
    expect(await store.update(plus(1))).toEqual({ before: { count: 1 }, after: { count: 2 } });
    expect(await store.read()).toEqual({ count: 2 });
    expect(await store.condition()).toBe('missing');
  });
});

/** All that a process writes, once it has ended. */
async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      output += text.toString();
    });
  }
  await once(child, 'close');
  return output;
}
