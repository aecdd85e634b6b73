import { expect, it, onTestFinished } from 'vitest';
import { startNotifyDouble } from '../support/notifyDouble/startNotifyDouble.ts';
import type { World } from '../support/startWorld.ts';
import { useUi } from '../support/uiHost/useUi.ts';

const tests = useUi();
const SETUP = '/plugins/stash2plex?view=setup';
const stored = (world: World) => ({ ...world.stash.settings.get('Stash2Plex') });

function scanned(world: World, name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    files: [`/data/films/${name}.mkv`],
  });
}

it('saves the addresses for notifications, sends each a test, and tells what came of it', async () => {
  const [world, receiver] = await Promise.all([tests.world(), startNotifyDouble()]);
  onTestFinished(() => receiver.stop());
  const { page, open, operations } = await tests.ui(world);
  await open(SETUP);
  await page.getByText('Notifications', { exact: true }).click();
  await page.getByText('Enter an address first.').waitFor();
  const [good, closed] = [`${receiver.url}/hook-0123456789abcdef`, 'http://127.0.0.1:9/hook'];
  await page.getByLabel('Notification addresses').fill(`${good} ${closed} ftp://nowhere`);
  await page.getByRole('button', { name: 'Save and send test' }).click();
  const results = page.getByRole('list', { name: 'Results of the test' }).getByRole('listitem');
  await results.first().waitFor();
  const [first, second, third] = await results.allInnerTexts();
  expect(first).toMatch(/^127\.0\.0\.1:\d+ of no service that is known.*\s+Accepted \(status 200\)\.$/);
  expect(second).toMatch(/^127\.0\.0\.1:9 [\s\S]+\.$/);
  expect(second).not.toContain('Accepted');
  expect(third).toMatch(/, cannot be used\.$/);
  expect(receiver.requests).toHaveLength(1);
  expect(stored(world)['notify_url']).toBe(`${good} ${closed} ftp://nowhere`);

  await page.getByLabel('Notification addresses').fill(good);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  receiver.fail({ status: 404 }, 2);
  await page.getByRole('button', { name: 'Send test', exact: true }).click();
  await results.filter({ hasText: '404' }).waitFor();
  expect(await results.count()).toBe(1);
  expect(operations('test_notification')).toHaveLength(2);
});

it('checks everything on demand, says what helps, and copies a report without secrets', async () => {
  const world = await tests.world();
  scanned(world, 'one');
  const context = { permissions: ['clipboard-read', 'clipboard-write'] };
  const { page, open } = await tests.ui(world, { context });
  await open(SETUP);
  await page.getByLabel('Token', { exact: true }).fill('a-token-of-nobody');
  await page.getByRole('button', { name: 'Save and check everything' }).click();
  const wrong = page.getByRole('list', { name: 'Wrong' });
  await wrong.waitFor();
  await wrong.locator('.s2p-remedy').first().waitFor();
  expect(stored(world)['plex_token']).toBe('a-token-of-nobody');
  // What is fine is folded.
  expect(await page.getByRole('list', { name: 'Fine' }).count()).toBe(0);
  await page.getByText('Fine', { exact: true }).click();
  await page.getByRole('list', { name: 'Fine' }).waitFor();

  await page.getByRole('button', { name: 'Copy report' }).click();
  await page.getByText('Copied.').waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied).toContain('Stash2Plex');
  expect(copied).not.toContain('a-token-of-nobody');
  expect(copied).not.toContain('/data/films');

  // As for a page that comes by http from another machine.
  await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await page.getByRole('button', { name: 'Copy report' }).click();
  const field = page.getByLabel('Report of a fault');
  await field.waitFor();
  expect(await field.inputValue()).toBe(copied.replaceAll('\r\n', '\n'));
  expect(await page.evaluate<string>('String(getSelection())')).not.toBe('');

  await page.getByLabel('Token', { exact: true }).fill(world.plex.token);
  await page.getByRole('button', { name: 'Save and check everything' }).click();
  await wrong.waitFor({ state: 'detached' });
  await page.getByText(/^(Check Setup found|Everything is fine)/).waitFor();
});

it('shows what Plex items were, and makes them so again once it is switched off', async () => {
  const world = await tests.world();
  const id = scanned(world, 'one');
  const titleNow = () => world.plex.library.itemByFile('/media/films/one.mkv')?.title;
  await world.act.editScene(id, { title: 'From Stash' });
  await world.until('the sync', () => titleNow() === 'From Stash' && world.rows('jobs') === 0);
  // One that idles takes half a minute to see that it is off, and the task waits for that.
  world.killDrainers();
  const { page, open, operations } = await tests.ui(world);
  await open(SETUP);
  const look = page.getByRole('button', { name: 'Show what would go back' });
  await look.click();
  const item = page.getByRole('table', { name: /^Item \d+/ });
  await item.waitFor();
  expect(await item.getByRole('row', { name: /^title/ }).innerText()).toMatch(/From Stash\s+one$/);
  expect(await page.getByRole('button', { name: /^Restore/ }).count()).toBe(0);
  // What else was entered is not stored by this.
  await page.getByLabel('Names or numbers, separated by commas').fill('Films');
  await page.getByRole('button', { name: 'Switch Stash2Plex off' }).click();
  const restore = page.getByRole('button', { name: 'Restore 1 item…' });
  await restore.waitFor();
  expect(stored(world)).toMatchObject({ enabled: false });
  expect(stored(world)).not.toHaveProperty('plex_library');
  await page.getByText('1 change not saved').waitFor();

  await restore.click();
  await page.getByRole('button', { name: 'Keep' }).click();
  expect(titleNow()).toBe('From Stash');
  await restore.click();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await page.getByText(/^1 of 1 Plex item is what it was before/).waitFor();
  expect(titleNow()).toBe('one');
  expect(operations('restore_items')).toEqual([
    { mode: 'restore_items', since: '24h' },
    { mode: 'restore_items', since: '24h', apply: 'true' },
  ]);
  await page.getByLabel('Items', { exact: true }).selectOption('all');
  await look.click();
  await page.getByText(/^There is nothing to restore/).waitFor();
});
