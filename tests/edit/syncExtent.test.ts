import { describe, expect, it } from 'vitest';
import { syncExtent } from '../../src/edit/syncExtent.ts';
import { stashScene } from '../support/samples.ts';

const FILES = [{ path: '/data/clip.mp4' }];
const SCANNED = stashScene({ files: FILES, title: 'clip' });
const TITLED = stashScene({ files: FILES, title: 'Harbour walk' });
const FULL = stashScene({ files: FILES, tags: ['Outdoor'] });

describe('syncExtent', () => {
  it.each([
    ['a bare scan', SCANNED, undefined, 'nothing'],
    ['one with a title that somebody gave', TITLED, undefined, 'title'],
    ['one that says more', FULL, undefined, 'everything'],
    ['one that was synced and then emptied', SCANNED, {}, 'everything'],
    ['one that was synced and has a title left', TITLED, {}, 'everything'],
    ['one of which only the title was ever written', TITLED, { onlyTitle: true }, 'title'],
    ['the same without its title', SCANNED, { onlyTitle: true }, 'title'],
    ['the same when it says more', FULL, { onlyTitle: true }, 'everything'],
  ] as const)('of %s clears only what may be cleared (A9, W-40)', (_, scene, written, extent) => {
    expect(syncExtent(scene, written)).toBe(extent);
  });
});
