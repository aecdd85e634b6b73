import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createRequestLimits } from '../../src/plex/RequestLimits.ts';
import { openDatabase } from '../../src/storage/openDatabase.ts';
import { FakeClock } from '../support/FakeClock.ts';
import { tempFolder } from '../support/tempFolder.ts';

it('keeps the limit of each address and part for a month', () => {
  const db = openDatabase(join(tempFolder(), 'stash2plex.db'), { durability: 'normal' });
  onTestFinished(() => void db.close());
  const clock = new FakeClock();
  const one = createRequestLimits(db, clock).of('http://one');
  one.learn('query', 2_000);
  one.learn('query', 1_900);
  one.learn('ids', 260);
  const later = createRequestLimits(db, clock);
  expect([later.of('http://one').bytes('query'), later.of('http://one').bytes('ids')]).toEqual([1_900, 260]);
  expect(later.of('http://two').bytes('query')).toBeUndefined();
  clock.advance(29 * 86_400_000);
  expect(one.bytes('query')).toBe(1_900);
  clock.advance(86_400_000);
  expect(one.bytes('query')).toBeUndefined();
});
