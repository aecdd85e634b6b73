import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Paths } from '../config/paths.ts';

type SignPaths = Pick<Paths, 'drainerSign' | 'drainerStart'>;

/** Windows starts hooks by Node, which asks for the lock itself. */
const IS_READ = process.platform !== 'win32';

/**
 * Lets launchers know, which cannot ask for the drain lock, that this process holds it: its number, and what tells it from a later
 * process with that number. A kill leaves the file, but nobody whom it describes. Where it cannot be written, launchers start drainers
 * that end at the lock.
 */
export function giveSign({ drainerSign, drainerStart }: SignPaths): void {
  if (!IS_READ) return;
  try {
    const draft = `${drainerSign}.${process.pid}`;
    writeFileSync(draft, `${process.pid} ${ownLife()}\n`);
    renameSync(draft, drainerSign);
    rmSync(drainerStart, { force: true });
  } catch {
    // See above.
  }
}

/** Who finds no sign after this starts a drainer. */
export function takeSignBack({ drainerSign }: SignPaths): void {
  if (IS_READ) rmSync(drainerSign, { force: true });
}

/** A start that led to nothing is no reason for others to wait for it. */
export function takeStartBack({ drainerStart }: SignPaths): void {
  try {
    if (readFileSync(drainerStart, 'utf8').startsWith(`${process.pid} `))
      rmSync(drainerStart, { force: true });
  } catch {
    // There is none.
  }
}

/** As `life_of` in the launcher finds it out: on Linux the start in clock ticks since the machine's, elsewhere the time of day. */
function ownLife(): string {
  try {
    const status = readFileSync('/proc/self/stat', 'latin1');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // Not at the top: a module that most processes do without.
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(process.pid)], {
      env: { ...process.env, LC_ALL: 'C' },
      encoding: 'utf8',
    });
    return stdout.trim().split(/\s+/).join(' ');
  }
}
