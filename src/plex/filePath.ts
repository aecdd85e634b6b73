/** A path taken apart, in the letters in which it was written. */
export interface SplitPath {
  /** `/` of an absolute POSIX path, `\\` of a share, else nothing: a drive letter is the first part. */
  root: '/' | '\\\\' | '';
  parts: readonly string[];
  separator: '/' | '\\';
  /** A drive letter or share marks a Windows path, whose letter case does not count. */
  ignoresCase: boolean;
}

/** Takes a path of either kind apart (W-18, W-58): both separators, single or doubled. */
export function splitPath(path: string): SplitPath {
  const ignoresCase = /^([a-z]:([\\/]|$)|\\\\)/i.test(path);
  // On POSIX a backslash is an ordinary character, but hardly anybody uses it so; a Windows path has no slashes.
  const isPosix = !ignoresCase && path.startsWith('/');
  const parts = path.split(isPosix ? /\/+/ : /[\\/]+/).filter((part) => part !== '');
  const isBackslashed = !isPosix && (path.includes('\\') || (ignoresCase && !path.includes('/')));
  return {
    root: isPosix ? '/' : path.startsWith('\\\\') ? '\\\\' : '',
    parts,
    separator: isBackslashed ? '\\' : '/',
    ignoresCase,
  };
}

/** A path of the kind of `like`, made of `parts`. */
export function joinPath({ root, separator }: SplitPath, parts: readonly string[]): string {
  return `${root}${parts.join(separator)}`;
}

/**
 * A path as a list of its components, comparable across machines: both separators, Unicode NFC (W-12, W-18).
 * A drive letter or share marks a Windows path, whose letter case does not count.
 */
export interface ComparablePath {
  components: readonly string[];
  ignoresCase: boolean;
}

export function comparablePath(path: string): ComparablePath {
  const { parts, ignoresCase } = splitPath(path);
  return { components: parts.map((part) => part.normalize('NFC')), ignoresCase };
}

/** The last component of a path of either kind. */
export function baseName(path: string): string {
  return comparablePath(path).components.at(-1) ?? '';
}

/**
 * The last component in a form that is equal wherever two names may mean one file: NFC, letter case folded. Good for narrowing
 * down only; whether the files are the same is for {@link comparePaths} to say (W-12, W-13).
 */
export function nameKey(path: string): string {
  return baseName(path).toLowerCase();
}

/** How far two paths agree, counted in components from the end; `whole` when all of both agree. */
export interface PathAgreement {
  tail: number;
  whole: boolean;
}

export function comparePaths(left: ComparablePath, right: ComparablePath): PathAgreement {
  const shorter = Math.min(left.components.length, right.components.length);
  let tail = 0;
  while (
    tail < shorter &&
    isSamePart(left, right, left.components.length - 1 - tail, right.components.length - 1 - tail)
  )
    tail += 1;
  return { tail, whole: tail === left.components.length && tail === right.components.length };
}

/** How many components of `path` lie below `folder`; undefined when it is not inside. A folder is not inside a part of its name. */
export function depthBelow(folder: ComparablePath, path: ComparablePath): number | undefined {
  const isInside = folder.components.every((_, index) => isSamePart(folder, path, index, index));
  return isInside ? path.components.length - folder.components.length : undefined;
}

function isSamePart(
  left: ComparablePath,
  right: ComparablePath,
  leftIndex: number,
  rightIndex: number,
): boolean {
  const [one, other] = [left.components[leftIndex], right.components[rightIndex]];
  if (one === other) return one !== undefined;
  return (left.ignoresCase || right.ignoresCase) && one?.toLowerCase() === other?.toLowerCase();
}
