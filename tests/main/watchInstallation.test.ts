import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { watchInstallation } from '../../src/main/watchInstallation.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

function installed() {
  const folder = tempFolder();
  const bundle = join(folder, 'dist/lib/task.cjs');
  mkdirSync(join(folder, 'dist/lib'), { recursive: true });
  writeFileSync(bundle, 'one');
  const clock = new FakeClock();
  const isOutdated = watchInstallation({ launcherPath: join(folder, 'src/launcher.cjs') }, clock);
  return { bundle, clock, isOutdated };
}

it('tells of another bundle when it has been there for a while, as all its files are by then', () => {
  const { bundle, clock, isOutdated } = installed();
  clock.advance(60_000);
  expect(isOutdated()).toBe(false);
  writeFileSync(bundle, 'another');
  expect(isOutdated()).toBe(false);
  clock.advance(4_000);
  writeFileSync(bundle, 'and another');
  expect(isOutdated()).toBe(false);
  clock.advance(4_999);
  expect(isOutdated()).toBe(false);
  clock.advance(1);
  expect(isOutdated()).toBe(true);
});

it('waits while there is none, in the middle of an update or after a removal', () => {
  const { bundle, clock, isOutdated } = installed();
  rmSync(bundle);
  expect(isOutdated()).toBe(false);
  clock.advance(60_000);
  expect(isOutdated()).toBe(false);
  writeFileSync(bundle, 'one');
  expect(isOutdated()).toBe(false);
  clock.advance(5_000);
  expect(isOutdated()).toBe(true);
});
