import { describe, expect, it, onTestFinished } from 'vitest';
import { resolvePaths } from '../../src/config/paths.ts';
import { type DrainSession, openDrainSession } from '../../src/drain/DrainSession.ts';
import type { WorkBasis } from '../../src/drain/prepareWork.ts';
import { createRedactor } from '../../src/log/redactor.ts';
import { createRequestLimits } from '../../src/plex/RequestLimits.ts';
import { createChangeLog } from '../../src/queue/changeLog.ts';
import { type Bench, type BenchOptions, startBench } from '../support/startBench.ts';
import { startTlsFront } from '../support/startTlsFront.ts';

const NOTHING = { synced: 0, unchanged: 0, skipped: 0, shared: 0, retried: 0, buried: 0 };

interface SessionBench extends Bench {
  session: DrainSession;
  redactor: WorkBasis['redactor'];
  /** Stores settings in Stash, beside address and token. */
  store(settings: Record<string, unknown>): void;
}

/** A session of one process, on the bench's servers and queue. */
async function startSession(
  settings: Record<string, unknown> = {},
  options: BenchOptions & { env?: NodeJS.ProcessEnv } = {},
): Promise<SessionBench> {
  const bench = await startBench(options);
  const redactor = createRedactor();
  const session = openDrainSession({
    clock: bench.clock,
    random: () => 1,
    log: bench.context.log,
    redactor,
    paths: resolvePaths({ STASH_PLUGIN_DATA: bench.dataFolder }, bench.dataFolder),
    env: options.env ?? {},
    jobs: bench.jobs,
    deadLetters: bench.deadLetters,
    pathIndex: bench.pathIndex,
    requestLimits: createRequestLimits(bench.db, bench.clock),
    changes: createChangeLog(bench.db),
    deviceId: async () => 'bench',
    reliability: bench.reliability,
    stash: bench.stashClient,
  });
  onTestFinished(() => session.close());
  const store = (changed: Record<string, unknown>) => {
    bench.stash.settings.set('Stash2Plex', {
      plex_url: bench.plex.url,
      plex_token: bench.plex.token,
      ...changed,
    });
  };
  store(settings);
  return { ...bench, session, redactor, store };
}

const settingsReads = ({ stash }: Bench) => stash.log.count({ operation: 'Stash2PlexSettings' });

