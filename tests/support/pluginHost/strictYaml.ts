import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** A yml that Stash refuses to load. */
export class PluginYmlError extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'PluginYmlError';
  }
}

/** A value in a parsed yml; absent and empty count as null. */
export type YamlNode = Node | null | undefined;

/** True for an absent value and for `~`, `null` or nothing after the colon: Go leaves the field at its zero value. */
function isNull(node: YamlNode): boolean {
  return node == null || (isScalar(node) && node.value === null);
}

/** The text of any scalar exactly as written (`1.50` → `"1.50"`), as yaml.v2 decodes scalars into Go strings. */
export function readString(node: YamlNode, where: string): string {
  if (isNull(node)) return '';
  if (!isScalar(node)) throw new PluginYmlError(where, 'expected a scalar');
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

/** Reads a list item by item; a scalar or a map in its place is an error. */
export function readList<T>(node: YamlNode, where: string, item: (node: YamlNode, where: string) => T): T[] {
  if (isNull(node)) return [];
  if (!isSeq(node)) throw new PluginYmlError(where, 'expected a list');
  return node.items.map((child, index) => item(child as YamlNode, `${where}[${index}]`));
}

/** Reads a map with free keys. */
export function readMap<T>(
  node: YamlNode,
  where: string,
  value: (node: YamlNode, where: string) => T,
): Record<string, T> {
  if (isNull(node)) return {};
  if (!isMap(node)) throw new PluginYmlError(where, 'expected a map');
  const result: Record<string, T> = {};
  for (const pair of node.items as Pair<Node, Node | null>[]) {
    const key = readString(pair.key, where);
    // Compared as written: to the parser `yes` and `on` would be the same key.
    if (Object.hasOwn(result, key)) throw new PluginYmlError(where, `key ${key} already set`);
    result[key] = value(pair.value, `${where}.${key}`);
  }
  return result;
}

/** Reads a map of which only `keys` may occur (strict decoding: anything else makes the file fail). */
export function readFields<K extends string>(
  node: YamlNode,
  where: string,
  keys: readonly K[],
): Partial<Record<K, YamlNode>> {
  const fields: Partial<Record<K, YamlNode>> = {};
  for (const [key, value] of Object.entries(readMap(node, where, (child) => child))) {
    const known = keys.find((candidate) => candidate === key);
    if (known === undefined) throw new PluginYmlError(where, `field ${key} not found`);
    fields[known] = value;
  }
  return fields;
}
