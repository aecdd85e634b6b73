import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const UI = fileURLToPath(new URL('../../dist/ui', import.meta.url));
const LOADER = readFileSync(join(UI, 'stash2plex-loader.js'), 'utf8');

/** Runs the script as a page would; its complaints are collected. */
function load(window: object): unknown[] {
  const complaints: unknown[] = [];
  const console = { error: (...told: unknown[]) => complaints.push(told.map(String).join(' ')) };
  runInContext(LOADER, createContext({ window, console }));
  return complaints;
}

describe('what every page of Stash loads', () => {
  it('has at most 4 kB, and the page itself at most 80 kB', () => {
    expect(Buffer.byteLength(LOADER)).toBeLessThanOrEqual(4_096);
    expect(statSync(join(UI, 'assets', 'stash2plex-page.js')).size).toBeLessThanOrEqual(80_000);
    expect(gzipSync(readFileSync(join(UI, 'assets', 'stash2plex-page.js'))).length).toBeLessThan(25_000);
  });

  it('is a classic script that names the file of the page with its content', () => {
    expect(LOADER).not.toMatch(/^\s*(import|export)\b/m);
    expect(LOADER).toMatch(/assets\/.*stash2plex-page\.js\?v=[0-9a-f]{12}/s);
  });

  it('does nothing on a page without the API for plugins', () => {
    expect(load({})).toEqual([]);
  });

  it.each([
    ['without libraries', { React: {} }],
    ['that cannot patch', { React: {}, libraries: { Bootstrap: {}, ReactRouterDOM: {} }, register: {} }],
  ])('throws nothing in a Stash %s, and says so', (_what, PluginApi) => {
    expect(load({ PluginApi })).toEqual([expect.stringMatching(/^Stash2Plex: its page cannot be shown/)]);
  });
});