describe('a drain pass', () => {
  it('sends user and password of the address to a proxy, and shows them nowhere', async () => {
    const bench = await startSession();
    bench.store({ plex_url: bench.plex.url.replace('://', '://some%20body:s%40fe-word@') });
    bench.record(bench.scanned('one', { title: 'One' }));
    expect(await bench.session.drain()).toMatchObject({ synced: 1 });
    const sent = Buffer.from('some body:s@fe-word').toString('base64');
    expect(new Set(bench.plex.log.entries.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Basic ${sent}`]),
    );
    expect(bench.plex.log.entries.filter(({ url }) => url.includes('fe-word'))).toEqual([]);
    for (const secret of ['s@fe-word', 's%40fe-word', sent]) {
      expect(bench.redactor.redact(`with ${secret}.`)).toBe('with ****.');
    }
    await bench.plex.stop();
    const health = await bench.session.probe();
    expect(health).toMatchObject({
      healthy: false,
      error: expect.stringContaining(`at ${bench.plex.url} (`),
    });
    expect(JSON.stringify([health, bench.lines])).not.toMatch(/fe-word|some body/);
  });

  it('reads the settings, works off what is due, and hides the token from then on', async () => {
    const bench = await startSession();
    const id = bench.scanned('one', { title: 'One' });
    expect(bench.session.settings()).toBeUndefined();
    bench.record(id);
    expect(await bench.session.drain()).toEqual({ ...NOTHING, synced: 1 });
    expect(bench.item('one').title).toBe('One');
    expect(bench.session.settings()).toMatchObject({ plex_url: bench.plex.url, enabled: true });
    expect(bench.redactor.redact(`with ${bench.plex.token}`)).not.toContain(bench.plex.token);
  });

  it('asks Stash for what its settings need of a scene, and for no more once they need it no more', async () => {
    const bench = await startSession({ sync_director: true, title_template: '{title} ({code})' });
    const id = bench.scanned('one', { title: 'One', code: 'C-1', director: 'D. Rector' });
    bench.record(id);
    await bench.session.drain();
    expect(bench.item('one')).toMatchObject({ title: 'One (C-1)', directors: ['D. Rector'] });
    bench.store({});
    bench.clock.advance(31_000);
    bench.stash.log.clear();
    bench.record(id);
    await bench.session.drain();
    expect(bench.item('one')).toMatchObject({ title: 'One', directors: ['D. Rector'] });
    const asked = bench.stash.log.where({ operation: 'Stash2PlexScenes' }).map(({ query }) => query ?? '');
    expect(asked).toHaveLength(1);
    expect(asked.join()).not.toMatch(/\b(?:code|director)\b/);
  });

  it('accepts the certificate of a Plex that nobody vouches for only if the setting says so (W-15)', async () => {
    const bench = await startSession();
    const id = bench.scanned('one', { title: 'One' });
    bench.record(id);
    const plex_url = `https://127.0.0.1:${await startTlsFront(bench.plex.port)}`;
    bench.store({ plex_url });
    expect(await bench.session.drain()).toMatchObject({
      obstacle: { kind: 'setup', message: expect.stringContaining('plex_accept_any_certificate') },
    });
    expect(bench.plex.log.count()).toBe(0);
    bench.store({ plex_url, plex_accept_any_certificate: true });
    expect(await bench.session.drain()).toEqual({ ...NOTHING, synced: 1 });
    expect(bench.item('one').title).toBe('One');
  });

  it('that follows new settings leaves those at work with the former ones their connection', async () => {
    const bench = await startSession();
    const { plex } = await bench.session.work();
    bench.store({ max_tags: 20 });
    bench.clock.advance(31_000);
    expect(await bench.session.drain()).toEqual(NOTHING);
    expect(bench.session.settings()).toMatchObject({ max_tags: 20 });
    expect(await plex.sections()).toHaveLength(1);
  });

  it('asks for the settings again only after some seconds, and then follows them', async () => {
    const bench = await startSession();
    const id = bench.scanned('one', { title: 'One', tags: ['T'] });
    const held = bench.scanned('held', { title: 'Held' });
    for (let pass = 0; pass < 5; pass += 1) {
      await bench.session.drain();
      bench.clock.advance(900);
    }
    expect(settingsReads(bench)).toBe(1);
    bench.store({ sync_tags: false, gate_exclude_paths: '**/held.mkv' });
    bench.clock.advance(500);
    bench.record(id, held);
    expect(await bench.session.drain()).toMatchObject({ synced: 1 });
    expect(settingsReads(bench)).toBe(2);
    expect(bench.item('one').genres).toEqual([]);
    expect(bench.item('held').title).toBe('held');
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['is switched off', { enabled: false }, { synced: 100, obstacle: { kind: 'setup' } }],
    ['is told to leave tags alone', { sync_tags: false }, { synced: 150 }],
  ])('notices in the middle of a long pass that it %s', async (_, settings, expected) => {
    const bench = await startSession({}, { env: { STASH2PLEX_BATCH_JOB_DELAY_SECS: '0.5' } });
    const ids = Array.from({ length: 150 }, (_, index) => bench.scanned(`film ${index}`, { tags: ['T'] }));
    bench.record(...ids);
    let ended = 0;
    const result = await bench.session.drain(() => {
      ended += 1;
      if (ended === 1) bench.store(settings);
    });
    expect(result).toMatchObject(expected);
    expect(ids.filter((_, index) => bench.item(`film ${index}`).genres.length > 0)).toHaveLength(100);
    expect(settingsReads(bench)).toBeLessThanOrEqual(3);
  });

  it('looks for changes that no hook told at its start, and between the batches of a long pass (A5)', async () => {
    const bench = await startSession({}, { env: { STASH2PLEX_BATCH_JOB_DELAY_SECS: '0.7' } });
    const ids = Array.from({ length: 250 }, (_, index) => bench.scanned(`film ${index}`));
    const quiet = bench.scanned('quiet', { title: 'Old' });
    bench.clock.advance(600_000);
    bench.record(...ids);
    let ended = 0;
    const result = await bench.session.drain(() => {
      ended += 1;
      if (ended === 50) bench.stash.quietly.importScene({ id: quiet, title: 'New' });
    });
    // A batch takes 70 s, and the news are worked off in the same pass.
    expect(result).toMatchObject({ synced: 251 });
    expect(bench.item('quiet').title).toBe('New');
    expect(bench.stash.log.count({ operation: 'Stash2PlexNewest' })).toBe(1);
    expect(bench.stash.log.count({ operation: 'Stash2PlexScenePage' })).toBe(2);
  });

  it('follows path_map, trigger_plex_scan and obfuscate_paths (W-59, W-66, W-68)', async () => {
    const bench = await startSession({
      path_map: '/media/films=>/stash',
      trigger_plex_scan: true,
      obfuscate_paths: true,
    });
    bench.record(bench.stash.scenes.add({ files: ['/stash/new/secret.mkv'], details: 'D' }));
    expect(await bench.session.drain()).toMatchObject({ retried: 1 });
    expect(bench.plex.library.scans).toMatchObject([{ path: '/media/films/new' }]);
    const row = bench.db.prepare('SELECT last_error_message AS text FROM jobs').get() as { text: string };
    const told = [row.text, ...bench.lines.map(({ text }) => text)];
    expect(told.filter((text) => /secret|films|stash\//.test(text))).toEqual([]);
    expect(row.text).toMatch(/"\/[a-z0-9]+\/[a-z0-9]+\/[a-z0-9]+\.mkv"/);
  });

  it('keeps its connection to Plex while the settings stay the same', async () => {
    const bench = await startSession();
    for (const name of ['one', 'two', 'three']) {
      bench.record(bench.scanned(name));
      await bench.session.drain();
      bench.clock.advance(60_000);
    }
    expect(bench.plex.connections).toBe(1);
    // Which server it is, and which libraries it has, is asked again after a minute.
    expect(bench.plex.log.count('/identity')).toBe(3);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['the token is missing', { plex_token: '' }, /plex_token/],
    ['the address is none', { plex_url: 'plex' }, /plex_url/],
    ['the token is wrong', { plex_token: 'not-the-right-token' }, /plex_token/],
    ['the library is unknown', { plex_library: 'Filme' }, /Filme/],
    ['the plugin is switched off', { enabled: false }, /enabled/],
  ])(
    'leaves every job where it is when %s, and goes on at once when that is settled (W11)',
    async (_, settings, message) => {
      const bench = await startSession(settings);
      const id = bench.scanned('one', { title: 'One' });
      bench.record(id);
      for (let pass = 0; pass < 10; pass += 1) {
        expect(await bench.session.drain()).toEqual({
          ...NOTHING,
          obstacle: { kind: 'setup', message: expect.stringMatching(message) },
        });
      }
      expect(bench.job(id)).toMatchObject({ state: 'pending', attempts: 0 });
      bench.store({});
      expect(await bench.session.drain()).toEqual({ ...NOTHING, synced: 1 });
    },
  );

  it('never shows the token in what stands in the way', async () => {
    const bench = await startSession({ plex_token: 'wrong-but-secret' });
    bench.record(bench.scanned('one'));
    expect((await bench.session.drain()).obstacle?.message).not.toContain('wrong-but-secret');
  });

  it('waits for a Stash that is away (W8)', async () => {
    const bench = await startSession();
    bench.record(bench.scanned('one'));
    await bench.stash.stop();
    expect(await bench.session.drain()).toMatchObject({ obstacle: { kind: 'stashDown' } });
    await bench.stash.start();
    expect(await bench.session.drain()).toMatchObject({ synced: 1 });
  });

  it('waits for a Stash that answers with a login page (W8)', async () => {
    const bench = await startSession();
    bench.stash.faults.add({ action: 'loginPage' });
    const { obstacle } = await bench.session.drain();
    expect(obstacle).toMatchObject({ kind: expect.stringMatching(/^(stashDown|setup)$/) });
    expect(obstacle?.message).not.toContain('<');
  });

  it('takes trouble with the queue for an obstacle, not for an exception (W7)', async () => {
    const bench = await startSession();
    bench.db.exec("CREATE TRIGGER broken BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'no room'); END");
    bench.record(bench.scanned('one'));
    expect(await bench.session.drain()).toMatchObject({ obstacle: { kind: 'localTrouble' } });
  });

  it('tells what was done before something got in the way', async () => {
    const bench = await startSession();
    bench.record(bench.scanned('one'), bench.scanned('two'));
    const action = { kind: 'retryAfter', status: 503, retryAfter: 17 } as const;
    bench.plex.faults.add({ match: { method: 'PUT' }, nth: 2, action });
    expect(await bench.session.drain()).toMatchObject({ synced: 1, obstacle: { kind: 'plexDown' } });
  });

  it('forgets what items held before changes that are older than undo_retention_days, all of it with 0', async () => {
    const bench = await startSession({ undo_retention_days: 10 });
    const [old = 0, young = 0] = ['old', 'young'].map((name) => bench.scanned(name));
    await bench.sync(old);
    bench.clock.advance(11 * 86_400_000);
    await bench.sync(young);
    const kept = () => bench.jobs.undo.select({}).flatMap(({ sceneIds }) => sceneIds);
    expect(kept()).toEqual([young, old]);
    await bench.session.drain();
    expect(kept()).toEqual([young]);
    expect(bench.lines.map(({ text }) => text).join('\n')).toMatch(
      /What 1 Plex items? held .* is kept no longer/,
    );
    bench.store({ undo_retention_days: 0 });
    bench.clock.advance(60_000);
    await bench.session.drain();
    expect(kept()).toEqual([]);
  });

  it('removes dead letters that are older than the user keeps them', async () => {
    const bench = await startSession({ dlq_retention_days: 10 });
    const bury = bench.db.prepare(
      "INSERT INTO dead_letters (scene_id, error_type, failed_at) VALUES (?, 'X', datetime(?, 'unixepoch', ?))",
    );
    bury.run(1, bench.clock.now() / 1000, '-9 days');
    bury.run(2, bench.clock.now() / 1000, '-11 days');
    await bench.session.drain();
    expect(bench.givenUp()).toMatchObject([{ sceneId: 1 }]);
  });

  it('honours the pause that the environment asks for', async () => {
    const bench = await startSession({}, { env: { STASH2PLEX_BATCH_JOB_DELAY_SECS: '0.25' } });
    bench.record(bench.scanned('one'), bench.scanned('two'));
    await bench.session.drain();
    expect(bench.clock.sleeps.filter((ms) => ms === 250)).toHaveLength(2);
  });
});

describe('what a session knows of Plex', () => {
  it('is asked anew after an outage: another server may have come back (W-05)', async () => {
    const bench = await startSession();
    const id = bench.scanned('one');
    bench.record(id);
    await bench.session.drain();
    await bench.plex.stop();
    bench.record(id);
    expect(await bench.session.drain()).toMatchObject({ obstacle: { kind: 'plexDown' } });
    bench.plex.library.machineIdentifier = 'e'.repeat(40);
    await bench.plex.start();
    await bench.session.drain();
    expect(bench.jobs.sceneSyncs(id)[0]).toMatchObject({ serverId: 'e'.repeat(40) });
  });

  it('includes a library that the user makes while scenes wait for it', async () => {
    const bench = await startSession();
    const id = bench.stash.scenes.add({ files: ['/data/clips/clip.mkv'], title: 'Clip', details: 'D' });
    bench.record(id);
    await bench.session.drain();
    const { key } = bench.plex.library.addSection({ title: 'Clips', locations: ['/media/clips'] });
    bench.plex.library.addItem(key, { title: 'clip', file: '/media/clips/clip.mkv' });
    for (let pass = 0; pass < 12; pass += 1) {
      bench.clock.advance(600_000);
      await bench.session.drain();
    }
    expect(bench.plex.library.itemByFile('/media/clips/clip.mkv')?.title).toBe('Clip');
  });
});

describe('probe', () => {
  it('says whether Plex answers, with one request (HC-1)', async () => {
    const bench = await startSession();
    await bench.session.open();
    bench.plex.log.clear();
    expect(await bench.session.probe()).toMatchObject({ healthy: true });
    expect(bench.plexRequests()).toEqual(['GET /identity']);
    await bench.plex.stop();
    expect(await bench.session.probe()).toMatchObject({ healthy: false, latencyMs: 0 });
    await bench.plex.start();
    bench.plex.faults.add({ action: { kind: 'maintenance' } });
    expect(await bench.session.probe()).toMatchObject({ healthy: false });
  });

  it('asks the address that the settings name now, and says nothing when they are of no use', async () => {
    const bench = await startSession({ plex_url: 'http://127.0.0.1:9' });
    expect(await bench.session.probe()).toMatchObject({ healthy: false });
    bench.store({});
    expect(await bench.session.probe()).toMatchObject({ healthy: true });
    bench.store({ enabled: false });
    expect(await bench.session.probe()).toBeUndefined();
    bench.store({ plex_url: 'nowhere' });
    expect(await bench.session.probe()).toBeUndefined();
  });
});

describe('a corrected address', () => {
  it('closes the circuit that another server opened', async () => {
    const bench = await startSession({ plex_url: 'http://127.0.0.1:9' });
    const ids = Array.from({ length: 6 }, (_, index) =>
      bench.scanned(`film ${index}`, { title: `T${index}` }),
    );
    bench.record(...ids);
    for (let pass = 0; pass < 5; pass += 1) await bench.session.drain();
    expect(await bench.reliability.breaker.state()).toBe('open');
    bench.store({});
    expect(await bench.session.drain()).toMatchObject({ synced: 6 });
    expect(await bench.reliability.breaker.state()).toBe('closed');
  });
});

describe('keepSignedIn', () => {
  const LOGIN: BenchOptions = { stash: { auth: { mode: 'login' } } };

  it('keeps the session alive through an outage of Plex of two days', async () => {
    const bench = await startSession({}, LOGIN);
    await bench.session.drain();
    const before = settingsReads(bench);
    for (let minute = 0; minute < 2 * 24 * 60; minute += 1) {
      bench.clock.advance(60_000);
      await bench.session.keepSignedIn();
    }
    const reads = settingsReads(bench) - before;
    expect(reads).toBeGreaterThan(2 * 24);
    expect(reads).toBeLessThan(2 * 24 * 10);
    bench.record(bench.scanned('one'));
    expect(await bench.session.drain()).toMatchObject({ synced: 1 });
  });

  it('asks nothing before the first pass and throws nothing while Stash is away', async () => {
    const bench = await startSession();
    await bench.session.keepSignedIn();
    expect(bench.stash.log.count()).toBe(0);
    await bench.session.drain();
    await bench.stash.stop();
    bench.clock.advance(3_600_000);
    await bench.session.keepSignedIn();
    await bench.stash.start();
    expect(await bench.session.drain()).toEqual(NOTHING);
  });

  it('does not make the next pass take old settings for new ones', async () => {
    const bench = await startSession();
    await bench.session.drain();
    bench.store({ enabled: false });
    bench.clock.advance(20 * 60_000);
    await bench.session.keepSignedIn();
    expect(await bench.session.drain()).toMatchObject({ obstacle: { kind: 'setup' } });
  });
});

describe('open', () => {
  it('throws what keeps the settings from being read', async () => {
    const bench = await startSession({ plex_url: '' });
    await expect(bench.session.open()).rejects.toMatchObject({ name: 'SettingsError' });
    await bench.stash.stop();
    await expect(bench.session.open()).rejects.toMatchObject({ name: 'StashError', kind: 'unavailable' });
  });
});

describe('gates that were changed', () => {
  it('have those looked at again that were held back, in the next pass and once', async () => {
    const bench = await startSession({ gate_min_rating: 60 });
    const [low, middle] = [
      bench.scanned('low', { rating100: 10 }),
      bench.scanned('middle', { rating100: 50 }),
    ];
    bench.record(low, middle);
    expect(await bench.session.drain()).toEqual({ ...NOTHING, heldBack: { min_rating: 2 } });
    expect(await bench.session.drain()).toEqual(NOTHING);
    bench.store({ gate_min_rating: 40, gate_exclude_tags: 'Unused' });
    bench.clock.advance(31_000);
    expect(await bench.session.drain()).toEqual({ ...NOTHING, synced: 1, heldBack: { min_rating: 1 } });
    const told = bench.lines.filter(({ text }) => text.includes('The gates were changed'));
    expect(told.map(({ level, text }) => [level, text.replace('[Stash2Plex] ', '')])).toEqual([
      ['info', 'The gates were changed: 2 scenes held back until now are looked at again.'],
    ]);
    // Another setting is none of theirs.
    bench.store({ gate_min_rating: 40, gate_exclude_tags: 'Unused', sync_tags: false });
    bench.clock.advance(31_000);
    expect(await bench.session.drain()).toEqual(NOTHING);
    bench.store({});
    bench.clock.advance(31_000);
    expect(await bench.session.drain()).toMatchObject({ synced: 1 });
    expect(bench.jobs.held.countByGate()).toEqual({});
  });

  it('are looked up anew once a minute: tags may have been sorted', async () => {
    const bench = await startSession({ gate_exclude_tags: 'Private' });
    bench.stash.scenes.tags.named('Private');
    const id = bench.scanned('one', { tags: ['Sorted later'] });
    bench.record(id);
    expect(await bench.session.drain()).toMatchObject({ synced: 1 });
    bench.stash.scenes.tags.nest('Sorted later', 'Private');
    bench.clock.advance(61_000);
    bench.record(id);
    expect(await bench.session.drain()).toMatchObject({ synced: 0, heldBack: { exclude_tags: 1 } });
  });
});
