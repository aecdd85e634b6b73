import { parseDocument } from 'yaml';
import { PluginYmlError, readFields, readList, readMap, readString, type YamlNode } from './strictYaml.ts';

/** One package of an index (section 13). */
export interface IndexedPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Read as UTC. */
  readonly date: Date;
  readonly path: string;
  readonly sha256: string;
  readonly requires: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

const KEYS = ['id', 'name', 'version', 'date', 'path', 'sha256', 'requires', 'metadata'] as const;

/** Reads an index strictly: an unknown or duplicate key, a wrong type or another form of date throws {@link PluginYmlError}. */
export function readPackageIndex(text: string): IndexedPackage[] {
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false });
  const problem = document.errors[0];
  if (problem !== undefined) throw new PluginYmlError('index', problem.message);
  return readList(document.contents, 'index', readPackage);
}

function readPackage(node: YamlNode, where: string): IndexedPackage {
  const fields = readFields(node, where, KEYS);
  return {
    id: readString(fields.id, `${where}.id`),
    name: readString(fields.name, `${where}.name`),
    version: readString(fields.version, `${where}.version`),
    date: readDate(readString(fields.date, `${where}.date`), where),
    path: readString(fields.path, `${where}.path`),
    sha256: readString(fields.sha256, `${where}.sha256`),
    requires: readList(fields.requires, `${where}.requires`, readString),
    metadata: readMap(fields.metadata, `${where}.metadata`, readString),
  };
}

function readDate(text: string, where: string): Date {
  // Go's time.Parse with this very layout; ISO's T or a bare date make the whole index unreadable.
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text))
    throw new PluginYmlError(where, `no date: ${text}`);
  return new Date(`${text.replace(' ', 'T')}Z`);
}
