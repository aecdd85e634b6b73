import type { Scene } from '../stash/Scene.ts';
import type { EditMemory } from './EditMemory.ts';
import { hasOwnTitle } from './hasOwnTitle.ts';
import { isMeaningful } from './isMeaningful.ts';

/** How much of a scene its item gets: `title` clears nothing, `everything` also what the scene does not have. */
export type SyncExtent = 'everything' | 'title' | 'nothing';

/**
 * The quality gate of every producer (W-40), which concerns what a sync would clear (A9): a bare scene writes its title, if somebody
 * gave it one, and nothing else. One that was synced with more and then emptied is emptied in Plex as well.
 *
 * @param previous what the scene's last sync left, whichever item it was; undefined before the first.
 */
export function syncExtent(scene: Scene, previous: Pick<EditMemory, 'onlyTitle'> | undefined): SyncExtent {
  if (isMeaningful(scene)) return 'everything';
  if (previous) return previous.onlyTitle ? 'title' : 'everything';
  return hasOwnTitle(scene) ? 'title' : 'nothing';
}

/**
 * What the syncs of a scene's items amount to as the previous one: a single item that got more than the title has the scene be more than
 * its title.
 */
export function formerExtent(
  syncs: readonly { written: Pick<EditMemory, 'onlyTitle'> }[],
): Pick<EditMemory, 'onlyTitle'> | undefined {
  return (syncs.find(({ written }) => !written.onlyTitle) ?? syncs[0])?.written;
}
