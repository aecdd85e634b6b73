import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The scripts that find Node and start it, which work without it. */
export function launcherFiles(): { file: string; text: string }[] {
  return ['stash2plex', 'stash2plex.cmd', 'src/runtime.sh'].map((file) => ({
    file,
    text: readFileSync(join(ROOT, file), 'utf8'),
  }));
}
