import { afterEach, beforeEach } from 'vitest';
import { type PlexDouble, type PlexDoubleOptions, startPlexDouble } from './startPlexDouble.ts';

/** Starts a double with a library "Clips" (key 4) before each test of a file and closes it afterwards. */
export function useDouble(options: PlexDoubleOptions = {}): () => PlexDouble {
  let double: PlexDouble | undefined;
  beforeEach(async () => {
    double = await startPlexDouble(options);
    double.library.addSection({ key: '4', title: 'Clips', locations: ['/data/clips', '/data/more clips'] });
  });
  afterEach(async () => {
    await double?.close();
  });
  return () => {
    if (double === undefined) throw new Error('The double is there only inside a test.');
    return double;
  };
}
