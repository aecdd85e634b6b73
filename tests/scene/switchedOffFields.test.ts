import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startReconcileBench } from '../support/startReconcileBench.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/requests-of-a-sync.json', import.meta.url));

/** A scene that has something for every field there is. */
const RICH = {
  title: 'The Harbour walk',
  code: 'HW-001',
  details: 'A walk.',
  director: 'D. Rector',
  date: '2021-05-04',
  rating100: 77,
  studio: 'Acme',
  performers: ['A. Person'],
  tags: ['Nature', 'short'],
  groups: ['Lake cycle'],
};

it('with every further field switched off, both servers get the very bytes that they got before there were any', async () => {
  const bench = await startReconcileBench();
  bench.stash.log.clear();
  bench.plex.log.clear();
  const sceneId = bench.scanned('walk', RICH);
  await bench.sync(sceneId);
  bench.clock.advance(60_000);
  bench.stash.scenes.update(sceneId, { title: 'Another walk', tags: ['Nature'], studio: null });
  await bench.sync(sceneId);
  await bench.reconcile();
  const sent = {
    stash: bench.stash.log
      .all()
      .map(({ method, path, query, variables }) => [method, path, query, variables]),
    plex: bench.plex.log.entries.map(({ method, url }) => `${method} ${url}`),
  };
  expect(sent).toEqual(JSON.parse(readFileSync(FIXTURE, 'utf8')));
});
