import { describe, expect, it } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { SETTINGS } from '../../src/config/settingsTable.ts';
import { checkSettings } from '../../src/tasks/checkSettings.ts';
import type { SettingsReport } from '../../src/tasks/pageReports.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { loadPlugin } from '../support/pluginHost/loadPlugin.ts';
import { YML_PATH } from '../support/startWorld.ts';

const TOKEN = 'a-token-of-twenty-ch';
const GOOD = { plex_url: 'http://plex:32400', plex_token: TOKEN };

async function check(settings: unknown, env: NodeJS.ProcessEnv = {}) {
  const secrets: string[] = [];
  const report = await checkSettings(
    {
      clock: new FakeClock(),
      paths: resolvePaths({}, '/nowhere'),
      env,
      database: () => undefined,
      isDrainerAlive: () => false,
      countSpooled: () => 0,
      queueFirst: () => false,
      addSecret: (secret) => secrets.push(secret),
    },
    { settings },
  );
  const { settings: views, problem, summary } = report as unknown as SettingsReport;
  const view = (key: string) => views.find((each) => each.key === key);
  return { views, problem, summary, view, secrets, text: JSON.stringify(report) };
}

describe('the view of the settings', () => {
  it("has every setting once, in the words of Stash's own page, with its default in force", async () => {
    const { views, problem, summary } = await check(GOOD);
    const { settings: described } = loadPlugin(YML_PATH);
    expect(views.map(({ key }) => key).sort()).toEqual(Object.keys(described).sort());
    for (const { key, displayName, description, group } of views) {
      expect({ displayName, description }, key).toEqual({
        displayName: described[key]?.displayName,
        description: described[key]?.description,
      });
      expect(group, key).toMatch(/^(connection|synced|fields|scenes|matching|when|notify|expert)$/);
    }
    for (const view of views.filter(({ key }) => key in SETTINGS)) {
      expect(view.value, view.key).toEqual(view.default);
      expect(view.isStored, view.key).toBe(false);
    }
    expect({ problem, summary }).toEqual({ problem: null, summary: 'Stash2Plex is set up.' });
  });

  it('tells kinds, ranges and choices', async () => {
    const { view } = await check(GOOD);
    expect(view('enabled')).toMatchObject({ kind: 'switch', value: true });
    expect(view('max_retries')).toMatchObject({ kind: 'number', minimum: 1, maximum: 20, default: 5 });
    expect(view('poll_interval')).toMatchObject({ kind: 'number', minimum: 0.1, maximum: 60 });
    expect(view('reconcile_scope')).toMatchObject({ kind: 'choice', choices: ['all', '24h', '7days'] });
    expect(view('plex_library')).toMatchObject({ kind: 'text', value: '' });
    expect(view('path_map')).toMatchObject({ kind: 'text', value: '', default: '' });
  });

  it('warns in the words of the sync itself, and shows what is in force then', async () => {
    const stored = {
      ...GOOD,
      max_retries: 99,
      sync_tags: 'perhaps',
      read_timeout: 0,
      plex_connect_timeout: 9,
      reconcile_interval: 'sometimes',
      path_map: '/plex => /stash/ ; nonsense',
    };
    const { views, view, summary } = await check(stored);
    const warned = views.flatMap(({ warning }) => warning ?? []);
    expect(warned.sort()).toEqual(parseSettings(stored, {}).warnings.sort());
    expect(warned).toHaveLength(4);
    expect(view('max_retries')).toMatchObject({ value: 5, isStored: true });
    expect(view('read_timeout')).toMatchObject({ value: 30 });
    expect(view('read_timeout')).not.toHaveProperty('warning');
    expect(view('connect_timeout')).toMatchObject({ value: 9, isStored: true });
    expect(view('path_map')).toMatchObject({ value: '/plex=>/stash' });
    expect(summary).toBe('Stash2Plex is set up. There is a remark about 4 settings.');
  });

  it('says what is missing, and all else all the same', async () => {
    const { problem, view } = await check({ max_retries: 7 });
    expect(problem).toContain('plex_url: enter the address');
    expect(problem).toContain('plex_token: enter the X-Plex-Token');
    expect(view('plex_token')).toMatchObject({ value: false, isStored: false });
    expect(view('max_retries')).toMatchObject({ value: 7 });
    expect((await check(undefined)).problem).toBe((await check({})).problem);
  });

  it('never shows a token, a password, or where they stood', async () => {
    const url = `http://user:pass-word@plex:32400/?X-Plex-Token=${TOKEN}x`;
    const { text, secrets, view } = await check({ plex_url: url, plex_token: TOKEN });
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain('pass-word');
    expect(view('plex_token')).toMatchObject({ value: true, isStored: true });
    expect(view('plex_url')).toMatchObject({ value: 'http://plex:32400' });
    expect(secrets).toEqual(expect.arrayContaining([TOKEN, 'pass-word']));
    expect((await check({ ...GOOD, plex_token: 'short' })).view('plex_token')).toMatchObject({
      value: false,
      isStored: true,
      warning: 'plex_token: is too short to be a Plex token.',
    });
  });

  it('takes what the environment stands in for, as the sync does', async () => {
    const { problem, view } = await check({}, { PLEX_URL: 'http://env:32400', PLEX_TOKEN: TOKEN });
    expect(problem).toBeNull();
    expect(view('plex_url')).toMatchObject({ value: 'http://env:32400', isStored: false });
    expect(view('plex_token')).toMatchObject({ value: true, isStored: false });
  });

  it.each([['text'], [7], [[]]])('refuses %j in place of the map', async (settings) => {
    await expect(check(settings)).rejects.toThrow('"settings" must be a map');
  });
});
