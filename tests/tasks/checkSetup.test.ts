import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSetup } from '../../src/tasks/checkSetup.ts';
import type { SetupReport } from '../../src/tasks/pageReports.ts';
import type { TaskContext } from '../../src/tasks/Task.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { type SetupBench, startSetupBench } from '../support/startSetupBench.ts';

async function run(bench: SetupBench) {
  const { log, lines, progress } = recordingLog();
  const setup: Partial<TaskContext['setup']> = { check: bench.check };
  const task: Partial<TaskContext> = { log, setup: setup as TaskContext['setup'] };
  const report = await checkSetup(task as TaskContext, {});
  const texts = lines.map(({ text }) => text.replace('[Stash2Plex] ', ''));
  return { report: report as unknown as SetupReport, texts, lines, progress };
}

describe('the log of "Check Setup"', () => {
  it('has every value in one column, what is wrong as a warning, and what helps below it', async () => {
    const bench = await startSetupBench();
    bench.store({ enabled: false, max_tags: 9_999 });
    const { texts, lines } = await run(bench);
    const from = texts.indexOf('Settings');
    expect(texts.slice(from, from + 8)).toEqual([
      'Settings',
      '  Connection:           plex_url and plex_token are entered',
      expect.stringMatching(
        /^ {2}max_tags: {13}LOOK: Setting max_tags must be a whole number from 10 to 500;/,
      ),
      '                        Correct the setting under Settings > Plugins > Stash2Plex.',
      '  enabled:              LOOK: Stash2Plex is switched off.',
      '                        Switch the setting "enabled" on: events are recorded meanwhile, and synced then.',
      '  path_map:             is set',
      expect.stringMatching(/^ {2}All others: {11}\d+ settings as by default$/),
    ]);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(4);
    expect(texts).toContain('Check Setup found 2 things to look at; each line says what helps.');
  });

  it('counts the misses that it does not list', async () => {
    const bench = await startSetupBench();
    for (let index = 0; index < 30; index += 1)
      bench.stash.scenes.add({ files: [`/data/films/lost ${index}.mkv`] });
    const { texts, report } = await run(bench);
    expect(texts.filter((text) => text.startsWith('  Scene '))).toHaveLength(10);
    expect(texts).toContain('  and 20 more');
    expect(report.pathMap?.misses).toHaveLength(20);
    expect(report.bugReport).toContain('No item: 20 more');
  });

  it('shows no path of a file while obfuscate_paths is on, and the page gets it all the same (W-68)', async () => {
    const bench = await startSetupBench();
    bench.stash.scenes.add({ files: ['/data/films/lost.mkv'] });
    bench.store({ path_map: '', obfuscate_paths: true });
    const { texts, report } = await run(bench);
    const log = texts.join('\n');
    for (const hidden of ['/data', '/media', 'lost', 'one.mkv']) expect(log).not.toContain(hidden);
    expect(log).toContain('Another value (switch obfuscate_paths off for a while to see it) would find 3');
    expect(report.pathMap).toMatchObject({
      proposal: '/media=>/data',
      misses: [{ stashPath: '/data/films/lost.mkv' }],
    });
  });

  it('leaves nothing in the data folder, and takes away what a killed one has left', async () => {
    const bench = await startSetupBench();
    const [old, young] = ['old', 'young'].map((name) => join(bench.dataFolder, `setup-check-${name}.lock`));
    for (const path of [old, young]) writeFileSync(path ?? '', '');
    utimesSync(old ?? '', 1, 1);
    await run(bench);
    const left = readdirSync(bench.dataFolder).filter((name) => name.startsWith('setup-'));
    expect(left).toEqual(['setup-check-young.lock']);
  });
});
