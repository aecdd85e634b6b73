import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { World } from '../support/startWorld.ts';
import { useUi } from '../support/uiHost/useUi.ts';

const tests = useUi();
const PAGE = '/plugins/stash2plex';

function scanned(world: World, name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({ details: 'D', files: [`/data/films/${name}.mkv`] });
}

it('shows an outage of Plex while it lasts, and when it is over', async () => {
  const world = await tests.world();
  const id = scanned(world, 'one');
  const circuit = { state: 'open', failure_count: 0, success_count: 0, opened_at: Date.now() / 1000 - 57 };
  world.writeState('circuit_breaker.json', circuit);
  await world.plex.stop();
  await world.act.editScene(id, { title: 'After the outage' });
  await world.until('the drainer to wait', () => world.drainerLog().includes('goes on by itself'));
  const { page, open } = await tests.ui(world);
  await open(PAGE);
  await page.getByText('Plex is away').waitFor();
  expect(await page.getByRole('link', { name: `Scene ${id}` }).count()).toBe(1);
  await page.getByRole('img', { name: /1 outage since .*, going on/ }).waitFor();

  await world.plex.start();
  await page.getByText('All done').waitFor({ timeout: 25_000 });
  await page.getByRole('img', { name: /1 outage since [^,]*, \d\d:\d\d\.$/ }).waitFor();
  await page.getByText('written').first().waitFor();
});

it('asks once in five seconds, never while it is hidden, and says what keeps it from asking', async () => {
  const world = await tests.world();
  const { page, open, operations, complaints } = await tests.ui(world);
  const asked = () => operations('dashboard').length;
  const turn = (isHidden: boolean) =>
    page.evaluate(`
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
  /** Lets time pass on the page; answers arrive in the machine's own. */
  const pass = async (ms: number) => {
    await page.clock.runFor(ms);
    await page.evaluate('new Promise((resolve) => resolve())');
  };
  const answerTo = async (act: () => Promise<unknown>) => {
    const answer = page.waitForResponse('**/graphql');
    await act();
    await (await answer).finished();
    await pass(1);
  };
  await page.clock.install({ time: Date.now() });
  await page.clock.pauseAt(Date.now() + 60_000);
  await open(PAGE);
  await page.getByText('Looking…').waitFor();
  await answerTo(() => pass(1));
  await page.getByText('Not begun').waitFor();
  expect(asked()).toBe(1);
  await pass(4_900);
  expect(asked()).toBe(1);
  await answerTo(() => pass(200));
  expect(asked()).toBe(2);

  await turn(true);
  await pass(60_000);
  expect(asked()).toBe(2);
  await turn(false);
  await answerTo(() => pass(1));
  expect(asked()).toBe(3);
  // Nothing but the one operation was asked for: neither another one nor a server.
  expect(operations().every(({ mode }) => mode === 'dashboard')).toBe(true);
  expect(world.plex.log.count()).toBe(0);

  world.stash.faults.add({ match: { operation: 'runPluginOperation' }, action: { status: 502 } });
  await page.clock.runFor(6_000);
  await page.getByText(/Stash answered with status 502.* What is shown is of earlier\./).waitFor();
  expect(await page.getByText('Not begun').count()).toBe(1);
  // The browser's own word for that status.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('502')]);
});

it('is found again when its address is loaded anew, also below a folder of a reverse proxy', async () => {
  const world = await tests.world();
  const proxy = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '').replace(/^\/stash(?=\/)/, '');
    const headers = { ...incoming.headers, 'x-forwarded-prefix': '/stash' };
    const onward = httpRequest(
      `${world.stash.url}${path}`,
      { method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/stash`;
  const { page, open } = await tests.ui(world, { origin });
  await open('/');
  // Nothing of the page itself is loaded before it is asked for.
  const assets = () => world.stash.log.count({ path: /^\/plugin\/Stash2Plex\/assets\// });
  await page.getByRole('link', { name: 'Plex' }).click();
  await page.getByText('Not begun').waitFor();
  expect(assets()).toBe(1);
  expect(new URL(page.url()).pathname).toBe(`/stash${PAGE}`);
  await page.reload();
  await page.getByText('Not begun').waitFor();
});

it('loads only its few kB with other pages, and never their settings or servers', async () => {
  const world = await tests.world();
  const { page, open, operations } = await tests.ui(world);
  await open('/');
  await page.getByRole('link', { name: 'Plex' }).waitFor();
  const ours = world.stash.log.where({ path: /^\/plugin\// }).map(({ path }) => path);
  expect(ours).toEqual(['/plugin/Stash2Plex/javascript']);
  expect(operations()).toEqual([]);
});

it('says so when its file cannot be loaded, and leaves the rest of Stash alone', async () => {
  const world = await tests.world();
  const { page, open, complaints } = await tests.ui(world);
  await page.route('**/assets/stash2plex-page.js*', (route) => route.abort());
  await open('/scenes/1');
  await open(PAGE);
  await page.getByText('could not be loaded').waitFor();
  await page.getByRole('link', { name: 'Scenes' }).waitFor();
  expect(complaints.splice(0).every((text) => /ERR_FAILED|Failed to/.test(text))).toBe(true);
});
