import { createReconciliationScheduler } from '../../src/reconcile/ReconciliationScheduler.ts';
import { systemClock } from '../../src/time/clock.ts';
import { recordingLog } from './recordingLog.ts';

// A process of its own: `claimInProcess.ts <path>` says "ready", waits for the end of stdin, and claims an hourly run.
const [path = ''] = process.argv.slice(2);
const { log } = recordingLog();
const scheduler = createReconciliationScheduler({ path, clock: systemClock, log });
await scheduler.load();
process.stdout.write('ready\n');
for await (const _ of process.stdin);
process.stdout.write(`${(await scheduler.claim('hourly')) ?? 'nothing'}\n`);
