import { resolvePaths } from '../../src/config/paths.ts';
import { openReliability } from '../../src/drain/Reliability.ts';
import { createRedactor } from '../../src/log/redactor.ts';
import { createNotifier } from '../../src/notify/Notifier.ts';
import { createJobStore } from '../../src/queue/JobStore.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { systemClock } from '../../src/time/clock.ts';
import { recordingLog } from './recordingLog.ts';

// A process of its own: `tellInProcess.ts <data folder> <notify_url>` says "ready", waits for the end of stdin, and tells what there is.
const [dataFolder = '', notifyUrl = ''] = process.argv.slice(2);
const clock = systemClock;
const { log } = recordingLog();
const paths = resolvePaths({ STASH_PLUGIN_DATA: dataFolder }, dataFolder);
const db = openDatabase(paths.database, { durability: 'normal' });
const { breaker, outages } = openReliability({ paths, clock, log, jobs: createJobStore(db, clock) });
const notifier = createNotifier({
  clock,
  log,
  redactor: createRedactor(),
  db,
  breaker,
  outages,
  waitingScenes: () => 0,
  remedyFor: () => 'Look at it.',
});
notifier.useSettings({ notify_url: notifyUrl });
process.stdout.write('ready\n');
for await (const _ of process.stdin);
const refused = { obstacle: { kind: 'setup', message: 'Plex refuses the token.' }, synced: 0 };
await notifier.passEnded(refused);
await notifier.close();
db.close();
