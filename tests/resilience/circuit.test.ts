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
  openSinceSecs,
  reset,
} from '../../src/resilience/circuit.ts';

const NOW = 1_768_132_800;
const circuit = (values: Partial<Circuit>): Circuit => ({ ...CLOSED_CIRCUIT, ...values });
const open = (values: Partial<Circuit> = {}): Circuit =>
  circuit({
    state: 'open',
    openedAtSecs: NOW,
    firstFailureAtSecs: NOW - 9,
    lastOpenedAtSecs: NOW,
    ...values,
  });
const halfOpen = (values: Partial<Circuit> = {}): Circuit => open({ state: 'half_open', ...values });
const fail = (from: Circuit, atSecs: number, failureThreshold = 5): Circuit =>
  onFailure(from, { ...DEFAULT_RULES, failureThreshold }, atSecs);

describe('a failure', () => {
  it('is counted below the threshold; the first of a run is remembered (W30)', () => {
    const once = fail(CLOSED_CIRCUIT, NOW);
    expect(once).toEqual(circuit({ failureCount: 1, firstFailureAtSecs: NOW }));
    expect(fail(once, NOW + 7)).toEqual(circuit({ failureCount: 2, firstFailureAtSecs: NOW }));
  });

  it('opens the circuit at the threshold, and starts the counts anew (CB-2)', () => {
    const before = circuit({ failureCount: 4, firstFailureAtSecs: NOW - 30 });
    expect(fail(before, NOW)).toEqual(open({ firstFailureAtSecs: NOW - 30 }));
  });

  it('opens a circuit whose count lies beyond the threshold already, because the rules changed', () => {
    expect(fail(circuit({ failureCount: 8, firstFailureAtSecs: NOW - 30 }), NOW, 3).state).toBe('open');
  });

  it('does not let an outage start in the future, when the clock was set back (W25, W30)', () => {
    expect(fail(circuit({ failureCount: 1, firstFailureAtSecs: NOW + 3600 }), NOW)).toEqual(
      circuit({ failureCount: 2, firstFailureAtSecs: NOW }),
    );
  });

  it('of a trial opens at once, whatever the threshold, as part of the same outage (CB-5, W29)', () => {
    expect(fail(halfOpen({ successCount: 1 }), NOW + 61)).toEqual(open({ lastOpenedAtSecs: NOW + 61 }));
  });

  it('of a trial after a missing or an impossible time of opening sets a possible one (W20)', () => {
    expect(fail(halfOpen({ openedAtSecs: null, lastOpenedAtSecs: null }), NOW)).toMatchObject(
      open({ openedAtSecs: NOW }),
    );
    expect(fail(halfOpen({ openedAtSecs: NOW + 9e9, lastOpenedAtSecs: null }), NOW)).toMatchObject(
      open({ openedAtSecs: NOW }),
    );
  });

  it('starts a new outage in a closed circuit, whatever was left over there (W29)', () => {
    const before = circuit({ failureCount: 4, openedAtSecs: NOW - 9_000, lastOpenedAtSecs: NOW - 8_000 });
    expect(fail(before, NOW)).toMatchObject({ openedAtSecs: NOW, lastOpenedAtSecs: NOW });
  });

  it('changes nothing while the circuit is open (W29)', () => {
    const before = open();
    expect(fail(before, NOW + 30, 1)).toBe(before);
  });
});

describe('a success', () => {
  it('ends the run of failures (CB-3)', () => {
    expect(onSuccess(circuit({ failureCount: 4, firstFailureAtSecs: NOW }), DEFAULT_RULES)).toEqual(
      CLOSED_CIRCUIT,
    );
  });

  it('is no change when there was no failure (W46)', () => {
    const before = circuit({});
    expect(onSuccess(before, DEFAULT_RULES)).toBe(before);
  });

  it('changes nothing while the circuit is open', () => {
    const before = open();
    expect(onSuccess(before, DEFAULT_RULES)).toBe(before);
  });

  it('of a trial closes at the threshold of successes (CB-5)', () => {
    const rules = { ...DEFAULT_RULES, successThreshold: 2 };
    const once = onSuccess(halfOpen(), rules);
    expect(once).toEqual(halfOpen({ successCount: 1 }));
    expect(onSuccess(once, rules)).toEqual(CLOSED_CIRCUIT);
  });
});

