import { PLUGIN_VERSION } from '../config/plugin.ts';
import { SETTINGS, type SettingDefinition } from '../config/settingsTable.ts';
import { createConcealer } from './createConcealer.ts';
import type { PlexFindings } from './inspectPlex.ts';
import type { SetupContext } from './SetupContext.ts';
import type { SampleFindings } from './sampleScenes.ts';
import type { SetupLine } from './setupLines.ts';

/** All that a check of the set-up has found. */
export interface Findings {
  lines: readonly SetupLine[];
  plex: PlexFindings | undefined;
  sample: SampleFindings | undefined;
  plexUrl: string | undefined;
  /** The plugin's map in Stash, as far as it could be read. */
  stored: Readonly<Record<string, unknown>> | undefined;
}

const MARKS = { ok: 'fine', info: 'note', warning: 'LOOK', problem: 'WRONG' } as const;
const MOST_MISSES = 10;

/**
 * The findings as a text for a report of a fault: every line, and the folders of both servers as far as they matter, with a word in place
 * of every name. No token, no cookie, no host, no path, no name of a user, a library or a file.
 */
export function bugReport(findings: Findings, context: SetupContext): string {
  const { conceal } = concealerOf(findings, context);
  const { lines, sample } = findings;
  const found = lines.map(({ area, name, status, text }) => `[${MARKS[status]}] ${area}, ${name}: ${text}`);
  const pairs = (sample?.pairs ?? []).map(
    ({ plex, stash, scenes }) => `Folders: "${plex}" in Plex is "${stash}" in Stash, for ${scenes} scenes`,
  );
  const misses = (sample?.misses ?? [])
    .slice(0, MOST_MISSES)
    .map(({ stashPath, reason }) => `No item: "${stashPath}": ${reason}`);
  const left = (sample?.misses.length ?? 0) - misses.length;
  const more = left > 0 ? [`No item: ${left} more`] : [];
  const text = [...found, ...pairs, ...misses, ...more].map((line) => conceal(line.replace(/\s+/g, ' ')));
  return [`Check Setup of Stash2Plex ${PLUGIN_VERSION}`, ...text].map(context.redactor.redact).join('\n');
}

function concealerOf({ plex, sample, plexUrl, stored }: Findings, context: SetupContext) {
  const { paths, machine, installation, stashUrl } = context;
  const concealer = createConcealer();
  concealer.path(installation.pluginFolder);
  concealer.path(paths.dataFolder);
  for (const name of [machine.hostName, machine.userName]) concealer.name(name);
  for (const url of [stashUrl, ...(plexUrl ? [plexUrl] : [])]) concealer.address(url);
  for (const name of [plex?.serverName, plex?.serverId]) if (name) concealer.name(name);
  for (const part of textsIn(stored ?? {})) concealer.name(part);
  for (const { title } of plex?.libraries ?? []) concealer.name(title);
  for (const { locations } of [...(plex?.synced ?? []), ...(plex?.others ?? [])]) {
    for (const folder of locations) concealer.path(folder);
  }
  for (const { plex: folder, stash } of sample?.pairs ?? []) {
    concealer.path(folder);
    concealer.path(stash);
  }
  for (const { stashPath } of sample?.misses ?? []) concealer.path(stashPath);
  return concealer;
}

/** What users enter themselves but for the address, of which nothing but the host is quoted: as a whole and in parts: sentences about settings quote it. Choices and numbers are nobody's secret. */
function textsIn(stored: Readonly<Record<string, unknown>>): string[] {
  const definitions: Readonly<Record<string, SettingDefinition<unknown>>> = SETTINGS;
  const isFree = (key: string) => {
    const usual = definitions[key]?.default;
    return usual === undefined || usual === '' || typeof usual === 'object';
  };
  const texts = Object.entries(stored).flatMap(([key, value]) =>
    typeof value === 'string' && key !== 'plex_url' && isFree(key) ? [value] : [],
  );
  const parts = texts.flatMap((text) => [text, ...text.split(/[,;"]|=>/)]).map((text) => text.trim());
  return parts.filter((text) => text.length > 1 && !/^(\d+|true|false)$/i.test(text));
}
