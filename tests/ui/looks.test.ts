import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { World } from '../support/startWorld.ts';
import { useUi } from '../support/uiHost/useUi.ts';

const tests = useUi();
const AXE = readFileSync(
  fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)),
  'utf8',
);

/** What axe-core finds wrong with our parts of the page, as sentences. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate<string[]>(`
    axe.run({ include: [['.s2p']] }, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, any }) =>
        [id, help, html.slice(0, 150), any[0]?.message].join(' | '))))
  `);
}

const unfold = (page: Page) =>
  page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");

/** Something to see in every view. */
async function filled(): Promise<World> {
  const world = await tests.world({ settings: { max_tags: 9_999 } });
  const ids = ['a', 'b', 'c', 'd'].map((name) => {
    world.plex.library.addItem(world.sectionKey, {
      title: name,
      file: `/media/films/${name}/film-${name}.mkv`,
    });
    // Of the third one Plex has two, and none at a place like its own.
    const file = `/data/${name === 'c' ? 'elsewhere' : `films/${name}`}/film-${name}.mkv`;
    return world.stash.scenes.add({
      title: `A rather long title of the film ${name}`,
      details: 'D',
      files: [file],
    });
  });
  world.plex.library.addItem(world.sectionKey, { title: 'A double', file: '/media/films/old/film-c.mkv' });
  await world.act.editScene(ids[0] as number, { title: 'Synced' });
  await world.until('the first sync', () => world.rows('scene_syncs') === 1);
  const nowSecs = Date.now() / 1000;
  world.writeState('outage_history.json', [
    { started_at: nowSecs - 90_000, ended_at: nowSecs - 88_000, duration: 2_000, jobs_affected: 3 },
  ]);
  world.giveUp(
    { sceneId: ids[1] as number, type: 'PlexNotFound', agoSecs: 400 },
    { sceneId: ids[2] as number, type: 'AmbiguousMatch', agoSecs: 300 },
  );
  return world;
}

const visits: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  '/plugins/stash2plex': async (page) => {
    await page.getByText('written').first().waitFor();
    await unfold(page);
  },
  '/plugins/stash2plex?unset': async (page) => {
    await page.getByRole('link', { name: 'Set up' }).click();
    await page.getByLabel('Token', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('link', { name: 'State' }).click();
    await page.getByRole('link', { name: 'Set it up' }).waitFor();
  },
  '/plugins/stash2plex?view=failures': async (page) => {
    await page.getByRole('button', { name: /^Choose…/ }).click();
    await page.getByRole('button', { name: 'Look for a path map that would help' }).click();
    await page.getByRole('button', { name: 'Discard all…' }).click();
    await page.getByRole('table').first().waitFor();
    await page
      .getByRole('button', { name: /^Choose this one/ })
      .first()
      .waitFor();
  },
  '/plugins/stash2plex?view=setup': async (page) => {
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByLabel('Films').waitFor();
    await unfold(page);
    await page.getByRole('switch', { name: /Sync tags/ }).press(' ');
    await page.getByRole('button', { name: 'Save and preview' }).click();
    await page.getByRole('article').first().waitFor();
    await page.getByRole('button', { name: 'Show what would go back' }).click();
    await page.getByRole('button', { name: 'Switch Stash2Plex off' }).click();
    await page.getByRole('button', { name: /^Restore 1 item/ }).click();
    await page.getByRole('button', { name: 'Check everything' }).click();
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.getByRole('button', { name: 'Copy report' }).click();
    await page.getByLabel('Report of a fault').waitFor();
    await page.getByLabel('Notification addresses').fill('http://127.0.0.1:9/hook ftp://nowhere');
    await page.getByRole('button', { name: 'Save and send test' }).click();
    await page.getByRole('list', { name: 'Results of the test' }).waitFor();
    await unfold(page);
  },
  '/scenes/1': async (page) => {
    await page.getByRole('tab', { name: 'Plex' }).click();
    await page.getByRole('button', { name: 'Why?' }).click();
    await page
      .getByRole('region', { name: /^Explanation/ })
      .getByRole('listitem')
      .first()
      .waitFor();
  },
};

const LOOKS = [
  { isLight: false, width: 1280 },
  { isLight: false, width: 360 },
  { isLight: true, width: 360 },
  { isLight: true, width: 1280 },
];

it.each(Object.entries(visits))(
  '%s is accessible and fits: dark and light, wide and at 360 px',
  async (path, visit) => {
    const { page, open } = await tests.ui(await filled());
    await open(path);
    await visit(page);
    const found: string[] = [];
    for (const { isLight, width } of LOOKS) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(`document.documentElement.className = '${isLight ? 'light' : ''}'`);
      const name = `${isLight ? 'light' : 'dark'}, ${width} px`;
      found.push(...(await violations(page)).map((text) => `${name}: ${text}`));
      const overhang = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (overhang > 0) found.push(`${name}: ${overhang} px wider than the window`);
    }
    expect(found).toEqual([]);
  },
);
