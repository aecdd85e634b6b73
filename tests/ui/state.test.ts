import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { usualHookPath, type World } from '../support/startWorld.ts';
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
  const circuit = { state: 'open', failure_count: 0, success_count: 0, opened_at: Date.now() / 1000 - 54 };
  // Plex is tried again 60 s after that: late enough for what has to be seen before.
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
    const answer = page.waitForResponse((response) =>
      (response.request().postData() ?? '').includes('"mode":"dashboard"'),
    );
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
  // Whether it is set up was asked once; else nothing but the one operation was asked for, and no server.
  expect(operations('check_settings')).toHaveLength(1);
  expect(operations()).toHaveLength(asked() + 1);
  expect(world.plex.log.count()).toBe(0);

  world.stash.faults.add({ match: { operation: 'runPluginOperation' }, action: { status: 502 } });
  await page.clock.runFor(6_000);
  await page.getByText(/Stash answered with status 502.* What is shown is of earlier\./).waitFor();
  expect(await page.getByText('Not begun').count()).toBe(1);
  // The browser's own word for that status.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('502')]);
});

it('says that it is not set up, or switched off, and leads out of both', async () => {
  const world = await tests.world();
  const stored = () => ({ ...world.stash.settings.get('Stash2Plex') });
  const { plex_url, plex_token } = stored();
  world.stash.settings.clear();
  const { page, open, operations } = await tests.ui(world);
  await open(PAGE);
  await page
    .getByRole('status')
    .filter({ hasText: /^Not set up$/ })
    .waitFor();
  await page.getByText(/plex_token: enter the X-Plex-Token/).waitFor();
  expect(await page.getByText('All done').count()).toBe(0);
  await page.getByRole('link', { name: 'Set it up' }).click();
  await page.getByLabel('Address', { exact: true }).fill(String(plex_url));
  await page.getByLabel('Token', { exact: true }).fill(String(plex_token));
  await page.getByText('When', { exact: true }).click();
  await page.getByRole('switch', { name: 'Enabled' }).press(' ');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();

  await page.getByRole('link', { name: 'State' }).click();
  await page
    .getByRole('status')
    .filter({ hasText: /^Switched off$/ })
    .waitFor();
  expect(await page.getByText(/not set up/i).count()).toBe(0);
  const asked = operations('check_settings').length;
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await page.getByText('Not begun').waitFor();
  expect(stored()).toEqual({ plex_url, plex_token, enabled: true });
  expect(operations('check_settings')).toHaveLength(asked + 1);

  // Launchers only note a change down: it is told of before it is in the queue.
  const id = scanned(world, 'one');
  const idle = world.hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
  await idle.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
  const next = page.getByRole('region', { name: 'What comes next' });
  await next.getByText(usualHookPath() === 'launcher' ? '1 change just recorded.' : `Scene ${id}`).waitFor();
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
