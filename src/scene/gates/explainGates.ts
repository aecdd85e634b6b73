import type { Scene } from '../../stash/Scene.ts';
import type { SceneContext } from '../SceneContext.ts';
import type { Gate } from './Gate.ts';
import { gatesInForce } from './gateSettings.ts';

/** What the gates say about one scene. */
export interface GateExplanation {
  /** The gate under which it is counted; null: none holds it back. */
  gate: Gate | null;
  /** Whole sentences for the user, one for every gate that holds it back; never empty. */
  sentences: string[];
}

/**
 * Tells which gates hold a scene back and why, in words.
 *
 * @param scene as the context's client reads it.
 * @throws StashError when the tags and studios that gates name could not be looked up.
 */
export async function explainGates(
  scene: Scene,
  { gates, settings }: Pick<SceneContext, 'gates' | 'settings'>,
): Promise<GateExplanation> {
  const inForce = gatesInForce(settings);
  if (inForce.length === 0) return { gate: null, sentences: ['No gate is set: every scene is synced.'] };
  const holds = (await gates()).holds(scene);
  const [first] = holds;
  if (!first) return { gate: null, sentences: [`It passes every gate that is set (${inForce.join(', ')}).`] };
  return {
    gate: first.gate,
    sentences: holds.map(({ reason }) => `A gate holds it back: ${reason}.`),
  };
}
