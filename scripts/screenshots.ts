// Pictures of the page inside Stash for README and docs, from the same doubles as the tests: docs/page-*.png.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startWorld, type World } from '../tests/support/startWorld.ts';
import { openBrowser } from '../tests/support/uiHost/openBrowser.ts';
import { type StandIn, startUi } from '../tests/support/uiHost/startUi.ts';
import { type Film, readFilms } from './demo/films.ts';
import { WITH_PAST_DAY } from './screenshots/withPastDay.ts';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const MAX_BYTES = 150_000;
/** Wide enough for Stash's menu to be unfolded. */
const WIDTH = 1220;
const PAGE = '/plugins/stash2plex';

const world = await startWorld();
const browser = await openBrowser();
try {
  const sceneId = await fill(world, readFilms(24));
  const ui = await startUi(browser, world, {
    standIns: { ...WITH_PAST_DAY, test_connection: named },
    width: WIDTH,
    height: 800,
  });
  for (const [name, { path, show }] of Object.entries(pictures(sceneId))) {
    await ui.open(path);
    await show(ui.page);
    const file = `${DOCS}page-${name}.png`;
    const height = await ui.page.evaluate<number>('document.documentElement.scrollHeight');
    await ui.page.screenshot({
      path: file,
      clip: { x: 0, y: 0, width: WIDTH, height: Math.min(height, 900) },
      fullPage: true,
    });
    const { size } = statSync(file);
    console.log(`docs/page-${name}.png  ${(size / 1024).toFixed(0)} kB`);
    if (size > MAX_BYTES) throw new Error(`docs/page-${name}.png is larger than ${MAX_BYTES} bytes.`);
  }
} finally {
  await browser.close();
  await world.close();
}

/** The real answer, of a server with a name such as users give. */
async function named(...[args, { host }]: Parameters<StandIn>): Promise<unknown> {
  const { output } = (await host.runOperation(args)).result;
  return JSON.parse(JSON.stringify(output).replaceAll('Plex double', 'Attic').replaceAll('-0a1b2c3d4', ''));
}

/** Films in both servers: most are synced, some were given up. @returns a synced scene. */
async function fill(target: World, films: Film[]): Promise<number> {
  const { plex, stash, act, sectionKey, until, rows, giveUp, query, hostWith } = target;
  const ids = films.map(({ fileName }) => {
    plex.library.addItem(sectionKey, {
      title: fileName.replace(/\.mkv$/, ''),
      file: `/media/films/${fileName}`,
    });
    return stash.scenes.add({ files: [`/data/films/${fileName}`] });
  });
  plex.library.addSection({ title: 'Clips', locations: ['/media/clips'] });
  plex.library.addSection({ title: 'Music', type: 'artist', locations: ['/media/music'] });
  const [doubtful, ...synced] = ids as [number, ...number[]];
  const { fileName = '' } = films[0] ?? {};
  plex.library.addItem(sectionKey, { title: 'A double', file: `/media/films/old/${fileName}` });
  for (const id of synced.slice(0, 14)) {
    const { fileName: _, ...fields } = films[ids.indexOf(id)] as Film;
    await act.editScene(id, fields);
  }
  await until('the scenes to be synced', () => rows('jobs') === 0, 60_000);
  giveUp(
    { sceneId: doubtful, type: 'AmbiguousMatch', agoSecs: 4_000 },
    ...synced
      .slice(18)
      .map((sceneId, index) => ({ sceneId, type: 'PlexNotFound', agoSecs: 900 * (index + 2) })),
  );
  query(
    `UPDATE dead_letters SET error_message = CASE error_type
       WHEN 'PlexNotFound' THEN 'Plex has no item for the file of scene ' || scene_id || '.'
       ELSE 'The file of scene ' || scene_id || ' may belong to several Plex items.' END
     RETURNING id`,
  );
  // Some that wait, and nobody who works on them.
  target.killDrainers();
  const idle = hostWith({ STASH2PLEX_HOOK_AUTODRAIN: '0' });
  for (const id of synced.slice(14, 18)) {
    await idle.runHook('Scene.Update.Post', { id, input: { id: String(id) }, inputFields: ['title'] });
  }
  // Looks, and has them taken in.
  target.waitingScenes();
  return synced[3] as number;
}

/** What to open, and what to press there. */
function pictures(sceneId: number): Record<string, { path: string; show: (page: Page) => Promise<unknown> }> {
  return {
    state: { path: PAGE, show: (page) => page.getByText('written').first().waitFor() },
    failures: {
      path: `${PAGE}?view=failures`,
      show: async (page) => {
        await page.getByRole('button', { name: /^Choose…/ }).click();
        await page
          .getByRole('button', { name: /^Choose this one/ })
          .first()
          .waitFor();
        await page.mouse.click(5, 400);
      },
    },
    setup: {
      path: `${PAGE}?view=setup`,
      show: async (page) => {
        await page.getByLabel('Address').fill('http://192.168.1.10:32400');
        await page.getByLabel('Address').fill(world.plex.url);
        await page.getByRole('button', { name: 'Test', exact: true }).click();
        await page.getByLabel('Films').waitFor();
        await page.getByRole('button', { name: /^Propose/ }).click();
        await page.getByRole('table').waitFor();
        await page.mouse.click(5, 400);
      },
    },
    scene: {
      path: `/scenes/${sceneId}`,
      show: async (page) => {
        await page.getByRole('tab', { name: 'Plex' }).click();
        await page.getByRole('button', { name: 'Why?' }).click();
        await page
          .getByRole('region', { name: /^Explanation/ })
          .getByRole('listitem')
          .first()
          .waitFor();
        await page.mouse.click(5, 400);
      },
    },
  };
}
