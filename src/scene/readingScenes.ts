import type { Settings } from '../config/settings.ts';
import { sceneExtras } from '../edit/sceneExtras.ts';
import type { StashClient } from '../stash/StashClient.ts';

/** The same client, which reads of scenes what these settings need, and nothing else. */
export function readingScenes(stash: StashClient, settings: Settings): StashClient {
  return { ...stash, ...stash.reading(sceneExtras(settings)) };
}
