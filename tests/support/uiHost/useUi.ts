import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../startWorld.ts';
import { openBrowser } from './openBrowser.ts';
import { startUi, type Ui, type UiOptions } from './startUi.ts';

/** Worlds and windows of a test file; all share one browser, and everything a test has opened is closed after it. */
export interface UiTests {
  world(options?: WorldOptions): Promise<World>;
  ui(world: World, options?: UiOptions): Promise<Ui>;
}

/** To be called at the top of a test file. After each test the browser must have had nothing to complain of. */
export function useUi(): UiTests {
  let browser: Browser;
  let worlds: World[] = [];
  let windows: Ui[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterEach(async () => {
    const complaints = windows.flatMap((window) => window.complaints);
    await Promise.all(windows.map((window) => window.close()));
    await Promise.all(worlds.map((world) => world.close()));
    [worlds, windows] = [[], []];
    expect(complaints).toEqual([]);
  });
  afterAll(() => browser?.close());
  return {
    async world(options) {
      const world = await startWorld(options);
      worlds.push(world);
      return world;
    },
    async ui(world, options) {
      const ui = await startUi(browser, world, options);
      windows.push(ui);
      return ui;
    },
  };
}
