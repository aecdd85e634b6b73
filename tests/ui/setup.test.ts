import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type World, YML_PATH } from '../support/startWorld.ts';
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

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const see = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

it('leads from nothing to the first sync', async () => {
  const world = await tests.world();
  world.stash.settings.clear();
  for (const name of ['one', 'two']) scanned(world, name);
  world.plex.library.addSection({ title: 'Music', type: 'artist', locations: ['/media/music'] });
  world.plex.library.addSection({ title: 'Clips', locations: ['/media/clips'] });
  const { page, open, operations } = await tests.ui(world);
  await open(SETUP);
  await see(page, /is not set up/);
  await page
    .getByRole('status')
    .filter({ hasText: /^Not set up$/ })
    .waitFor();

  await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9');
  await page.getByLabel('Token', { exact: true }).fill('a-token-of-nobody');
  await press(page, 'Test');
  await page.locator('.s2p-bad').waitFor();
  await page.getByLabel('Address', { exact: true }).fill(world.plex.url);
  await page.getByLabel('Token', { exact: true }).fill(world.plex.token);
  await press(page, 'Test');
  await page.getByLabel('Films').waitFor();
  expect(stored(world)).toEqual({});
  expect(await page.getByLabel('Music').isDisabled()).toBe(true);
  // The page itself is under a switch that Bootstrap draws on its label.
  await page.getByText('Clips', { exact: true }).click();

  await press(page, 'Propose one from 50 scenes');
  await page.getByRole('heading', { name: 'Folders' }).waitFor();
  await page.getByText('What is synced').click();
  await page.getByRole('switch', { name: /Sync rating/ }).press(' ');
  await page.getByRole('status').filter({ hasText: 'changes not saved' }).waitFor();

  await press(page, 'Save and preview');
  const preview = page.getByRole('article', { name: 'Preview of scene 1' });
  await preview.waitFor();
  expect(await preview.getByRole('row', { name: /^title/ }).innerText()).toMatch(
    /Title of one\s+one\s+Title of one/,
  );
  expect(stored(world)).toMatchObject({
    plex_url: world.plex.url,
    plex_token: world.plex.token,
    plex_library: 'Films',
    sync_rating: true,
  });
  expect(world.rows('jobs')).toBe(0);

  await press(page, 'Sync everything');
  await see(page, 'Started.');
  const titleOf = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
  await world.until(
    'both items',
    () => titleOf('one') === 'Title of one' && titleOf('two') === 'Title of two',
  );
  // So low that every view has to be scrolled.
  await page.setViewportSize({ width: 1280, height: 300 });
  await page.getByRole('link', { name: 'Watch it under State' }).click();
  await page.getByText('What happened').waitFor();
  expect(await page.evaluate('scrollY')).toBe(0);
  await page.getByText('written').first().waitFor();
  expect(operations('test_connection')).toHaveLength(2);
});

it('proposes a path map, and stores it when it is taken', async () => {
  const world = await tests.world();
  for (const name of ['a', 'b', 'c', 'd']) {
    world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
    world.stash.scenes.add({ title: name, files: [`/data/films/${name}.mkv`] });
  }
  const { page, open } = await tests.ui(world);
  await open(SETUP);
  await press(page, 'Propose one from 50 scenes');
  await page.getByRole('table', { name: 'Before and after' }).waitFor();
  await press(page, 'Use this map');
  await press(page, 'Save');
  await see(page, 'Saved.');
  expect(stored(world)['path_map']).toMatch(/^\/media(\/films)?=>\/data(\/films)?$/);
});

it('stores only what was changed, on top of what somebody else has stored meanwhile', async () => {
  const settings = { max_retries: 7, a_key_of_tomorrow: { kept: true } };
  const world = await tests.world({ settings });
  const { page, open } = await tests.ui(world);
  await open(SETUP);
  await page.getByText('What is synced').click();
  await page.getByRole('switch', { name: /Sync tags/ }).press(' ');
  world.stash.settings.set('Stash2Plex', { ...stored(world), sync_studio: false });
  const before = stored(world);
  await press(page, 'Save');
  await see(page, 'Saved.');
  expect(stored(world)).toEqual({ ...before, sync_tags: false });
});

it('shows what is in force, its default, and what is wrong with a value', async () => {
  const world = await tests.world({ settings: { max_retries: 7, max_tags: 5_000 } });
  const { page, open } = await tests.ui(world);
  await open(SETUP);
  const field = page.getByLabel('Most tags per item', { exact: true });
  // A group with a warning is open.
  await field.waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await see(page, /must be a whole number from 10 to 500/);
  await press(page, 'use it (Most tags per item)');
  await expect.poll(() => field.getAttribute('aria-invalid')).toBe('false');
  expect(await field.getAttribute('placeholder')).toBe('100');
  await press(page, 'Save');
  await see(page, 'Saved.');
  expect(stored(world)).not.toHaveProperty('max_tags');
  expect(stored(world)['max_retries']).toBe(7);
});

it('keeps what was entered while another view is looked at, and forgets it on demand', async () => {
  const world = await tests.world();
  const { page, open } = await tests.ui(world);
  await open(SETUP);
  await page.getByLabel('Address', { exact: true }).fill('http://elsewhere:32400');
  await page.getByRole('link', { name: 'State' }).click();
  await page.getByRole('link', { name: 'Set up' }).click();
  expect(await page.getByLabel('Address', { exact: true }).inputValue()).toBe('http://elsewhere:32400');
  await press(page, 'Undo');
  expect(await page.getByLabel('Address', { exact: true }).inputValue()).toBe(world.plex.url);
});

it("takes the place of Stash's plain list of our settings, and of no other plugin's", async () => {
  const world = await tests.world({ settings: { sync_tags: true } });
  world.stash.settings.set('Other', { on: false });
  const { page, open } = await tests.ui(world);
  const other = {
    ...world.host.manifest,
    id: 'Other',
    name: 'Other',
    settings: { on: { type: 'BOOLEAN', displayName: 'Other on', description: '' } },
  } as const;
  const own = world.stash.ui.served?.plugins ?? [];
  if (world.stash.ui.served) {
    const plugin = { manifest: { ...other, ui: { ...other.ui, javascript: [] } }, folder: YML_PATH };
    world.stash.ui.served = { ...world.stash.ui.served, plugins: [...own, plugin] };
  }
  await open('/settings?tab=plugins');
  await page.getByText('What is synced').click();
  await page.getByRole('switch', { name: /Sync tags/ }).press(' ');
  // In sight wherever one is: Stash's own settings need no saving.
  await page.setViewportSize({ width: 1280, height: 500 });
  const save = page.getByRole('button', { name: 'Save', exact: true });
  for (const place of ['Address', 'Sync tags']) {
    await page.getByText(place, { exact: true }).first().scrollIntoViewIfNeeded();
    const box = await save.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(500);
  }
  await press(page, 'Save');
  await see(page, 'Saved.');

  // Stash sends its own copy of every plugin's settings with each edit: ours has to be in it.
  await page.getByLabel('Other on').check();
  await expect.poll(() => world.stash.settings.get('Other')).toEqual({ on: true });
  expect(stored(world)['sync_tags']).toBe(false);

  await press(page, 'Plain list');
  await page.getByLabel('Sync tags', { exact: true }).waitFor();
  expect(await page.getByLabel('Sync tags', { exact: true }).isChecked()).toBe(false);
  await page.reload();
  await page.getByLabel('Sync tags', { exact: true }).waitFor();
  await press(page, 'Plain list');
  await page.getByRole('heading', { name: 'Connection to Plex' }).waitFor();
});
