import { createHash } from 'node:crypto';

/** Hides paths and names behind words, the same word for the same name within this object's life. */
export interface PathObfuscator {
  /** The path with every part replaced; separators, a leading one, and the extension stay. */
  path(path: string): string;
  /** A title or search term, which often is a file's name. */
  name(name: string): string;
}

/** Shows everything as it is. */
export const PLAIN_PATHS: PathObfuscator = { path: (path) => path, name: (name) => name };

/**
 * An obfuscator for the setting `obfuscate_paths` (specification, matching 11.6): a name's MD5 chooses one of 64 words, and a
 * number tells names of the same word apart. Nothing is stored.
 */
export function createPathObfuscator(): PathObfuscator {
  const wordsByName = new Map<string, string>();
  const taken = new Set<string>();

  const wordFor = (name: string): string => {
    const known = wordsByName.get(name);
    if (known !== undefined) return known;
    const index = createHash('md5').update(name).digest().readUInt32BE(0) % WORDS.length;
    const base = WORDS[index] ?? 'word';
    let word = base;
    for (let number = 2; taken.has(word); number += 1) word = `${base}${number}`;
    taken.add(word);
    wordsByName.set(name, word);
    return word;
  };
  return {
    path(path) {
      const separator = path.includes('\\') ? '\\' : '/';
      const parts = path.split(separator);
      const last = parts.length - 1;
      return parts
        .map((part, index) => {
          if (part === '') return '';
          return index === last ? hiddenFile(part, wordFor) : wordFor(part);
        })
        .join(separator);
    },
    name: (name) => (name === '' ? '' : wordFor(name)),
  };
}

function hiddenFile(name: string, wordFor: (name: string) => string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${wordFor(name.slice(0, dot))}${name.slice(dot)}` : wordFor(name);
}

const WORDS = (
  'amber anchor apple arrow aspen badger basil beacon birch bison breeze bronze cactus canyon cedar cinder ' +
  'clover cobalt comet copper coral crane crystal dahlia delta ember falcon fern flint forest garnet glacier ' +
  'granite harbor hazel heron indigo iris island ivory jade juniper lagoon lantern lilac lotus maple marble ' +
  'meadow nectar nimbus ocean olive onyx opal orchid otter pebble pine quartz raven river saffron willow'
).split(' ');
