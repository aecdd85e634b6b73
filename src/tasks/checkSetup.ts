import { counted } from '../log/counted.ts';
import type { Logger } from '../log/logger.ts';
import { createPathObfuscator, PLAIN_PATHS } from '../log/obfuscatePath.ts';
import type { SetupFindings } from '../setup/checkSetup.ts';
import type { SetupLine } from '../setup/setupLines.ts';
import { alignedLines } from './alignedLines.ts';
import type { PathMapReport, SetupReport } from './pageReports.ts';
import { pathMapReport } from './pathMapReport.ts';
import type { Task } from './Task.ts';

const LOGGED_MISSES = 10;
/** All areas have their values in one column. */
const LABEL_WIDTH = 24;

/**
 * Task "Check Setup": everything that a sync depends on, line by line: fine, or what to do about it. Runs also while the plugin is switched
 * off or not set up, and while a server is away: then a line says so. Nothing is changed anywhere. Ends with a text for a report of a
 * fault, without anything that says who or where somebody is.
 */
export const checkSetup: Task = async ({ setup, log }) => {
  log.progress(0);
  const findings = await setup.check((share) => log.progress(share));
  const { lines, plex, sample, report: bugReport } = findings;
  log.info('=== Check Setup ===');
  logLines(lines, log);
  const pathMap = sample ? pathMapReport(sample) : null;
  if (pathMap) logSample(pathMap, findings, log);
  const summary = summaryOf(lines);
  log.info(summary);
  log.info('=== For a report of a fault ===');
  for (const line of bugReport.split('\n')) log.info(line);
  log.progress(1);
  const report: SetupReport = { summary, lines, libraries: plex?.libraries ?? [], pathMap, bugReport };
  return { ...report };
};

const MARKS: Readonly<Record<SetupLine['status'], string>> = {
  ok: '',
  info: '',
  warning: 'LOOK: ',
  problem: 'WRONG: ',
};

function logLines(lines: readonly SetupLine[], log: Logger): void {
  let heading = '';
  for (const { area, name, status, text, remedy } of lines) {
    if (area !== heading) log.info(area);
    heading = area;
    const level = status === 'problem' || status === 'warning' ? 'warn' : 'info';
    for (const line of alignedLines([[`  ${name}`, `${MARKS[status]}${text}`]], LABEL_WIDTH))
      log[level](line);
    if (remedy !== undefined) log[level](`${' '.repeat(LABEL_WIDTH)}${remedy}`);
  }
}

function logSample(
  { examples, misses, matched }: PathMapReport,
  { isHiding }: SetupFindings,
  log: Logger,
): void {
  const names = isHiding ? createPathObfuscator() : PLAIN_PATHS;
  const shown = isHiding ? [] : examples;
  if (shown.length > 0) log.info('Examples of what another path_map would find');
  for (const { sceneId, stashPath, now, then, plexPath } of shown) {
    const rows = [
      [`  Scene ${sceneId}`, stashPath],
      ['    looked for now', now],
      ['    looked for then', then],
      ['    in Plex', plexPath],
    ] as const;
    for (const line of alignedLines(rows, LABEL_WIDTH)) log.info(line);
  }
  if (misses.length > 0) log.info('Scenes without an item');
  for (const { sceneId, stashPath, reason } of misses.slice(0, LOGGED_MISSES)) {
    for (const line of alignedLines([[`  Scene ${sceneId}`, names.path(stashPath)]], LABEL_WIDTH))
      log.info(line);
    log.info(`${' '.repeat(LABEL_WIDTH)}${reason}`);
  }
  const rest = matched.ambiguous + matched.none - Math.min(misses.length, LOGGED_MISSES);
  if (rest > 0) log.info(`  and ${rest} more`);
}

function summaryOf(lines: readonly SetupLine[]): string {
  const count = (status: SetupLine['status']) => lines.filter((line) => line.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems + warnings === 0) return 'Everything is fine: nothing needs you.';
  const found = [
    ...(problems > 0 ? [counted(problems, 'problem')] : []),
    ...(warnings > 0 ? [`${counted(warnings, 'thing')} to look at`] : []),
  ].join(' and ');
  return `Check Setup found ${found}; each line says what helps.`;
}
