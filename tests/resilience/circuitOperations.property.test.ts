import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Circuit,
  CLOSED_CIRCUIT,
  circuitFormat,
  DEFAULT_RULES,
  onFailure,
  onSuccess,
  onTime,
} from '../../src/resilience/circuit.ts';

const OPERATIONS = ['edit', 'read', 'filter'] as const;
type Event =
  | { kind: 'fails'; operation: string | null }
  | { kind: 'works'; operations: string[] }
  | { kind: 'waits'; secs: number };

const operation = fc.constantFrom(...OPERATIONS);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('fails' as const), operation: fc.option(operation) }),
  fc.record({ kind: fc.constant('fails' as const), operation: fc.option(operation) }),
  fc.record({ kind: fc.constant('works' as const), operations: fc.uniqueArray(operation) }),
  fc.record({ kind: fc.constant('waits' as const), secs: fc.constantFrom(1, 30, 60) }),
);

describe('a circuit and the operations that fail (A7)', () => {
  it('is closed by nothing but what failed last, and stays open for none longer than its time-out', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const rules = { ...DEFAULT_RULES, failureThreshold: 2 };
        let nowSecs = 1_768_132_800;
        let circuit: Circuit = CLOSED_CIRCUIT;
        /** What failed last since it was well; null while nothing, or only everything together, has failed. */
        let failed: string | null = null;
        for (const each of events) {
          const before = circuit;
          switch (each.kind) {
            case 'waits':
              nowSecs += each.secs;
              circuit = onTime(circuit, rules, nowSecs);
              break;
            case 'fails':
              circuit = onFailure(circuit, rules, nowSecs, each.operation);
              if (before.state !== 'open') failed = each.operation ?? failed;
              expect(circuit.state).not.toBe('half_open');
              break;
            case 'works': {
              const worked = new Set(each.operations);
              circuit = onSuccess(circuit, rules, worked);
              const isAboutIt = failed === null || worked.has(failed);
              if (!isAboutIt || before.state === 'open') expect(circuit).toBe(before);
              else {
                expect(circuit).toEqual(CLOSED_CIRCUIT);
                failed = null;
              }
            }
          }
          expect(circuit.operation).toBe(failed);
          const json: unknown = JSON.parse(JSON.stringify(circuitFormat.encode(circuit, undefined)));
          expect(circuitFormat.decode(json)).toEqual(circuit);
        }
        expect(onTime(circuit, rules, nowSecs + rules.recoveryTimeoutSecs).state).not.toBe('open');
      }),
      { numRuns: 500 },
    );
  });
});
