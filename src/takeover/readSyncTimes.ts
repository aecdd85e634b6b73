import { readFileSync } from 'node:fs';
import { sceneIdIn, secsIn } from './pythonJob.ts';

/** When the Python plugin last synced which scene. */
export interface SyncTimes {
  /** Seconds since the epoch by scene, in the order of their numbers. */
  times: ReadonlyMap<number, number>;
  /** Entries that say nothing. */
  unusable: number;
}

/** Reads `sync_timestamps.json`, entry by entry. @returns `damaged` when it is no JSON object. */
export function readSyncTimes(path: string): SyncTimes | 'damaged' {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return 'damaged';
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'damaged';
  const entries = Object.entries(json);
  const usable = entries.flatMap(([key, value]): [number, number][] => {
    const sceneId = sceneIdIn(key);
    const secs = secsIn(value);
    return sceneId === undefined || secs === undefined ? [] : [[sceneId, secs]];
  });
  usable.sort(([left], [right]) => left - right);
  return { times: new Map(usable), unusable: entries.length - usable.length };
}
