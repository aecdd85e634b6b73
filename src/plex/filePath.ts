/**
 * A path as a list of its components, comparable across machines: both separators, Unicode NFC (W-12, W-18).
 * A drive letter or share marks a Windows path, whose letter case does not count.
 */
export interface ComparablePath {
  components: readonly string[];
  ignoresCase: boolean;
}

export function comparablePath(path: string): ComparablePath {
  const ignoresCase = /^([a-z]:[\\/]|\\\\)/i.test(path);
  // On POSIX a backslash is an ordinary character, but hardly anybody uses it so; a Windows path has no slashes.
  const separators = ignoresCase || !path.startsWith('/') ? /[\\/]+/ : /\/+/;
  const components = path
    .normalize('NFC')
    .split(separators)
    .filter((part) => part !== '');
  return { components, ignoresCase };
}

/** The last component of a path of either kind. */
export function baseName(path: string): string {
  return comparablePath(path).components.at(-1) ?? '';
}

/** How far two paths agree, counted in components from the end; `whole` when all of both agree. */
export interface PathAgreement {
  tail: number;
  whole: boolean;
}

export function comparePaths(left: ComparablePath, right: ComparablePath): PathAgreement {
  const fold = (part: string | undefined) =>
    left.ignoresCase || right.ignoresCase ? part?.toLowerCase() : part;
  const shorter = Math.min(left.components.length, right.components.length);
  let tail = 0;
  while (tail < shorter && fold(left.components.at(-1 - tail)) === fold(right.components.at(-1 - tail)))
    tail += 1;
  return { tail, whole: tail === left.components.length && tail === right.components.length };
}
