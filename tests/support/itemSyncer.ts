import type { EditMemory } from '../../src/edit/EditMemory.ts';
import type { SyncExtent } from '../../src/edit/syncExtent.ts';
import { syncItem } from '../../src/scene/syncItem.ts';
import type { Scene } from '../../src/stash/Scene.ts';
import type { NewPlexItem, PlexItem } from './plexDouble/startPlexDouble.ts';
import type { Bench } from './startBench.ts';

/** What one sync did. */
export interface ItemSyncEnd {
  writes: number;
  warnings: string[];
}

/** One item of a running double, synced again and again. */
export interface ItemSyncer {
  now(): PlexItem;
  memory(): EditMemory;
  /** Syncs by the settings that the bench has by now. */
  sync(scene: Scene, extent?: SyncExtent): Promise<ItemSyncEnd>;
}

/** Adds an item that remembers its syncs as they are stored. */
export function itemSyncer(bench: Bench, item: NewPlexItem): ItemSyncer {
  const { ratingKey } = bench.plex.library.addItem(bench.sectionKey, item);
  let memory: EditMemory = {};
  return {
    now() {
      const found = bench.plex.library.item(ratingKey);
      if (!found) throw new Error('The item is gone.');
      return found;
    },
    memory: () => memory,
    async sync(scene, extent = 'everything') {
      const { plex } = bench.context;
      bench.plex.log.clear();
      bench.lines.length = 0;
      const [current] = await plex.items([ratingKey]);
      if (!current) throw new Error('Plex does not tell about the item.');
      // As it is stored.
      const keep = (kept: EditMemory) => {
        memory = JSON.parse(JSON.stringify(kept)) as EditMemory;
      };
      const result = await syncItem({ scene, item: current, extent, memory, keep }, bench.context);
      keep(result.memory);
      const warnings = bench.lines.filter(({ level }) => level === 'warn').map(({ text }) => text);
      return { writes: bench.plex.log.entries.filter(({ method }) => method !== 'GET').length, warnings };
    },
  };
}
