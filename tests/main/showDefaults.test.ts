import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingDefaults } from '../../src/config/missingDefaults.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { SETTINGS } from '../../src/config/settingsTable.ts';
import { showDefaults } from '../../src/main/showDefaults.ts';
import { recordingLog } from '../support/recordingLog.ts';
import { startBench } from '../support/startBench.ts';

const ID = 'Stash2Plex';
const CONNECTION = { plex_url: 'http://plex:32400', plex_token: 'a-token-of-plex' };

async function world() {
  const { stash, stashClient, db } = await startBench();
  const { log, lines } = recordingLog();
  stash.settings.set(ID, { ...CONNECTION });
  const seen = () => stashClient.pluginSettings(ID);
  return {
    lines,
    seen,
    stash,
    stored: () => ({ ...stash.settings.get(ID) }),
    edit: (change: object) => stash.settings.set(ID, { ...stash.settings.get(ID), ...change }),
    show: async (settings?: Record<string, unknown>) =>
      showDefaults(settings ?? (await seen()), { stash: stashClient, db, log }),
    writes: () => stash.log.count({ operation: 'configurePlugin' }),
  };
}

describe('the settings page of Stash', () => {
  it('shows what is in force after the first start: every switch and number, no 0 for what was never set', async () => {
    const { show, stored, stash } = await world();
    await show();
    const { plex_url, plex_token, ...defaults } = stored();
    expect({ plex_url, plex_token }).toEqual(CONNECTION);
    const wanted = Object.entries(SETTINGS).map(([key, definition]) => [key, definition.default] as const);
    expect(defaults).toEqual(
      Object.fromEntries(wanted.filter(([, value]) => typeof value !== 'object' && value !== '')),
    );
    expect(stash.settings.size).toBe(1);
  });

  it('keeps what the user set, blank or 0 as it may be, and what the plugin does not know', async () => {
    const { show, stored, edit } = await world();
    const own = { sync_tags: false, max_tags: 0, reconcile_interval: '', plex_read_timeout: 60, other: [1] };
    edit(own);
    await show();
    expect(stored()).toMatchObject({ ...CONNECTION, ...own, sync_studio: true });
    // It would come before the older name, which holds the user's value.
    expect(stored()).not.toHaveProperty('read_timeout');
  });

  it('is written to once: later starts find nothing to add', async () => {
    const { show, writes } = await world();
    await show();
    await show();
    expect(writes()).toBe(1);
  });

  it('is left alone while the user is editing, and seen to by the next start', async () => {
    const { show, seen, stored, edit, writes } = await world();
    const before = await seen();
    edit({ sync_tags: false });
    await show(before);
    expect(writes()).toBe(0);
    expect(stored()).toEqual({ ...CONNECTION, sync_tags: false });
    await show();
    expect(stored()).toMatchObject({ sync_tags: false, sync_studio: true });
  });

  it('gets them again when a page that was open takes them away, but not for ever', async () => {
    const { show, stash, stored, writes } = await world();
    for (let saved = 0; saved < 5; saved += 1) {
      await show();
      if (saved < 3) expect(stored()).toHaveProperty('enabled', true);
      stash.settings.set(ID, { ...CONNECTION, sync_tags: false });
    }
    expect(writes()).toBe(3);
  });

  it('gets them at the next start when Stash could not store them', async () => {
    const { show, stash, stored, lines } = await world();
    const before = stored();
    await stash.stop();
    await show(before);
    expect(lines.map(({ level }) => level)).toEqual(['debug']);
    await stash.start();
    await show();
    expect(stored()).toHaveProperty('enabled', true);
  });
});

describe('a default that the plugin wrote', () => {
  it('follows the default of a later version as long as nobody changed it', () => {
    expect(missingDefaults({ max_retries: 3, max_tags: 50 }, { max_retries: 3, max_tags: 40 })).toMatchObject(
      {
        max_retries: 5,
      },
    );
    expect(
      missingDefaults({ max_retries: 3, max_tags: 50 }, { max_retries: 3, max_tags: 40 }),
    ).not.toHaveProperty('max_tags');
  });

  it('changes nothing in what the plugin does, whatever is stored', () => {
    const keys = Object.entries(SETTINGS).flatMap(([key, definition]) => [
      key,
      ...('aliases' in definition ? (definition.aliases ?? []) : []),
    ]);
    const value = fc.oneof(
      fc.constantFrom(0, '', ' ', null, true, false, 'daily', 'off', '7'),
      fc.integer({ min: -1, max: 600 }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value), (stored) => {
        const all = { ...CONNECTION, ...stored };
        const merged = { ...all, ...missingDefaults(all, {}) };
        expect(merged).toMatchObject(all);
        expect(parseSettings(merged, {})).toEqual(parseSettings(all, {}));
      }),
    );
  });
});
