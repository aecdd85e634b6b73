import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlexRequest } from '../support/plexDouble/PlexRequest.ts';
import type { PluginRun } from '../support/pluginHost/createPluginHost.ts';
import { isAlive, startWorld, type World } from '../support/startWorld.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

function scanned(name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

const title = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
const nowSecs = () => Date.now() / 1000;
const paused = (env: Record<string, string> = {}) =>
  world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0', ...env });

/** Records a change of a new scene; nobody starts to work on it. */
async function recorded(name: string): Promise<number> {
  const id = scanned(name);
  world.stash.scenes.update(id, { title: `Title of ${name}` });
  const run = await paused().runHook('Scene.Update.Post', {
    id,
    input: { id: String(id) },
    inputFields: ['title'],
  });
  expect(run.result).toEqual({ output: 'ok' });
  return id;
}

/** `circuit_breaker.json` as the earlier version wrote it. */
const circuitFile = (state: string, openedAt: unknown) => ({
  state,
  failure_count: 0,
  success_count: 0,
  opened_at: openedAt,
});
const circuitState = () => (world.readState('circuit_breaker.json') as { state: string }).state;
const fileNames = () => readdirSync(world.dataFolder);

interface OutageRecord {
  started_at: number;
  ended_at: number | null;
  duration: number | null;
  jobs_affected: number;
}
const outages = () => world.readState('outage_history.json') as OutageRecord[];

/** Messages of a run at a level, without the mark in front. */
function messages({ logs }: PluginRun, level: string): string[] {
  return logs
    .filter((message) => message.level === level)
    .map(({ text }) => text.replace(/^\[[^\]]*\] /, ''));
}

describe('the circuit', () => {
  it('closes by itself when its time is over, and the queue drains without anybody (W23, RC-1)', async () => {
    world.writeState('circuit_breaker.json', circuitFile('open', nowSecs() - 58));
    await world.act.editScene(scanned('waiting'), { title: 'After the outage' });
    await world.until('the drainer to wait', () => world.drainerLog().includes('goes on by itself'));
    expect(title('waiting')).toBe('waiting');
    await world.until('the sync', () => title('waiting') === 'After the outage', 10_000);
    await world.until('the end of the job', () => world.rows('jobs') === 0);
    expect(world.drainers()).toHaveLength(1);
    expect(circuitState()).toBe('closed');
    expect(world.readState('recovery_state.json')).toMatchObject({ recovery_count: 1 });
    expect(world.drainerLog().match(/Recovery detected: .*/g)).toEqual([
      'Recovery detected: Plex is back online (recovery #1)',
    ]);
    expect(outages()).toEqual([
      {
        started_at: expect.any(Number),
        ended_at: expect.any(Number),
        duration: expect.any(Number),
        jobs_affected: 1,
      },
    ]);
  });

  it('counts an outage that it finds going on from the time at which it opened (W30)', async () => {
    const openedAt = nowSecs() - 300;
    world.writeState('circuit_breaker.json', circuitFile('open', openedAt));
    await world.act.editScene(scanned('since'), { title: 'Since' });
    await world.until('the sync', () => title('since') === 'Since');
    await world.until('the end of the outage', () => fileNames().includes('outage_history.json'));
    expect(outages()).toHaveLength(1);
    expect(outages()[0]?.started_at).toBeCloseTo(openedAt, 0);
  });

  it.each([
    ['lies in the future', () => nowSecs() + 86_400],
    ['is missing', () => null],
    ['is no number', () => 'yesterday'],
  ])('heals at once when the time of its opening %s (W20)', async (_name, openedAt) => {
    world.writeState('circuit_breaker.json', circuitFile('open', openedAt()));
    await world.act.editScene(scanned('healed'), { title: 'Healed' });
    await world.until('the sync', () => title('healed') === 'Healed', 8_000);
    await world.until('the end of the job', () => world.rows('jobs') === 0);
    expect(circuitState()).toBe('closed');
    expect(world.drainerLog()).toContain('OPEN without a plausible time of opening');
  });

  it('opens in an outage, tells so, and drains by itself when Plex is back (W23)', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await recorded(name);
    await world.plex.stop();
    const startedAt = nowSecs();
    await world.act.editScene(scanned('f'), { title: 'Title of f' });
    // Five failures, with growing pauses between them.
    const hasOpened = () => world.drainerLog().includes('Circuit breaker OPENED after 5');
    await world.until('the circuit to open', hasOpened, 30_000);
    await world.until('the record of the outage', () => fileNames().includes('outage_history.json'));
    expect(outages()).toEqual([
      { started_at: expect.any(Number), ended_at: null, duration: null, jobs_affected: 0 },
    ]);
    expect(outages()[0]?.started_at).toBeGreaterThanOrEqual(startedAt - 1);

    const status = messages(await world.host.runTask('View Queue Status'), 'info');
    expect(status).toContainEqual(expect.stringMatching(/^Circuit breaker: +OPEN$/));
    expect(status.join('\n')).toMatch(/Next trial: +in \d+s\n/);
    const health = await world.host.runTask('Health Check');
    expect(messages(health, 'warning')).toEqual([
      'Plex is UNREACHABLE',
      'Circuit is OPEN: 6 jobs wait until Plex is back.',
    ]);

    await world.plex.start();
    // Instead of waiting for a minute: it opened a minute ago.
    const stored = world.readState('circuit_breaker.json') as Record<string, unknown>;
    world.writeState('circuit_breaker.json', { ...stored, last_opened_at: nowSecs() - 60 });
    await world.until('all syncs', () => [...names, 'f'].every((name) => title(name) === `Title of ${name}`));
    await world.until('an empty queue', () => world.rows('jobs') === 0);
    expect(world.rows('dead_letters')).toBe(0);
    expect(world.drainers()).toHaveLength(1);
    expect(circuitState()).toBe('closed');
    expect(world.readState('recovery_state.json')).toMatchObject({ recovery_count: 1 });
    expect(outages()).toHaveLength(1);
    expect(outages()[0]).toMatchObject({ ended_at: expect.any(Number), jobs_affected: 6 });
  }, 60_000);

  it('keeps "Process Queue" from waiting for it (W22)', async () => {
    await recorded('held up');
    world.writeState('circuit_breaker.json', circuitFile('open', nowSecs() - 30));
    const run = await paused().runTask('Process Queue');
    expect(run.result.error).toMatch(
      /^Plex has not answered properly for 3\ds\. 1 scene still waits; none is lost\.$/,
    );
    expect(run.exitCode).toBe(1);
    expect(world.plex.log.count({ method: 'PUT' })).toBe(0);
  });
});

