import type { Settings } from '../config/settings.ts';
import type { Scene } from '../stash/Scene.ts';

/** A gate that holds a scene back. */
export interface GateVerdict {
  /** Its name, as reports count by it. */
  gate: string;
  /** Why, as half a sentence: `it is not organized`. */
  reason: string;
}

/** Which gate holds a scene back; null when every one is open. Without a setting that says otherwise all are. */
export function gateVerdict(_scene: Scene, _settings: Settings): GateVerdict | null {
  return null;
}
