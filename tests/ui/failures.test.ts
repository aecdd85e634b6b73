import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { World } from '../support/startWorld.ts';
import { useUi } from '../support/uiHost/useUi.ts';

const tests = useUi();
const FAILURES = '/plugins/stash2plex?view=failures';

function scanned(world: World, name: string): number {
  world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
  return world.stash.scenes.add({
    title: `Title of ${name}`,
    details: 'D',
    files: [`/data/films/${name}.mkv`],
  });
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const deadScenes = (world: World) => world.query('SELECT scene_id FROM dead_letters ORDER BY scene_id');

it('retries one group, and leaves the others', async () => {
  const world = await tests.world();
  const ids = ['one', 'two'].map((name) => scanned(world, name));
  const missing = world.stash.scenes.add({ title: 'Nowhere', files: ['/data/films/nowhere.mkv'] });
  world.giveUp(...ids.map((sceneId) => ({ sceneId, type: 'PlexTemporaryError', agoSecs: 60 })), {
    sceneId: missing,
    type: 'PlexNotFound',
    agoSecs: 60,
  });
  const { page, open, operations } = await tests.ui(world);
  await open(FAILURES);
  await page.getByRole('link', { name: `Scene ${ids[0]}` }).waitFor();
  await press(page, /^Retry 2 scenes \(/);
  await page.getByText('2 scenes get another try.').waitFor();
  await page.getByRole('link', { name: `Scene ${ids[0]}` }).waitFor({ state: 'detached' });
  expect(await page.getByRole('link', { name: `Scene ${missing}` }).count()).toBe(1);
  expect(operations('retry_failed')).toEqual([{ mode: 'retry_failed', error_type: 'PlexTemporaryError' }]);
  const titleOf = (name: string) => world.plex.library.itemByFile(`/media/films/${name}.mkv`)?.title;
  await world.until(
    'both items',
    () => titleOf('one') === 'Title of one' && titleOf('two') === 'Title of two',
  );
  expect(deadScenes(world)).toContain(missing);
});

it('asks before it discards one, and shows further ones on demand', async () => {
  const world = await tests.world();
  const ids = Array.from({ length: 25 }, (_, index) => index + 101);
  world.giveUp(...ids.map((sceneId) => ({ sceneId, type: 'PlexTemporaryError', agoSecs: 200 - sceneId })));
  const { page, open, operations } = await tests.ui(world);
  await open(FAILURES);
  const scenes = page.getByRole('listitem');
  await page.getByRole('link', { name: 'Scene 125' }).waitFor();
  expect(await scenes.count()).toBe(20);
  await press(page, /^Show more/);
  await expect.poll(() => scenes.count()).toBe(25);

  await press(page, 'Discard… (scene 125)');
  await page.getByText('Forget scene 125?').waitFor();
  await page.keyboard.press('Escape');
  expect(operations('clear_dlq')).toEqual([]);
  await press(page, 'Discard… (scene 125)');
  await page.getByRole('button', { name: 'Forget', exact: true }).click();
  await page.getByRole('link', { name: 'Scene 125' }).waitFor({ state: 'detached' });
  expect(operations('clear_dlq')).toEqual([{ mode: 'clear_dlq', scene_ids: [125] }]);
  expect(deadScenes(world)).toEqual(ids.slice(0, 24));
});

it('lets the user choose the item of a scene in doubt', async () => {
  const world = await tests.world();
  for (const folder of ['a', 'b']) {
    world.plex.library.addItem(world.sectionKey, {
      title: `In ${folder}`,
      file: `/media/${folder}/film.mkv`,
    });
  }
  const id = world.stash.scenes.add({ title: 'The film', details: 'D', files: ['/data/c/film.mkv'] });
  await world.act.editScene(id, { title: 'The film itself' });
  await world.until('the scene to be given up', () => world.rows('dead_letters') === 1);
  const { page, open, operations } = await tests.ui(world);
  await open(FAILURES);
  await press(page, `Choose… (scene ${id})`);
  const key = world.plex.library.itemByFile('/media/b/film.mkv')?.ratingKey;
  await press(page, new RegExp(`^Choose this one \\(item ${key}, `));
  await page.getByText(/No scene was given up/).waitFor();
  expect(operations('choose_item')).toEqual([
    { mode: 'choose_item', scene_id: id, rating_key: key, server_id: expect.any(String) },
  ]);
});

it('proposes the path map for scenes that are not in Plex, stores it and retries them', async () => {
  const world = await tests.world();
  for (const name of ['a', 'b', 'c', 'd']) {
    world.plex.library.addItem(world.sectionKey, { title: name, file: `/media/films/${name}.mkv` });
    const sceneId = world.stash.scenes.add({ title: name, files: [`/data/films/${name}.mkv`] });
    world.giveUp({ sceneId, type: 'PlexNotFound', agoSecs: 60 });
  }
  const { page, open, operations } = await tests.ui(world);
  await open(FAILURES);
  await press(page, 'Look for a path map that would help');
  await press(page, 'Use this map and retry');
  await page.getByText('4 scenes get another try.').waitFor();
  expect(world.stash.settings.get('Stash2Plex')?.['path_map']).toMatch(
    /^\/media(\/films)?=>\/data(\/films)?$/,
  );
  expect(operations('retry_failed')).toHaveLength(1);
});

it('can be done with the keyboard alone', async () => {
  const world = await tests.world();
  world.giveUp({ sceneId: 7, type: 'PlexTemporaryError', agoSecs: 60 });
  const { page, open, operations } = await tests.ui(world);
  await open('/');
  const focused = () => page.evaluate<string>('document.activeElement.innerText');
  const tabTo = async (text: string) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      if ((await focused()).startsWith(text)) return;
    }
    throw new Error(`${text} cannot be reached by the Tab key.`);
  };
  await page.getByRole('link', { name: 'Plex' }).waitFor();
  await tabTo('Plex');
  await page.keyboard.press('Enter');
  await page.getByText('Failures').waitFor();
  await tabTo('Failures');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Discard… (scene 7)' }).waitFor();
  await tabTo('Discard all');
  await page.keyboard.press('Enter');
  // The harmless answer has the focus.
  expect(await focused()).toBe('Keep');
  await page.keyboard.press('Tab');
  expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  await page.keyboard.press('Enter');
  await page.getByText(/No scene was given up/).waitFor();
  expect(operations('clear_dlq')).toEqual([{ mode: 'clear_dlq' }]);
});

it('shows texts of scenes, items and errors as texts', async () => {
  const evil = '<img src=x onerror="document.title=1">';
  const world = await tests.world();
  const id = world.stash.scenes.add({ title: evil, files: [`/data/films/${evil.replaceAll('/', '')}.mkv`] });
  world.giveUp({ sceneId: id, type: evil, agoSecs: 60 });
  const { page, open } = await tests.ui(world, {
    standIns: { explain_scene: () => Promise.reject(new Error(evil)) },
  });
  await open(FAILURES);
  await press(page, `Why? (scene ${id})`);
  await page.getByText(evil).first().waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.title()).toBe('Stash');
});
