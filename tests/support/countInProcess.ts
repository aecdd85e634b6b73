import { openCounter, plus } from './counterState.ts';
import { recordingLog } from './recordingLog.ts';

// A process of its own: `countInProcess.ts <path> <times>` says "ready", waits for the end of stdin, and counts.
const [path = '', times = '0'] = process.argv.slice(2);
const { log, lines } = recordingLog();
const store = openCounter(path, log);
await store.read();
process.stdout.write('ready\n');
for await (const _ of process.stdin);
for (let n = 0; n < Number(times); n += 1) await store.update(plus(1));
for (const { text } of lines) process.stdout.write(`${text}\n`);
