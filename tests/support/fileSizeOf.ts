const SMALLEST = 100_000_000;
const SPREAD = 800_000_000;

/**
 * The size in bytes that both doubles give a file by default: the same file is as large on either server, whatever
 * folder they see it in, and other names have other sizes.
 */
export function fileSizeOf(path: string): number {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).normalize('NFC');
  let hash = 0;
  for (let index = 0; index < name.length; index += 1) hash = (hash * 31 + name.charCodeAt(index)) % SPREAD;
  return SMALLEST + hash;
}
