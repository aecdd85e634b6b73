import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { giveSign, isSignAlive, takeSignBack } from '../../src/spool/signOfLife.ts';
import { tempFolder } from '../support/tempFolder.ts';

const pathsHere = () => resolvePaths({ STASH_PLUGIN_DATA: tempFolder() }, '/nowhere');

describe('a sign of life', () => {
  it('is there from its giver on until it is taken back', () => {
    const paths = pathsHere();
    expect(isSignAlive(paths)).toBe(false);
    giveSign(paths);
    expect(isSignAlive(paths)).toBe(true);
    takeSignBack(paths);
    expect(isSignAlive(paths)).toBe(false);
  });

  it("is nobody's when its giver was killed, or another process has his number", async () => {
    const paths = pathsHere();
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    giveSign(paths);
    const own = readFileSync(paths.drainerSign, 'utf8');
    // Its number, and the start of this process: on systems that tell no start it is taken for the giver.
    const stranger = own.replace(/^\d+/, String(child.pid));
    writeFileSync(paths.drainerSign, stranger);
    expect(isSignAlive(paths)).toBe(process.platform !== 'linux');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isSignAlive(paths)).toBe(false);
  });

  it.each(['', 'nonsense', '0 1', '-1 1', '99999999999 1', '1'])('is none with %j in its file', (text) => {
    const paths = pathsHere();
    writeFileSync(paths.drainerSign, text);
    expect(isSignAlive(paths)).toBe(false);
  });
});
