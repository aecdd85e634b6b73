import type { Scene } from '../stash/Scene.ts';
import type { SceneContext } from './SceneContext.ts';

/**
 * Asks Plex to scan the folder of a scene whose file it does not have, if the setting `trigger_plex_scan` says so (W-66). Whatever
 * comes of it, the scene's job ends as it would without.
 */
export async function requestScan({ id, files }: Scene, context: SceneContext): Promise<void> {
  const { settings, matching, log, names } = context;
  if (!settings.trigger_plex_scan) return;
  try {
    const { sections } = await context.library();
    const paths = files.map(({ path }) => matching.map.stashToPlex(path) ?? path);
    const folder = await matching.scans.request(paths, sections);
    if (folder !== undefined) log.info(`Asked Plex to scan "${names.path(folder)}" for scene ${id}.`);
  } catch (error) {
    log.debug(
      `Plex could not be asked to scan for scene ${id}: ${error instanceof Error ? error.message : error}`,
    );
  }
}
