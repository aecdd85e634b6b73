import { describe, expect, it } from 'vitest';
import { tryConnection } from '../../src/setup/trySettings.ts';
import type { TaskContext } from '../../src/tasks/Task.ts';
import { testConnection } from '../../src/tasks/testConnection.ts';
import { type SetupBench, startSetupBench } from '../support/startSetupBench.ts';

function run({ setup, context }: SetupBench, settings: unknown) {
  const tried = { tryConnection: (given: Record<string, unknown>) => tryConnection(given, setup) };
  const task: Partial<TaskContext> = { log: context.log, setup: tried as TaskContext['setup'] };
  return testConnection(task as TaskContext, { settings });
}

describe('the operation test_connection', () => {
  it.each([
    ['a wrong token', { plex_token: 'a-wrong-token-of-length' }, [true, false, false], /refuses the token/],
    ['the token of a guest', { plex_token: 'plex-user-token' }, [true, true, false], /owner's token/],
    ['a wrong address', { plex_url: 'http://127.0.0.1:9' }, [false, false, false], /does not answer/],
    ['an impossible address', { plex_url: 'plex' }, [false, false, false], /must begin with http/],
    ['no token', { plex_token: '' }, [false, false, false], /enter the X-Plex-Token/],
    ['a wrong library', { plex_library: 'Nope' }, [true, true, true], /no library "Nope"/],
  ])('tells what is wrong with %s', async (_, settings, [isReached, isAccepted, isOwner], problem) => {
    const bench = await startSetupBench();
    bench.plex.switches.hidePathsFromUser = true;
    // As the text that Stash's task list would send, too.
    for (const given of [settings, JSON.stringify(settings)]) {
      const report = await run(bench, given);
      expect(report).toMatchObject({
        isReached,
        isAccepted,
        isOwner,
        problem: expect.stringMatching(problem),
      });
      expect(report.summary).toBe(report['problem']);
    }
    expect(bench.plex.violations).toEqual([]);
  });

  it('says nothing of files that Plex has none of', async () => {
    const bench = await startSetupBench();
    for (const { ratingKey } of [...bench.plex.library.items()]) bench.plex.library.removeItem(ratingKey);
    expect(await run(bench, undefined)).toMatchObject({ isAccepted: true, isOwner: true, problem: null });
  });

  it.each([['[]'], ['{'], [7], [['a']]])('refuses %j, which is no map of settings', async (settings) => {
    const bench = await startSetupBench();
    await expect(run(bench, settings)).rejects.toThrow('"settings" must be an object with the names');
  });
});