describe('damaged state files', () => {
  const FILES = [
    'circuit_breaker.json',
    'recovery_state.json',
    'outage_history.json',
    'stats.json',
    'device_id.json',
  ];
  const TASKS = [
    'View Queue Status',
    'Health Check',
    'Outage Summary Report',
    'Recover Outage Jobs',
    'Recover Outage Jobs (Include Temporary Errors)',
    'Process Queue',
    'Purge Old DLQ Entries',
    'Clear Dead Letter Queue',
    'Clear Pending Queue',
  ];
  /** Content by file that is not even of the right kind. */
  const DAMAGES: [string, (file: string) => unknown][] = [
    ['binary garbage', () => Uint8Array.from([0, 255, 254, 123, 10, 128, 34, 0])],
    ['a list, or an object in its place', (file) => (file === 'outage_history.json' ? { a: 1 } : [1, 'x'])],
    ['null', () => null],
    ['half a document', () => '{"state": "open", "failure_'],
    ['nothing at all', () => ''],
  ];
  const damageAll = (contentOf: (file: string) => unknown) => {
    for (const file of FILES) world.writeState(file, contentOf(file));
  };
  const setAside = (file: string) => fileNames().filter((name) => name.startsWith(`${file}.damaged-`));

  async function runEveryTask(): Promise<PluginRun[]> {
    const runs: PluginRun[] = [];
    for (const task of TASKS) {
      const run = await paused().runTask(task);
      expect(run.result, task).toEqual({ output: expect.anything() });
      runs.push(run);
    }
    return runs;
  }

  it.each(DAMAGES)('stop no hook, no drainer and no task: %s (W27)', async (_name, contentOf) => {
    damageAll(contentOf);
    const [run] = await world.act.editScene(scanned('damaged'), { title: 'Whole' });
    expect(run?.result).toEqual({ output: 'ok' });
    await world.until('the sync', () => title('damaged') === 'Whole' && world.rows('jobs') === 0);
    const runs = await runEveryTask();
    const told = [
      ...world
        .drainerLog()
        .split('\n')
        .filter((line) => line.includes(' WARN ')),
      ...runs.flatMap(({ logs }) => logs.filter(({ level }) => level === 'warning').map(({ text }) => text)),
    ].filter((text) => !text.includes('Background'));
    for (const file of FILES) {
      expect(setAside(file), file).toHaveLength(1);
      if (file === 'device_id.json') continue;
      const words = file === 'circuit_breaker.json' ? 'Circuit breaker state corrupted' : file;
      expect(
        told.filter((text) => text.includes(words)),
        file,
      ).toHaveLength(1);
    }
    expect(world.readState('device_id.json')).toEqual({
      device_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each(DAMAGES)(
    'are set aside with one warning each by the tasks, too: %s (W27)',
    async (_name, contentOf) => {
      await recorded('damaged');
      damageAll(contentOf);
      const warnings = (await runEveryTask()).flatMap((run) => messages(run, 'warning'));
      expect(title('damaged')).toBe('Title of damaged');
      for (const file of FILES) {
        expect(setAside(file), file).toHaveLength(1);
        if (file === 'device_id.json') continue;
        const words = file === 'circuit_breaker.json' ? 'Circuit breaker state corrupted' : file;
        expect(
          warnings.filter((text) => text.includes(words)),
          file,
        ).toHaveLength(1);
      }
    },
  );

  it('are told of with a warning also when it is the identity towards Plex (W27)', async () => {
    world.writeState('device_id.json', '{"device_id": ');
    const run = await world.host.runTask('Health Check');
    expect(setAside('device_id.json')).toHaveLength(1);
    expect(messages(run, 'warning').filter((text) => text.includes('device_id.json'))).toHaveLength(1);
  });

  it('lose only what is no number in them, and keep what this version does not know (W27)', async () => {
    const words = { known_by_others: 'kept' };
    world.writeState('circuit_breaker.json', {
      ...circuitFile('closed', 'never'),
      failure_count: 'many',
      ...words,
    });
    world.writeState('recovery_state.json', {
      last_check_time: 'yesterday',
      recovery_count: 7,
      consecutive_failures: [],
      recovery_started_at: null,
      ...words,
    });
    world.writeState('outage_history.json', [
      { started_at: 'some day', ended_at: 5 },
      { started_at: nowSecs() - 500, ended_at: nowSecs() - 400, duration: 'long', jobs_affected: '3' },
      'an outage',
    ]);
    world.writeState('device_id.json', { device_id: 17, ...words });
    await world.act.editScene(scanned('numbers'), { title: 'Numbers' });
    await world.until('the sync', () => title('numbers') === 'Numbers' && world.rows('jobs') === 0);
    const runs = await runEveryTask();
    expect(fileNames().filter((name) => name.includes('damaged'))).toEqual([]);
    expect(runs[0]?.result.output).toMatchObject({ circuit: 'closed', recoveryCount: 7, outages: 1 });
    expect(world.readState('device_id.json')).toEqual({ device_id: expect.stringContaining('-'), ...words });
    expect(world.readState('recovery_state.json')).toMatchObject(words);
  });

  it('counts from zero when a figure of stats.json makes no sense (W27)', async () => {
    world.writeState('stats.json', { jobs_processed: 'ten', jobs_succeeded: 3 });
    await world.act.editScene(scanned('figures'), { title: 'Figures' });
    await world.until(
      'a new file',
      () => setAside('stats.json').length === 1 && fileNames().includes('stats.json'),
    );
    expect(world.readState('stats.json')).toMatchObject({ jobs_processed: 1, jobs_succeeded: 1 });
  });
});

describe('the limit of processes', () => {
  const LIMIT_OF_ONE = { STASH2PLEX_MAX_CONCURRENT_PROCESSES: '1' };

  it('refuses a task beyond it, says so, and stands in the way of nothing else (W1, W26)', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of names) await recorded(name);
    const longMs = 3_600_000;
    world.plex.faults.add({ match: { method: 'PUT' }, times: 1, action: { kind: 'delay', ms: longMs } });
    const host = paused(LIMIT_OF_ONE);
    const busy = host.startTask('Process Queue');
    await world.until('work under way', () => world.plex.log.count({ method: 'PUT' }) > 0);

    for (const task of ['Process Queue', 'Recover Outage Jobs']) {
      const refused = await host.runTask(task);
      expect(refused.result.error, task).toContain('1 tasks of Stash2Plex run already');
      expect(refused.result.error, task).toContain('STASH2PLEX_MAX_CONCURRENT_PROCESSES');
      expect(refused.exitCode, task).toBe(1);
    }
    const late = await recorded('late');
    expect(world.waitingScenes()).toContain(late);
    for (const task of [
      'View Queue Status',
      'Health Check',
      'Outage Summary Report',
      'Purge Old DLQ Entries',
    ]) {
      const run = await host.runTask(task);
      expect(run.result, task).toEqual({ output: expect.anything() });
    }
    expect(world.rows('jobs')).toBeGreaterThan(0);

    world.plex.advance(longMs);
    const run = await busy.finished;
    expect(run.result.output).toMatchObject({ synced: 7 });
    expect((await host.runTask('Process Queue')).result.error).toBeUndefined();
  });

  it('of one lets hooks start a drainer, and a drainer work beside a task (W26)', async () => {
    const host = world.hostWith(LIMIT_OF_ONE);
    const id = scanned('one');
    world.stash.scenes.update(id, { title: 'One' });
    await host.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
    await world.until('the sync', () => title('one') === 'One');
  });

  it('is free again as soon as its holder was killed (W1)', async () => {
    await recorded('killed');
    world.plex.switches.latencyMs = 300;
    const host = paused(LIMIT_OF_ONE);
    const first = host.startTask('Process Queue');
    await world.until('work under way', () => world.plex.log.count() > 0);
    first.kill();
    await first.finished;
    world.plex.switches.latencyMs = 0;
    const run = await host.runTask('Process Queue');
    expect(run.result.output).toMatchObject({ synced: 1 });
  });

  it('is told apart from a folder that cannot be used (W24)', async () => {
    writeFileSync(join(world.dataFolder, 'proc_slots'), 'a file in its place');
    await recorded('no slots');
    const run = await paused().runTask('Process Queue');
    const [warning, ...more] = messages(run, 'warning');
    expect(warning).toContain('proc_slots');
    expect(warning).not.toContain('run already');
    expect(more).toEqual([]);
    expect(run.result.output).toMatchObject({ synced: 1 });
    expect(world.waitingScenes()).toEqual([]);
  });
});

describe('what drainers have to tell', () => {
  it('appears once, in the next task (W48)', async () => {
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: 'a-wrong-token-of-length',
    });
    await world.act.editScene(scanned('told'), { title: 'Told' });
    await world.until('the warning', () => world.drainerLog().includes('refuses the token'));
    const runs = [
      await world.host.runTask('View Queue Status'),
      await world.host.runTask('View Queue Status'),
    ];
    const warnings = runs.map((run) => run.logs.filter(({ level }) => level === 'warning'));
    expect(warnings).toEqual([
      [
        {
          level: 'warning',
          text: expect.stringMatching(
            /^\[Stash2Plex Background\] \d{4}-\d\d-\d\dT[\d:.]+Z: .*Plex refuses the token .*no event is lost, and the queue goes on by itself then\.$/,
          ),
        },
      ],
      [],
    ]);
  });

  it('is counted, not repeated, when it comes up again (W48)', async () => {
    world.stash.settings.set('Stash2Plex', {
      plex_url: world.plex.url,
      plex_token: 'a-wrong-token-of-length',
    });
    const id = scanned('again');
    for (const started of [1, 2, 3]) {
      await world.act.editScene(id, { title: `Edit ${started}` });
      await world.until(
        'a warning more',
        () => world.drainerLog().match(/refuses the token/g)?.length === started,
      );
      // It would stay and look again by itself; the next one has to find out anew.
      world.killDrainers();
      await world.until('the end of the drainer', () => world.drainers().every((pid) => !isAlive(pid)));
    }
    const [warning, ...more] = messages(await world.host.runTask('View Queue Status'), 'warning');
    expect(warning).toMatch(/Z, 3 times: .*refuses the token/);
    expect(more).toEqual([]);
  });
});

