import type { Settings } from '../config/settings.ts';
import { sceneExtras } from '../edit/sceneExtras.ts';
import type { StashClient } from '../stash/StashClient.ts';
import { gateExtras } from './gates/gateSettings.ts';

/** The same client, which reads of scenes what these settings need, and nothing else. */
export function readingScenes(stash: StashClient, settings: Settings): StashClient {
  const extras = new Set([...sceneExtras(settings), ...gateExtras(settings)]);
  return { ...stash, ...stash.reading([...extras]) };
}
