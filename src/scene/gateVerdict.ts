import type { Scene } from '../stash/Scene.ts';
import type { SceneContext } from './SceneContext.ts';

/** What the gates say about a scene. */
export interface GateVerdict {
  /** The gate that holds it back; null: none does. */
  gate: string | null;
  /** Whole sentences for the user. */
  sentences: string[];
}

/** What the gates say about a scene; null where no setting makes any. */
export async function gateVerdict(_scene: Scene, _context: SceneContext): Promise<GateVerdict | null> {
  return null;
}
