import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../support/startWorld.ts';
import { openBrowser } from '../support/uiHost/openBrowser.ts';
import { startUi, type Ui } from '../support/uiHost/startUi.ts';
import { STAND_INS } from './standIns.ts';

let browser: Browser;
let world: World;
let ui: Ui;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  const { complaints } = ui;
  await ui.close();
  await world.close();
  expect(complaints).toEqual([]);
});

it('try', async () => {
  world = await startWorld();
  const id = world.stash.scenes.add({ title: 'A', details: 'D', files: ['/data/films/a.mkv'] });
  world.plex.library.addItem(world.sectionKey, { title: 'x', file: '/media/films/a.mkv' });
  await world.act.editScene(id, { title: 'B' });
  ui = await startUi(browser, world, { standIns: STAND_INS });
  await ui.open('/plugins/stash2plex');
  await ui.page.waitForTimeout(1500);
  await ui.page.screenshot({ path: '/tmp/s1.png', fullPage: true });
  await ui.open('/plugins/stash2plex?view=setup');
  await ui.page.waitForTimeout(1500);
  await ui.page.screenshot({ path: '/tmp/s2.png', fullPage: true });
  await ui.open('/scenes/1');
  await ui.page.waitForTimeout(1000);
  await ui.page.screenshot({ path: '/tmp/s3.png', fullPage: true });
});
