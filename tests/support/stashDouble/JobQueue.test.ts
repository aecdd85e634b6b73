import { describe, expect, test } from 'vitest';
import { JobQueue } from './JobQueue.ts';
import type { JobWork } from './PluginRunner.ts';
import { ask, testDouble } from './testClient.ts';

/** Work that the test ends. */
function controlledWork() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const state = { started: 0, killed: 0, progress: 0 };
  const work: JobWork = {
    finished: promise,
    progress: () => state.progress,
    kill: () => {
      state.killed += 1;
    },
  };
  const start = () => {
    state.started += 1;
    return work;
  };
  return { state, start, succeed: resolve, fail: (message: string) => reject(new Error(message)), promise };
}

function newQueue(): JobQueue {
  return new JobQueue(() => '2026-01-11T12:00:00Z');
}

describe('the queue', () => {
  test('runs one job at a time, in order (SD-6)', async () => {
    const queue = newQueue();
    const [first, second] = [controlledWork(), controlledWork()];
    expect([queue.add('first', first.start), queue.add('second', second.start)]).toEqual([1, 2]);
    expect(queue.queued().map(({ status }) => status)).toEqual(['RUNNING', 'READY']);
    expect(second.state.started).toBe(0);
    first.state.progress = 0.5;
    expect([queue.progress(1), queue.progress(2)]).toEqual([0.5, 0]);
    first.succeed();
    await first.promise;
    expect(queue.find(1)).toMatchObject({ status: 'FINISHED', error: null });
    expect(queue.find(2)?.status).toBe('RUNNING');
    expect(second.state.started).toBe(1);
  });

  test("waits for Stash's own jobs too (SD-6)", () => {
    const queue = newQueue();
    const scan = queue.add('Scanning...');
    const work = controlledWork();
    const task = queue.add('task', work.start);
    expect(queue.find(task)?.status).toBe('READY');
    queue.finish(scan);
    expect(queue.find(task)?.status).toBe('RUNNING');
    expect(work.state.started).toBe(1);
  });

  test('shows work that fails, or does not start, as FAILED (SD-6)', async () => {
    const queue = newQueue();
    const work = controlledWork();
    queue.add('fails', work.start);
    const unknown = queue.add('unknown', () => {
      throw new Error('no plugin with ID x');
    });
    const scan = queue.add('scan');
    work.fail('broke');
    await expect(work.promise).rejects.toThrow('broke');
    expect(queue.find(1)).toMatchObject({ status: 'FAILED', error: 'broke' });
    expect(queue.find(unknown)).toMatchObject({ status: 'FAILED', error: 'no plugin with ID x' });
    queue.finish(scan, 'no ffmpeg');
    expect(queue.find(scan)).toMatchObject({ status: 'FAILED', error: 'no ffmpeg' });
  });

  test('kills a running job, drops a waiting one and moves on at once (SD-6)', async () => {
    const queue = newQueue();
    const [first, second, third] = [controlledWork(), controlledWork(), controlledWork()];
    for (const { start } of [first, second, third]) queue.add('job', start);
    queue.stop(2);
    queue.stop(1);
    queue.stop(99);
    expect([1, 2, 3].map((id) => queue.find(id)?.status)).toEqual(['CANCELLED', 'CANCELLED', 'RUNNING']);
    expect([first.state.killed, second.state.started, third.state.started]).toEqual([1, 0, 1]);
    first.succeed();
    await first.promise;
    expect(queue.find(1)?.status).toBe('CANCELLED');
    queue.add('job', second.start);
    queue.stopAll();
    expect(queue.queued()).toEqual([]);
    expect([second.state.started, third.state.killed]).toEqual([0, 1]);
  });

  test('remembers the last ten that ended (SD-10)', () => {
    const queue = newQueue();
    for (let id = 1; id <= 12; id += 1) {
      queue.add('job');
      queue.finish(id);
    }
    expect(queue.find(2)).toBeUndefined();
    expect(queue.find(3)?.status).toBe('FINISHED');
  });
});

describe('through GraphQL', () => {
  const QUEUE = '{ jobQueue { id status description progress subTasks startTime endTime addTime error } }';

  test('an idle queue is null, as is an unknown job (SD-10)', async () => {
    const double = await testDouble();
    expect((await ask(double, QUEUE)).data).toEqual({ jobQueue: null });
    expect((await ask(double, '{ findJob(input: { id: 5 }) { id } }')).data).toEqual({ findJob: null });
  });

  test('runPluginTask validates nothing and returns a job id (SD-6)', async () => {
    const double = await testDouble({ now: () => Date.UTC(2026, 0, 11, 12) });
    const run = `mutation($task: String, $description: String) {
      runPluginTask(plugin_id: "example", task_name: $task, description: $description) }`;
    expect((await ask(double, run, { task: 'Full sync' })).data).toEqual({ runPluginTask: '1' });
    await ask(double, run, { task: 'Full sync', description: 'All of it' });
    await ask(double, run);
    const { data } = await ask<{ jobQueue: readonly { description: string }[] }>(double, QUEUE);
    expect(data.jobQueue.map(({ description }) => description)).toEqual([
      'Running plugin task: Full sync',
      'Running plugin task: All of it',
      'Running plugin task: example',
    ]);
    const time = '2026-01-11T12:00:00Z';
    expect(data.jobQueue[0]).toMatchObject({
      status: 'RUNNING',
      progress: 0,
      subTasks: null,
      startTime: time,
    });
    double.jobs.finish(1);
    const found = await ask(double, '{ findJob(input: { id: 1 }) { status endTime } }');
    expect(found.data).toEqual({ findJob: { status: 'FINISHED', endTime: time } });
  });

  test('stopJob and stopAllJobs are always true (SD-6)', async () => {
    const double = await testDouble();
    double.jobs.add('scan');
    double.jobs.add('clean');
    expect((await ask(double, 'mutation { stopJob(job_id: 77) }')).data).toEqual({ stopJob: true });
    await ask(double, 'mutation { stopJob(job_id: 1) }');
    expect(double.jobs.queued().map(({ id }) => id)).toEqual([2]);
    expect((await ask(double, 'mutation { stopAllJobs }')).data).toEqual({ stopAllJobs: true });
    expect((await ask(double, QUEUE)).data).toEqual({ jobQueue: null });
  });

  test('an operation of an unknown plugin is an internal error (SD-6)', async () => {
    const double = await testDouble();
    const answer = await ask(double, 'mutation { runPluginOperation(plugin_id: "x") }');
    expect(answer.errors?.[0]?.message).toContain('Internal system error');
  });
});
