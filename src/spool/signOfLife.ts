import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Paths } from '../config/paths.ts';
import { errorCode } from '../storage/StorageError.ts';

type SignPaths = Pick<Paths, 'drainerSign' | 'drainerStart'>;

/**
 * Lets launchers know, which cannot ask for the drain lock, that this process holds it: its number, and what tells it from a later
 * process with that number. A kill leaves the file, but nobody whom it describes. Where it cannot be written, launchers start drainers
 * that end at the lock. On Windows only the page inside Stash reads it.
 */
export function giveSign({ drainerSign, drainerStart }: SignPaths): void {
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
  try {
    rmSync(drainerSign, { force: true });
  } catch (error) {
    // There launchers ask for the lock itself, which has to be given back in any case.
    if (process.platform !== 'win32') throw error;
  }
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

/**
 * Whether the process that gave the sign lives, without touching the lock: a look at that could make a hook believe that somebody holds
 * it. Where processes do not tell when they started, a later one with the same number is taken for it.
 */
export function isSignAlive({ drainerSign }: Pick<Paths, 'drainerSign'>): boolean {
  try {
    const [, pid = '', since = ''] = /^(\d+) (.*)$/m.exec(readFileSync(drainerSign, 'utf8')) ?? [];
    if (Number(pid) < 1) return false;
    if (existsSync('/proc/self/stat')) return since !== '' && startOf(pid) === since;
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // The process is there, and somebody else's.
    return errorCode(error) === 'EPERM';
  }
}

/** As `life_of` in the launcher finds it out: on Linux the start in clock ticks since the machine's, elsewhere the time of day. */
function ownLife(): string {
  if (process.platform === 'win32') return '';
  try {
    return startOf('self');
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

/** Empty for a process that is dead and was not looked after yet. @throws where there is no such process, or no such file system */
function startOf(pid: string): string {
  const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name of the program comes first, in brackets, and may hold anything.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}
