import { dirname } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { World } from '../startWorld.ts';
import { YML_PATH } from '../startWorld.ts';
import { buildHostPage, INDEX_HTML } from './buildHostPage.ts';

/** Answers in place of the plugin's process. */
export type StandIn = (args: Readonly<Record<string, unknown>>, world: World) => unknown;

export interface UiOptions {
  isLight?: boolean;
  width?: number;
  height?: number;
  context?: BrowserContextOptions;
  /** Where the page comes from, when it is not the double itself. */
  origin?: string;
  /** Operations that no process answers, by their `mode`. */
  standIns?: Readonly<Record<string, StandIn>>;
}

/** Stash's web UI in a browser, with the plugin in it. */
export interface Ui {
  page: Page;
  /** Opens a path of Stash's UI. */
  open(path: string): Promise<void>;
  /** Arguments of the operations that the page has asked for so far, or of one mode. */
  operations(mode?: string): Record<string, unknown>[];
  /** Errors and warnings of the browser: refused by the page's policy, thrown, or complained of by React. */
  complaints: string[];
  close(): Promise<void>;
}

const OPERATION = 'runPluginOperation';

/** Has the world's Stash serve its web UI, and opens a window on it. */
export async function startUi(browser: Browser, world: World, options: UiOptions = {}): Promise<Ui> {
  const { isLight = false, width = 1280, height = 900, origin = world.stash.url, standIns = {} } = options;
  const plugins = [{ manifest: world.host.manifest, folder: dirname(YML_PATH) }];
  world.stash.ui.served = {
    plugins,
    indexHtml: isLight ? INDEX_HTML.replace('<html', '<html class="light"') : INDEX_HTML,
    files: await buildHostPage(),
  };
  answerBy(standIns, world);
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: isLight ? 'light' : 'dark',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    ...options.context,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return {
    page,
    complaints,
    open: async (path) => {
      await page.goto(`${origin}${path}`);
    },
    operations: (mode) =>
      world.stash.log
        .where({ operation: OPERATION })
        .map(({ variables }) => variables?.['args'] as Record<string, unknown>)
        .filter((args) => mode === undefined || args['mode'] === mode),
    close: () => context.close(),
  };
}

/** Puts the stand-ins between Stash and the plugin's processes. */
function answerBy(standIns: Readonly<Record<string, StandIn>>, world: World): void {
  const { jobs } = world.stash;
  const { runner } = jobs;
  if (runner === null) throw new Error('No plugin is attached to the double.');
  jobs.runner = {
    ...runner,
    runOperation: async (pluginId, args) => {
      const standIn = standIns[String(args['mode'])];
      return standIn ? standIn(args, world) : runner.runOperation(pluginId, args);
    },
  };
}
