import { counted } from '../../log/counted.ts';
import { GATE_WORDS, GATES, type Gate } from './Gate.ts';

/** How many scenes each gate holds back; a scene counts once, a gate that holds back none is left out. */
export type GateCounts = Readonly<Partial<Record<Gate, number>>>;

/** The sum over all gates. */
export function totalHeld(counts: GateCounts = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The sums of two, gate by gate; undefined as long as nobody is held back. */
export function addHeld(left: GateCounts | undefined, right: GateCounts | undefined): GateCounts | undefined {
  if (!left || !right) return left ?? right;
  return Object.fromEntries(
    GATES.flatMap((gate) => {
      const sum = (left[gate] ?? 0) + (right[gate] ?? 0);
      return sum > 0 ? [[gate, sum]] : [];
    }),
  );
}

/** `3 not organized, 1 with an excluded tag`; empty for none. */
export function describeHeld(counts: GateCounts = {}): string {
  return GATES.flatMap((gate) => (counts[gate] ? [`${counts[gate]} ${GATE_WORDS[gate]}`] : [])).join(', ');
}

/** `4 scenes are held back by gates (3 not organized, 1 with an excluded tag)`; empty for none. */
export function heldSentence(counts: GateCounts = {}): string {
  const total = totalHeld(counts);
  return total === 0
    ? ''
    : `${counted(total, 'scene', ['is', 'are'])} held back by gates (${describeHeld(counts)})`;
}
