import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileSink } from '../../src/log/fileSink.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

const clock = new FakeClock();

describe('createFileSink', () => {
  it('writes plain lines with time and level, and makes the folder (W48)', () => {
    const path = join(tempFolder(), 'new', 'drain.log');
    const sink = createFileSink({ path, maxBytes: 1000, clock });
    sink.line('info', 'one\ntwo');
    sink.line('error', 'three');
    sink.progress(0.5);
    expect(readFileSync(path, 'utf8')).toBe(
      '2026-01-11T12:00:00.000Z INFO  one | two\n2026-01-11T12:00:00.000Z ERROR three\n',
    );
  });

  it('leaves trace and debug lines out (W48)', () => {
    const path = join(tempFolder(), 'drain.log');
    const sink = createFileSink({ path, maxBytes: 1000, clock });
    for (const level of ['trace', 'debug', 'warn'] as const) sink.line(level, level);
    expect(readFileSync(path, 'utf8')).toBe('2026-01-11T12:00:00.000Z WARN  warn\n');
  });

  it('keeps one older file, also when the size is reached in the middle of a run (DT-4, W48)', () => {
    const path = join(tempFolder(), 'drain.log');
    writeFileSync(path, 'x'.repeat(90));
    const sink = createFileSink({ path, maxBytes: 100, clock });
    for (let line = 0; line < 50; line += 1) sink.line('info', `é number ${line}`);
    const [now, before] = [path, `${path}.1`].map((file) => readFileSync(file));
    expect(now?.length).toBeLessThan(200);
    expect(before?.length).toBeLessThan(200);
    expect(now?.toString()).toContain('number 49');
    expect(before?.toString()).toContain('number 47');
  });

  it.each([0, -1])('never rotates with a limit of %d', (maxBytes) => {
    const path = join(tempFolder(), 'drain.log');
    const sink = createFileSink({ path, maxBytes, clock });
    for (let line = 0; line < 50; line += 1) sink.line('info', `number ${line}`);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(51);
  });

  it('goes on when somebody took the file away', () => {
    const path = join(tempFolder(), 'drain.log');
    const sink = createFileSink({ path, maxBytes: 20, clock });
    sink.line('info', 'longer than the limit');
    rmSync(path);
    sink.line('info', 'after');
    expect(readFileSync(path, 'utf8')).toContain('after');
  });

  it('rather outgrows its limit than falls silent when the old file cannot be replaced', () => {
    const path = join(tempFolder(), 'drain.log');
    mkdirSync(join(`${path}.1`, 'in the way'), { recursive: true });
    const sink = createFileSink({ path, maxBytes: 20, clock });
    sink.line('info', 'longer than the limit');
    sink.line('info', 'after');
    expect(readFileSync(path, 'utf8')).toContain('after');
  });

  it('never throws', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), '');
    const sink = createFileSink({ path: join(folder, 'file', 'drain.log'), maxBytes: 20, clock });
    expect(() => sink.line('error', 'lost')).not.toThrow();
  });
});
