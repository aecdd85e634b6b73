import { closeSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PIECE_BYTES = 1 << 20;

/** A file was written while it was read. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/**
 * Copies files, byte by byte: a database must not be opened where it lies, because already opening one writes to it.
 *
 * @param target the folder to copy to; undefined only to reckon.
 * @returns SHA-256 of each, by its name.
 * @throws ChangedMeanwhile when one of them was written in the meantime; what the file system throws.
 */
export function copyContent(
  source: string,
  names: readonly string[],
  target: string | undefined,
): Record<string, string> {
  const stamps = () => names.map((name) => stampOf(join(source, name))).join(' ');
  const before = stamps();
  const hashes = Object.fromEntries(
    names.map((name) => [name, copyFile(join(source, name), target && join(target, name))]),
  );
  if (stamps() !== before) throw new ChangedMeanwhile('A file was written while it was read.');
  return hashes;
}

function stampOf(path: string): string {
  const { size, mtimeNs, ino } = statSync(path, { bigint: true });
  return `${ino}:${size}:${mtimeNs}`;
}

function copyFile(source: string, target: string | undefined): string {
  if (target) mkdirSync(dirname(target), { recursive: true });
  // Loaded here: the module is large, and nearly every start finds nothing to copy.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const from = openSync(source, 'r');
  try {
    const to = target === undefined ? undefined : openSync(target, 'w');
    try {
      for (let length = readSync(from, piece); length > 0; length = readSync(from, piece)) {
        const part = piece.subarray(0, length);
        hash.update(part);
        for (let at = 0; to !== undefined && at < length; ) at += writeSync(to, part, at);
      }
    } finally {
      if (to !== undefined) closeSync(to);
    }
  } finally {
    closeSync(from);
  }
  return hash.digest('hex');
}