describe('settings and figures', () => {
  it('gives up after as many attempts as "max_retries" says, and shows it (W39)', async () => {
    const { url, token } = world.plex;
    world.stash.settings.set('Stash2Plex', { plex_url: url, plex_token: token, max_retries: 1 });
    // Edits work, but for one scene's.
    await world.act.editScene(scanned('fine'), { title: 'Fine' });
    await world.until('the other scene', () => world.rows('scene_syncs') === 1 && world.rows('jobs') === 0);
    const id = scanned('failing');
    const { ratingKey } = world.plex.library.itemByFile('/media/films/failing.mkv') ?? {};
    const isItsEdit = (request: PlexRequest) =>
      request.method === 'PUT' && request.parameter('id') === ratingKey;
    world.plex.faults.add({ match: isItsEdit, action: { kind: 'status', status: 500 } });
    await world.act.editScene(id, { title: 'Failing' });
    await world.until('the end of the job', () => world.rows('dead_letters') === 1);
    expect(world.waitingScenes()).toEqual([]);
    // Once for nothing, because it may have been Plex, and once to its account.
    expect(world.plex.log.where(isItsEdit)).toHaveLength(2);
    const run = await world.host.runTask('View Queue Status');
    expect(run.result.output).toMatchObject({
      deadLetters: 1,
      deadLettersByType: { PlexTemporaryError: 1 },
      summary: '0 scenes wait to be synced, 1 given up.',
    });
    expect(messages(run, 'info')).toContain('Dead letters:           1');
  });

  it('writes its figures after a single scene (W37)', async () => {
    await world.act.editScene(scanned('single'), { title: 'Single' });
    await world.until('the figures', () => fileNames().includes('stats.json'));
    const stats = () => world.readState('stats.json') as Record<string, unknown>;
    expect(stats()).toMatchObject({
      jobs_processed: 1,
      jobs_succeeded: 1,
      jobs_failed: 0,
      jobs_to_dlq: 0,
      attempts: 1,
      attempts_failed: 0,
      high_confidence_matches: 1,
      errors_by_type: {},
    });
    await world.act.editScene(scanned('next'), { title: 'Next' });
    await world.until('them to be added up', () => stats()['jobs_processed'] === 2);
  });
});

