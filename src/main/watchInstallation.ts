import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../time/clock.ts';
import type { Launch } from './launch.ts';

/** An update writes one file after the other. */
const SETTLED_MS = 5_000;

/**
 * Tells whether the plugin's files are others than when this was called, by an update or a new build, and have been so for a while. Who
 * goes on with the old ones would load what is missing of them from the new version.
 */
export function watchInstallation(
  { launcherPath }: Pick<Launch, 'launcherPath'>,
  clock: Clock,
): () => boolean {
  const bundle = join(dirname(launcherPath), '..', 'dist', 'lib', 'task.cjs');
  const first = stampOf(bundle);
  let last = first;
  let sinceMs = clock.monotonic();
  return () => {
    const now = stampOf(bundle);
    if (now !== last) {
      last = now;
      sinceMs = clock.monotonic();
    }
    return now !== first && now !== undefined && clock.monotonic() - sinceMs >= SETTLED_MS;
  };
}

/** Undefined while there is none. */
function stampOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
}
