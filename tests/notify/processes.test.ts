import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { startNotifyBench } from './startNotifyBench.ts';

const PROGRAM = fileURLToPath(new URL('../support/tellInProcess.ts', import.meta.url));
const PROCESSES = 3;

async function startTeller(dataFolder: string, url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, dataFolder, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  await once(child.stdout, 'data');
  return child;
}

it('of several processes that find the same at the same time, one tells it', async () => {
  const bench = await startNotifyBench();
  // The processes live now.
  bench.clock.jump(Date.now() - bench.clock.now() - 3_600_000);
  const before = bench.another({ notify_url: '' });
  await before.close();
  bench.another();
  for (let failure = 0; failure < 5; failure += 1) await bench.reliability.breaker.recordFailure();
  bench.giveUp(1, 'PlexNotFound');
  bench.giveUp(2, 'AmbiguousMatch');
  await bench.another({ notify_events: 'recovery' }).passEnded({
    obstacle: { kind: 'setup', message: 'Plex refuses the token.' },
    synced: 0,
  });
  // What the look above has claimed of the dead letters comes up anew, later.
  bench.clock.advance(3_000_000);
  bench.giveUp(3, 'StashError');
  bench.giveUp(4, 'ProcessKilled');
  const tellers = await Promise.all(
    Array.from({ length: PROCESSES }, () => startTeller(bench.dataFolder, `${bench.receiver.url}/hook`)),
  );
  const ends = tellers.map((teller) => once(teller, 'close'));
  for (const { stdin } of tellers) stdin?.end();
  for (const [code] of await Promise.all(ends)) expect(code).toBe(0);
  const told = bench.receiver.requests.map(({ body }) =>
    `${body['event']} ${body['error_type'] ?? ''}`.trim(),
  );
  expect(told.sort()).toEqual([
    'attention',
    'dead_letters ProcessKilled',
    'dead_letters StashError',
    'outage',
  ]);
});
