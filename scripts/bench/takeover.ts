import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/log/logger.ts';
import { createRedactor } from '../../src/log/redactor.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { takeOver } from '../../src/takeover/takeOver.ts';
import { systemClock } from '../../src/time/clock.ts';
import { pickle } from '../../tests/support/pythonPlugin/pickle.ts';
import {
  completeJob,
  waiting,
  writeDeadLetters,
  writeFile,
  writeQueue,
} from '../../tests/support/pythonPlugin/pythonFolder.ts';
import type { Row } from './Row.ts';

const ROWS = 40_000;
const DEAD_LETTERS = 25_000;

/** Taking over the data of a Python plugin with a large backlog, and what an ordinary start pays for looking. */
export async function benchTakeover(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-takeover-'));
  const pluginFolder = join(folder, 'plugins', 'own', 'Stash2Plex');
  const dataFolder = join(pluginFolder, 'data');
  try {
    mkdirSync(dataFolder, { recursive: true });
    fill(dataFolder);
    const db = openDatabase(join(dataFolder, 'stash2plex.db'), { durability: 'normal' });
    const log = createLogger({ sink: { line() {}, progress() {} }, redactor: createRedactor() });
    const installation = { pluginFolder, dataFolder, isDataFolderGiven: true };
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const isTaken = takeOver({ db, clock: systemClock, log, installation, isInBackground: false });
    const cpu = process.cpuUsage(cpuBefore);
    const tookSecs = (performance.now() - startedAt) / 1000;
    const count = (table: string) => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    if (!isTaken || count('jobs') !== ROWS || count('dead_letters') !== DEAD_LETTERS) {
      throw new Error('Not everything was taken over.');
    }
    const idleAt = performance.now();
    for (let turn = 0; turn < 1_000; turn += 1) {
      takeOver({ db, clock: systemClock, log, installation, isInBackground: false });
    }
    const idleMs = (performance.now() - idleAt) / 1_000;
    db.close();
    return [
      {
        what: `take-over of ${ROWS} queue rows and ${DEAD_LETTERS} dead letters`,
        value: tookSecs,
        unit: 's',
        budget: 10,
      },
      { what: '  processor time of it', value: (cpu.user + cpu.system) / 1e6, unit: 's' },
      { what: '  looking whether there is something to take over', value: idleMs, unit: 'ms', budget: 1 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(dataFolder: string): void {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const retry = { retry_count: 2, last_error_type: 'PlexNotFound' };
  writeQueue(
    dataFolder,
    ids(ROWS).map((id) => waiting(completeJob(id, retry))),
  );
  const stack_trace = 'Traceback (most recent call last):\n'.repeat(50);
  writeDeadLetters(
    dataFolder,
    ids(DEAD_LETTERS).map((id) => ({ scene_id: id, job_data: pickle(completeJob(id, retry)), stack_trace })),
  );
  writeFile(
    dataFolder,
    'sync_timestamps.json',
    Object.fromEntries(ids(ROWS).map((id) => [id, 1_760_000_000])),
  );
}
