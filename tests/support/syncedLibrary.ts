import { createSceneSyncs } from '../../src/queue/sceneSyncs.ts';
import type { Database } from '../../src/storage/openDatabase.ts';
import type { NewPlexItem } from './plexDouble/startPlexDouble.ts';
import type { NewScene } from './stashDouble/startStashDouble.ts';

/** An item as a sync of the scene leaves it, but for its file; an upload locks its pictures. */
export function itemAsSynced(name: string, scene: NewScene): Omit<NewPlexItem, 'file'> {
  return {
    title: scene.title ?? name,
    summary: scene.details ?? '',
    ...(scene.studio ? { studio: scene.studio, collections: [scene.studio] } : {}),
    ...(scene.date ? { originallyAvailableAt: scene.date } : {}),
    genres: scene.tags ?? [],
    roles: scene.performers ?? [],
    locked: ['thumb', 'art'],
  };
}

/** A scene and the item that it was synced to. */
export interface SyncedPair {
  sceneId: number;
  sceneUpdatedAt: string | null;
  ratingKey: string;
  sectionKey: string;
  /** The item's file. */
  file: string;
  studio?: string | null | undefined;
}

/** Writes into the database what a sync would have written there for every pair. */
export function markSynced(db: Database, serverId: string, pairs: Iterable<SyncedPair>, nowMs: number): void {
  const syncs = createSceneSyncs(db);
  db.transaction(() => {
    for (const { sceneId, sceneUpdatedAt, ratingKey, sectionKey, file, studio } of pairs) {
      const written = { file, ...(studio ? { collection: studio } : {}), ...UPLOADED };
      syncs.save(sceneId, { sceneUpdatedAt, serverId, sectionKey, ratingKey, written }, nowMs);
    }
  }).immediate();
}

/** Without them the plugin would look whether there is a picture to be uploaded. */
const UPLOADED = { posterHash: 'uploaded', artHash: 'uploaded' };
