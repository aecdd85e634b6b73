import { expect, it } from 'vitest';
import { useUi } from '../support/uiHost/useUi.ts';

const tests = useUi();

it('has a badge on its page, can be synced there, explained, and opened in Plex', async () => {
  const world = await tests.world();
  world.plex.library.addItem(world.sectionKey, { title: 'one', file: '/media/films/one.mkv' });
  const id = world.stash.scenes.add({ title: 'One', details: 'D', files: ['/data/films/one.mkv'] });
  const { page, open, operations } = await tests.ui(world);
  await open(`/scenes/${id}`);
  const tab = page.getByRole('tab', { name: 'Plex' });
  await expect.poll(() => tab.innerText()).toContain('Never synced');
  // A scene that rests is asked about once, by badge and pane together.
  await tab.click();
  await page.getByText('Nothing has asked for this scene').waitFor();
  expect(operations('scene_status')).toEqual([{ mode: 'scene_status', scene_id: id }]);
  expect(world.plex.log.count()).toBe(0);

  await page.getByRole('button', { name: 'Sync now' }).click();
  const titleOf = () => world.plex.library.itemByFile('/media/films/one.mkv')?.title;
  await world.until('the sync', () => titleOf() === 'One' && world.rows('jobs') === 0);
  await expect.poll(() => tab.innerText(), { timeout: 15_000 }).toContain('Equal');
  const link = page.getByRole('link', { name: 'Open in Plex' });
  const { ratingKey } = world.plex.library.itemByFile('/media/films/one.mkv') ?? {};
  expect(await link.getAttribute('href')).toMatch(
    new RegExp(
      `^${world.plex.url}/web/index.html#!/server/[^/]+/details\\?key=%2Flibrary%2Fmetadata%2F${ratingKey}$`,
    ),
  );
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');

  await page.getByRole('button', { name: 'Why?' }).click();
  await page
    .getByRole('region', { name: `Explanation of scene ${id}` })
    .getByRole('listitem')
    .first()
    .waitFor();
});

it('that was given up says why and what helps', async () => {
  const world = await tests.world();
  const id = world.stash.scenes.add({ title: 'Nowhere', files: ['/data/films/nowhere.mkv'] });
  world.giveUp({ sceneId: id, type: 'PlexNotFound', agoSecs: 60 });
  const { page, open } = await tests.ui(world);
  await open(`/scenes/${id}`);
  await page.getByRole('tab', { name: /Plex.*Not in Plex/ }).click();
  await page.getByText('It failed.').waitFor();
  await page.getByText(/let Plex scan the folder/).waitFor();
});