describe('the answer of every task', () => {
  const TASKS = [
    'View Queue Status',
    'Process Queue',
    'Health Check',
    'Outage Summary Report',
    'Recover Outage Jobs',
    'Recover Outage Jobs (Include Temporary Errors)',
    'Clear Pending Queue',
    'Clear Dead Letter Queue',
    'Purge Old DLQ Entries',
  ];

  /** Scenes that wait, scenes that were given up in an outage and before, and the outage. */
  async function fill(): Promise<void> {
    await recorded('one');
    await recorded('two');
    world.giveUp(
      { sceneId: scanned('three'), type: 'PlexServerDown', agoSecs: 400 },
      { sceneId: scanned('four'), type: 'PlexTemporaryError', agoSecs: 400 },
      { sceneId: scanned('five'), type: 'PlexPermanentError', agoSecs: 40 * 86_400 },
    );
    world.writeState('outage_history.json', [
      { started_at: nowSecs() - 600, ended_at: nowSecs() - 300, duration: 300, jobs_affected: 2 },
    ]);
  }

  const CONDITIONS: [string, { prepare: () => Promise<unknown>; failing: string[] }][] = [
    ['on an empty folder', { prepare: async () => {}, failing: [] }],
    ['with jobs and dead letters', { prepare: fill, failing: [] }],
    [
      'with Plex stopped',
      {
        prepare: async () => {
          await fill();
          await world.plex.stop();
        },
        failing: ['Process Queue', 'Recover Outage Jobs', 'Recover Outage Jobs (Include Temporary Errors)'],
      },
    ],
    [
      'with a wrong token',
      {
        prepare: async () => {
          await fill();
          world.stash.settings.set('Stash2Plex', { plex_url: world.plex.url, plex_token: 'a-wrong-token' });
        },
        failing: ['Process Queue'],
      },
    ],
    [
      'with Stash stopped',
      {
        prepare: async () => {
          await fill();
          await world.stash.stop();
        },
        failing: [
          'Process Queue',
          'Health Check',
          'Recover Outage Jobs',
          'Recover Outage Jobs (Include Temporary Errors)',
        ],
      },
    ],
  ];

  const cases = CONDITIONS.flatMap(([name, condition]) =>
    TASKS.map((task) => [task, name, condition] as const),
  );

  it.each(cases)(
    'is one JSON document, progress apart from it: "%s" %s (W38)',
    async (task, _name, condition) => {
      await condition.prepare();
      const run = await paused().runTask(task);
      const fails = condition.failing.includes(task);
      const answer = JSON.parse(run.stdout) as Record<string, unknown>;
      expect(answer).toEqual(
        fails
          ? { error: expect.stringMatching(/^[A-Z\d].+\.$/) }
          : { output: expect.objectContaining({ summary: expect.stringMatching(/^[A-Z\d].+\.?$/) }) },
      );
      expect(run.stdout).toBe(JSON.stringify(answer));
      expect(run).toMatchObject({
        exitCode: fails ? 1 : 0,
        signal: null,
        stdinBroken: false,
        stderrBroken: false,
      });
      expect(run.stdout + run.stderrRaw).not.toMatch(/^ {4}at |\\n {4}at | \| at /m);

      const lines = run.stderrRaw.split('\n').slice(0, -1);
      for (const line of lines) {
        expect([line[0], line[2]]).toEqual(['\u0001', '\u0002']);
        expect('tdiwep').toContain(line[1]);
      }
      const progress = lines.filter((line) => line[1] === 'p').map((line) => Number(line.slice(3)));
      for (const share of progress) expect(share >= 0 && share <= 1).toBe(true);
      expect(progress).toEqual([...progress].sort((left, right) => left - right));
      if (fails) expect(progress).not.toContain(1);
      // What failed is in Stash's log as well.
      expect(run.logs.some(({ level }) => level === 'error')).toBe(fails);
    },
  );
});
