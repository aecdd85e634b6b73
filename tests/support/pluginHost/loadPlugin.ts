import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { isMap, type Node, parseDocument } from 'yaml';
import type { PluginHook, PluginManifest, PluginSetting, PluginTask, PluginUi } from './PluginManifest.ts';
import { PluginYmlError, readFields, readList, readMap, readString, type YamlNode } from './strictYaml.ts';

const TOP_KEYS = [
  'name',
  'description',
  'url',
  'version',
  'interface',
  'exec',
  'errLog',
  'tasks',
  'hooks',
  'settings',
  'ui',
] as const;
const TASK_KEYS = ['name', 'description', 'execArgs', 'defaultArgs'] as const;
const HOOK_KEYS = [...TASK_KEYS, 'triggeredBy'] as const;
const SETTING_KEYS = ['type', 'displayName', 'description'] as const;
const UI_KEYS = ['requires', 'csp', 'javascript', 'css', 'assets'] as const;
const CSP_KEYS = ['script-src', 'style-src', 'connect-src'] as const;

function oneOf<T extends string>(text: string, allowed: readonly T[], where: string): T {
  const found = allowed.find((candidate) => candidate === text);
  if (found === undefined)
    throw new PluginYmlError(where, `must be one of ${allowed.join(', ')}, not "${text}"`);
  return found;
}

function taskFrom(fields: Partial<Record<(typeof TASK_KEYS)[number], YamlNode>>, where: string): PluginTask {
  return {
    name: readString(fields.name, `${where}.name`),
    description: readString(fields.description, `${where}.description`),
    execArgs: readList(fields.execArgs, `${where}.execArgs`, readString),
    defaultArgs: readMap(fields.defaultArgs, `${where}.defaultArgs`, readString),
  };
}

function readTask(node: YamlNode, where: string): PluginTask {
  return taskFrom(readFields(node, where, TASK_KEYS), where);
}

function readHook(node: YamlNode, where: string): PluginHook {
  const { triggeredBy, ...fields } = readFields(node, where, HOOK_KEYS);
  return {
    ...taskFrom(fields, where),
    triggeredBy: readList(triggeredBy, `${where}.triggeredBy`, readString),
  };
}

function readSetting(node: YamlNode, where: string): PluginSetting {
  const fields = readFields(node, where, SETTING_KEYS);
  const type = readString(fields.type, `${where}.type`);
  return {
    type: type === '' ? 'STRING' : oneOf(type, ['STRING', 'NUMBER', 'BOOLEAN'], `${where}.type`),
    displayName: readString(fields.displayName, `${where}.displayName`),
    description: readString(fields.description, `${where}.description`),
  };
}

function readUi(node: YamlNode): PluginUi {
  const { csp, assets, ...lists } = readFields(node, 'ui', UI_KEYS);
  const sources = readFields(csp, 'ui.csp', CSP_KEYS);
  const list = (key: keyof typeof lists) => readList(lists[key], `ui.${key}`, readString);
  const allowed = (key: keyof typeof sources) => readList(sources[key], `ui.csp.${key}`, readString);
  return {
    requires: list('requires'),
    javascript: list('javascript'),
    css: list('css'),
    assets: readMap(assets, 'ui.assets', readString),
    csp: {
      'script-src': allowed('script-src'),
      'style-src': allowed('style-src'),
      'connect-src': allowed('connect-src'),
    },
  };
}

function readDocument(ymlPath: string): Node {
  const document = parseDocument(readFileSync(ymlPath, 'utf8'), { version: '1.1', uniqueKeys: false });
  const problem = document.errors[0];
  if (problem !== undefined) throw new PluginYmlError(ymlPath, problem.message);
  if (!isMap(document.contents)) throw new PluginYmlError(ymlPath, 'the document is not a map');
  return document.contents;
}

/**
 * Loads a plugin's yml as strictly as Stash does (section 1): an unknown or duplicate key, a wrong type, a list or map
 * in `defaultArgs` or an empty document throws {@link PluginYmlError}.
 */
export function loadPlugin(ymlPath: string): PluginManifest {
  if (extname(ymlPath) !== '.yml') throw new PluginYmlError(ymlPath, 'only files ending in .yml are plugins');
  const fields = readFields(readDocument(ymlPath), 'plugin', TOP_KEYS);
  const kind = readString(fields.interface, 'interface');
  return {
    id: basename(ymlPath, '.yml'),
    name: readString(fields.name, 'name'),
    description: readString(fields.description, 'description'),
    url: readString(fields.url, 'url'),
    version: readString(fields.version, 'version'),
    interface: kind === '' ? 'raw' : oneOf(kind, ['raw', 'rpc', 'js'], 'interface'),
    exec: readList(fields.exec, 'exec', readString),
    errLog: readString(fields.errLog, 'errLog'),
    tasks: readList(fields.tasks, 'tasks', readTask),
    hooks: readList(fields.hooks, 'hooks', readHook),
    settings: readMap(fields.settings, 'settings', readSetting),
    ui: readUi(fields.ui),
  };
}