describe('time', () => {
  it.each([
    [0, 'open'],
    [30, 'open'],
    [59.999, 'open'],
    [60, 'half_open'],
    [61, 'half_open'],
    [1e9, 'half_open'],
    // Two processes need not agree to the millisecond.
    [-1, 'open'],
    [-1.001, 'half_open'],
    [-3600, 'half_open'],
  ] as const)(
    'makes of an open circuit, %d s after it opened, one that is %s (CB-4, W20, W25)',
    (secs, state) => {
      expect(onTime(open(), DEFAULT_RULES, NOW + secs)).toEqual({ ...open(), state });
    },
  );

  it('counts from the last opening, or in files of the original from the only one (W29)', () => {
    const again = open({ openedAtSecs: NOW - 3600 });
    expect(onTime(again, DEFAULT_RULES, NOW + 59)).toBe(again);
    const original = open({ lastOpenedAtSecs: null });
    expect(onTime(original, DEFAULT_RULES, NOW + 59)).toBe(original);
    expect(onTime(original, DEFAULT_RULES, NOW + 60).state).toBe('half_open');
  });

  it('lets the trials begin at zero', () => {
    expect(onTime(open({ successCount: 3 }), DEFAULT_RULES, NOW + 60)).toEqual(halfOpen());
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'makes an open circuit without a usable time half-open at once: %s (W20)',
    (time) => {
      const before = open({ openedAtSecs: time, lastOpenedAtSecs: time });
      expect(openSinceSecs(before, NOW)).toBeUndefined();
      expect(onTime(before, DEFAULT_RULES, NOW).state).toBe('half_open');
    },
  );

  it.each([CLOSED_CIRCUIT, circuit({ failureCount: 3, firstFailureAtSecs: 1 }), halfOpen()])(
    'changes nothing else: %o',
    (before) => {
      expect(onTime(before, DEFAULT_RULES, NOW + 1e9)).toBe(before);
    },
  );

  it('never leaves a circuit open for longer than the time-out, whatever its file says (W20, W25)', () => {
    const anyTime = fc.oneof(
      fc.constant(null),
      fc.double(),
      fc.double({ min: NOW - 200, max: NOW + 200, noNaN: true }),
    );
    fc.assert(
      fc.property(anyTime, anyTime, fc.double({ min: 61, max: 1e6, noNaN: true }), (opened, last, secs) => {
        const before = open({ openedAtSecs: opened, lastOpenedAtSecs: last });
        const looked = onTime(before, DEFAULT_RULES, NOW);
        expect(onTime(looked, DEFAULT_RULES, NOW + secs).state).toBe('half_open');
      }),
    );
  });
});

describe('a reset', () => {
  it('leaves nothing of the past (CB-6)', () => {
    expect(reset()).toEqual(CLOSED_CIRCUIT);
  });
});

describe('circuit_breaker.json', () => {
  const ORIGINAL = { state: 'open', failure_count: 2, success_count: 1, opened_at: NOW + 0.5 };

  it('of the original is read as it is', () => {
    expect(circuitFormat.decode(ORIGINAL)).toEqual({
      state: 'open',
      failureCount: 2,
      successCount: 1,
      openedAtSecs: NOW + 0.5,
      firstFailureAtSecs: null,
      lastOpenedAtSecs: null,
      operation: null,
    });
    expect(
      circuitFormat.decode(
        JSON.parse('{"state":"closed","failure_count":0.0,"success_count":0,"opened_at":null}'),
      ),
    ).toEqual(CLOSED_CIRCUIT);
  });

  it('keeps the keys of the original, and keys that nobody knows (W27)', () => {
    const stored = { ...ORIGINAL, later: [1] };
    const decoded = circuitFormat.decode(stored);
    expect(decoded && circuitFormat.encode(decoded, stored)).toEqual({
      ...stored,
      first_failure_at: null,
      last_opened_at: null,
      failed_operation: null,
    });
  });

  it.each([7, true, ['edit'], {}, null])('heals the operation %j alone (W27)', (value) => {
    expect(circuitFormat.decode({ ...ORIGINAL, failed_operation: value })).toMatchObject({
      state: 'open',
      failureCount: 2,
      operation: null,
    });
  });

  it('gives back what was written, for every circuit', () => {
    const time = fc.option(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((secs) => !Object.is(secs, -0)),
    );
    const anyCircuit = fc.record<Circuit>({
      state: fc.constantFrom('closed', 'open', 'half_open'),
      failureCount: fc.nat(),
      successCount: fc.nat(),
      openedAtSecs: time,
      firstFailureAtSecs: time,
      lastOpenedAtSecs: time,
      operation: fc.option(fc.string()),
    });
    fc.assert(
      fc.property(anyCircuit, (before) => {
        const json: unknown = JSON.parse(JSON.stringify(circuitFormat.encode(before, undefined)));
        expect(circuitFormat.decode(json)).toEqual(before);
      }),
    );
  });

  it.each(['state', 'failure_count', 'success_count', 'opened_at'])('is damaged without %s (CB-9)', (key) => {
    const { [key]: _, ...rest } = ORIGINAL as Record<string, unknown>;
    expect(circuitFormat.decode(rest)).toBeUndefined();
  });

  it.each(['OPEN', 'half-open', '', 'toString', null, 1, ['open'], { open: true }])(
    'is damaged with the state %j (CB-9)',
    (state) => {
      expect(circuitFormat.decode({ ...ORIGINAL, state })).toBeUndefined();
    },
  );

  it.each([null, [], [ORIGINAL], 'open', 7, true, {}])('is damaged when it holds %j (CB-9)', (json) => {
    expect(circuitFormat.decode(json)).toBeUndefined();
  });

  it.each([-1, 1.5, '3', null, true, [3], {}, 1e300])('heals the count %j alone (W27)', (value) => {
    expect(circuitFormat.decode({ ...ORIGINAL, failure_count: value })).toMatchObject({
      state: 'open',
      failureCount: 0,
      successCount: 1,
      openedAtSecs: NOW + 0.5,
    });
    expect(circuitFormat.decode({ ...ORIGINAL, success_count: value })).toMatchObject({
      failureCount: 2,
      successCount: 0,
    });
  });

  it.each(['1768132800', 'now', true, [NOW], {}, Number.POSITIVE_INFINITY])(
    'heals the time %j alone (W27)',
    (value) => {
      const times = { opened_at: value, first_failure_at: value, last_opened_at: value };
      expect(circuitFormat.decode({ ...ORIGINAL, ...times })).toEqual({
        state: 'open',
        failureCount: 2,
        successCount: 1,
        openedAtSecs: null,
        firstFailureAtSecs: null,
        lastOpenedAtSecs: null,
        operation: null,
      });
    },
  );
});
