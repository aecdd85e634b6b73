import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS, type SettingDefinition } from '../../src/config/settingsTable.ts';
import { quoted, type TableRow, tableRows } from '../support/docTables.ts';
import { launcherFiles } from '../support/launcherFiles.ts';
import { loadPlugin } from '../support/pluginHost/loadPlugin.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GUIDE = 'docs/configuration.md';
/** Without a default: nothing works as long as they are empty. */
const NEEDED = ['plex_url', 'plex_token'];

const rows = tableRows(GUIDE, 'Setting');
const keyOf = ({ Setting: cell = '' }: TableRow) => quoted(cell)[0] ?? cell;
const rowOf = (key: string) => rows.find((row) => keyOf(row) === key) ?? {};

describe('the guide to the settings', () => {
  const definitions: [string, SettingDefinition<unknown>][] = Object.entries(SETTINGS);

  it('names every setting once, and none that does not exist', () => {
    const keys = [...NEEDED, ...Object.keys(SETTINGS)].sort();
    expect(rows.map(keyOf).sort()).toEqual(keys);
    expect(Object.keys(loadPlugin(join(ROOT, 'Stash2Plex.yml')).settings).sort()).toEqual(keys);
  });

  it.each(definitions)('says of %s what it is when nothing is stored', (key, { default: value }) => {
    const { Type: type, Default: shown } = rowOf(key);
    if (typeof value === 'boolean') expect([type, shown]).toEqual(['switch', value ? 'on' : 'off']);
    else if (typeof value === 'number') expect([type, shown]).toEqual(['number', `\`${value}\``]);
    else if (value === '' || Array.isArray(value)) expect([type, shown]).toEqual(['text', 'empty']);
    else expect([type, shown]).toEqual(['text', `\`${value}\``]);
  });

  it.each(definitions)('says of %s what it may be', (key, { schema, default: value }) => {
    const { Range: range = '' } = rowOf(key);
    const isAllowed = (candidate: unknown) => schema.safeParse(candidate).success;
    if (typeof value === 'number') {
      const [least, most] = range.split('–').map(Number) as [number, number];
      const step = Number.isInteger(least) ? 1 : least / 2;
      expect([isAllowed(least), isAllowed(most)]).toEqual([true, true]);
      expect([isAllowed(least - step), isAllowed(most + 1)]).toEqual([false, false]);
    } else if (typeof value === 'string' && value !== '') {
      expect(quoted(range).filter((word) => !isAllowed(word))).toEqual([]);
      expect(definitionOf(key).expects).toBe(quoted(range).join(', '));
    } else if (typeof value === 'boolean') expect(range).toBe('–');
    else expect(range).not.toBe('');
  });

  it('names every variable of the environment once, and none that does not exist', () => {
    const named = tableRows(GUIDE, 'Variable').map(({ Variable: cell = '' }) => quoted(cell)[0] ?? '');
    const used = new Set(variablesOf([...sources(), ...launcherFiles().map(({ text }) => text)]));
    expect([...named].sort()).toEqual([...used].sort());
  });
});

function definitionOf(key: string): SettingDefinition<unknown> {
  return SETTINGS[key as keyof typeof SETTINGS] as SettingDefinition<unknown>;
}

function sources(): string[] {
  const folder = join(ROOT, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|cjs)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** As a program reads them: `env['NAME']`, `env.NAME`, `$NAME`, `%NAME%`. */
function variablesOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/(?:env\[['"]|env\.|[$%])((?:STASH2PLEX|STASH|PLEX)_[A-Z_]+)\b/g)].map(
      ([, name]) => name as string,
    ),
  );
}
