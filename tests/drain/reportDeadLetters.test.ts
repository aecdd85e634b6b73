import { expect, it } from 'vitest';
import { reportDeadLetters } from '../../src/drain/reportDeadLetters.ts';
import { startBench } from '../support/startBench.ts';

it('says how many scenes were given up and shows the five newest, or nothing (WK-17)', async () => {
  const bench = await startBench({ settings: { max_retries: 1 } });
  const { deadLetters, context, lines } = bench;
  reportDeadLetters(deadLetters, context.log);
  expect(lines).toEqual([]);

  bench.plex.faults.add({ match: /^PUT/, action: { kind: 'status', status: 500 } });
  for (let index = 0; index < 7; index += 1) {
    // One at a time, with the clock moving on: five failures in a row open the circuit.
    await bench.sync(bench.scanned(`film ${index}`));
    bench.clock.advance(60_000);
  }
  lines.length = 0;
  reportDeadLetters(deadLetters, context.log);
  expect(lines.map(({ level }) => level)).toEqual(['info', ...Array(5).fill('debug')]);
  expect(lines[0]?.text).toContain('7 scenes were given up');
  expect(lines[1]?.text).toContain('PlexTemporaryError');
});
