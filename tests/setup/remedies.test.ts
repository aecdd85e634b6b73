import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordObstacle } from '../../src/queue/drainerRecord.ts';
import { SETUP_REMEDIES, type SetupRemedy } from '../../src/setup/setupRemedies.ts';
import { tryExclusiveLock } from '../../src/storage/exclusiveLock.ts';
import { noteTakeoverObstacle } from '../../src/takeover/takeoverNotice.ts';
import { startPlexDouble } from '../support/plexDouble/startPlexDouble.ts';
import { type SetupBench, startSetupBench } from '../support/startSetupBench.ts';

/** What calls for each remedy. */
const TROUBLE: Readonly<Record<SetupRemedy, (bench: SetupBench) => unknown>> = {
  folder({ setup, dataFolder }) {
    writeFileSync(join(dataFolder, 'a file'), '');
    setup.paths = { ...setup.paths, dataFolder: join(dataFolder, 'a file', 'below') };
  },
  owner: ({ setup }) => Object.assign(setup.machine, { uid: (process.getuid?.() ?? 0) + 4711 }),
  journal: ({ db }) => db.pragma('journal_mode = DELETE'),
  locks: ({ setup }) => Object.assign(setup.machine, { tryLock: () => ({ release() {} }) }),
  space: ({ setup }) => Object.assign(setup.machine, { freeBytes: async () => 10_000_000 }),
  notSetUp: ({ stash }) => stash.settings.delete('Stash2Plex'),
  settingValue: ({ store }) => store({ max_tags: 9_999 }),
  unknownSetting: ({ store }) => store({ max_tag: 90 }),
  switchedOff: ({ store }) => store({ enabled: false }),
  masterOff: ({ store }) => store({ sync_master: false }),
  stashUnreachable: ({ stash }) => stash.stop(),
  stashRefused: ({ stash }) => stash.faults.add({ action: { status: 401 } }),
  stashOld: ({ stash }) => stash.faults.add({ action: { status: 422 } }),
  stashDatabase: ({ stash }) => Object.assign(stash.database, { condition: 'needsMigration' }),
  stashSession: ({ stash }) => Object.assign(stash.auth, { maxSessionAgeSecs: 60 }),
  plexUnreachable: ({ plex }) => plex.stop(),
  plexAddress: ({ plex }) => plex.faults.add({ action: { kind: 'loginPage' } }),
  plexAsTold: ({ plex }) => plex.faults.add({ action: { kind: 'status', status: 301 } }),
  plexToken: ({ store }) => store({ plex_token: 'a-wrong-token-of-length' }),
  plexOwner({ plex, store }) {
    plex.switches.hidePathsFromUser = true;
    store({ plex_token: plex.userToken });
  },
  plexFails: ({ plex }) => plex.faults.add({ action: { kind: 'maintenance' } }),
  async noLibrary({ store }) {
    const empty = await startPlexDouble();
    onTestFinished(() => empty.close());
    store({ plex_url: empty.url, plex_token: empty.token });
  },
  libraryName: ({ store }) => store({ plex_library: 'Flims' }),
  emptyLibrary: ({ plex }) => plex.library.addSection({ title: 'Clips', locations: ['/media/clips'] }),
  clock: ({ plex }) => Object.assign(plex.switches, { clockSkewMs: -300_000 }),
  autodrain: ({ setup }) => Object.assign(setup.env, { STASH2PLEX_HOOK_AUTODRAIN: 'off' }),
  drainer: ({ record }) => record(1),
  obstacle({ setup, db }) {
    const lock = tryExclusiveLock(setup.paths.drainLock);
    onTestFinished(() => lock?.release());
    recordObstacle(db, 'Plex refuses the token.');
  },
  async circuit({ reliability }) {
    for (let failure = 0; failure < 5; failure += 1) await reliability.breaker.recordFailure();
  },
  deadLetters: ({ db }) =>
    db.exec(
      "INSERT INTO dead_letters (scene_id, error_type, error_message, retry_count, failed_at, first_failed_at) VALUES (1, 'PlexNotFound', 'x', 1, datetime(), datetime())",
    ),
  python({ setup }) {
    const folder = join(dirname(setup.installation.pluginFolder), 'Stash2Plex-old');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'Stash2Plex.yml'), 'exec:\n  - python\n  - Stash2Plex.py\n');
  },
  takeover: ({ db }) => noteTakeoverObstacle(db, 'The disk is full.', Date.now()),
  misses: ({ stash }) => stash.scenes.add({ files: ['/data/films/nowhere.mkv'] }),
  pathMap: ({ store }) => store({ path_map: '' }),
};

describe('a check of the set-up', () => {
  it('has nothing to say where everything is fine', async () => {
    const bench = await startSetupBench();
    const { lines, sample } = await bench.check();
    expect(lines.filter(({ status, remedy }) => status !== 'ok' || remedy !== undefined)).toEqual([]);
    expect(sample).toMatchObject({ scenesTried: 3, matched: { path: 3 }, proposal: '', misses: [] });
    expect(bench.plex.violations).toEqual([]);
  });

  it.each(Object.entries(TROUBLE))('says what to do: %s', async (remedy, arrange) => {
    const bench = await startSetupBench();
    await arrange(bench);
    const { lines } = await bench.check();
    const told = lines.filter((line) => line.remedy === SETUP_REMEDIES[remedy as SetupRemedy]);
    expect(told).toHaveLength(1);
    expect(told[0]?.status).not.toBe('ok');
    // The other lines are given all the same.
    const areas = new Set(lines.map(({ area }) => area));
    for (const area of ['Program', 'Data folder', 'Stash', 'Background', 'Python plugin'])
      expect(areas).toContain(area);
    expect(bench.plex.log.where({}).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(bench.plex.violations).toEqual([]);
  });

  it('has a sentence for each remedy that ends as one', () => {
    for (const text of Object.values(SETUP_REMEDIES)) expect(text).toMatch(/^[A-Z][^\n]+\.$/);
  });
});
