import { describe, expect, it } from 'vitest';
import { processQueue } from '../../src/tasks/processQueue.ts';
import type { TaskContext } from '../../src/tasks/Task.ts';
import { type Bench, startBench } from '../support/startBench.ts';

/** A queue that another process works off; `obstacleAt` tells what it waits for at the nth look, from 0. */
function watched(bench: Bench, obstacleAt: (look: number) => string | undefined): TaskContext {
  const { clock, jobs, reliability, db } = bench;
  let looks = 0;
  const context: Partial<TaskContext> = {
    clock,
    log: bench.context.log,
    jobs,
    reliability,
    takeDrainLock: () => undefined,
    drainerObstacle() {
      looks += 1;
      // The other process gets to work.
      if (looks === 4) db.exec('DELETE FROM jobs');
      return obstacleAt(looks - 1);
    },
  };
  return context as TaskContext;
}

describe('watching the drainer', () => {
  it('is not misled by what an earlier one waited for, while a new one is just starting', async () => {
    const bench = await startBench();
    bench.record(1);
    const context = watched(bench, (look) => (look === 0 ? 'The token is wrong.' : undefined));
    expect(await processQueue(context, {})).toMatchObject({
      summary: 'The background drainer has worked off the queue.',
    });
  });

  it('ends with what stands in the way (W19)', async () => {
    const bench = await startBench();
    bench.record(1);
    const context = watched(bench, () => 'The token is wrong.');
    await expect(processQueue(context, {})).rejects.toThrow(
      'The token is wrong. 1 scene waits in the background; none is lost.',
    );
  });
});
