import { GATE_WORDS, GATES } from '../scene/gates/Gate.ts';
import { type GateCounts, totalHeld } from '../scene/gates/GateCounts.ts';
import type { ReportRow } from './alignedLines.ts';

/** Rows of a report about scenes that gates hold back, gate by gate; none while nobody is. */
export function gateRows(heldBack: GateCounts = {}): ReportRow[] {
  const total = totalHeld(heldBack);
  if (total === 0) return [];
  const byGate = GATES.flatMap((gate): ReportRow[] =>
    heldBack[gate] ? [[`  ${GATE_WORDS[gate]}`, heldBack[gate]]] : [],
  );
  return [['Held back by gates', total], ...byGate];
}
