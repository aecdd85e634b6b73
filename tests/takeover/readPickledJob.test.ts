import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PickleError } from '../../src/takeover/checkOperations.ts';
import { readPickledJob } from '../../src/takeover/readPickledJob.ts';
import { Float, float, type Picklable, pickle } from '../support/pythonPlugin/pickle.ts';
import { completeJob, deferredJob } from '../support/pythonPlugin/pythonFolder.ts';

/** The example of the specification, 2.3. */
const EXAMPLE = Buffer.from(
  '8004958b000000000000007d94288c066a6f625f6964944b018c087363656e655f6964944d2c018c0b7570646174655f74797065948c086d' +
    '65746164617461948c0464617461947d94288c0a6964656e74696669656494888c0a757064617465645f6174944e758c0b656e7175657565' +
    '645f6174944741da6003a02000008c076a6f625f6b6579948c097363656e655f33303094752e',
  'hex',
);

/** What JavaScript has for it. */
function asJson(value: Picklable): unknown {
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asJson(entry)]));
}

/** The operations of a pickle by hand, between PROTO and STOP. */
const byHand = (...parts: (number | string)[]) =>
  Buffer.concat([
    Buffer.from([0x80, 4]),
    ...parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part, 'latin1'))),
    Buffer.from('.'),
  ]);
const short = (text: string) => `\x8c${String.fromCharCode(text.length)}${text}\x94`;

describe('readPickledJob', () => {
  it('reads the example of the specification, byte by byte', () => {
    expect(EXAMPLE).toHaveLength(150);
    expect(pickle(deferredJob(300))).toEqual(EXAMPLE);
    expect(readPickledJob(EXAMPLE)).toEqual({
      job_id: 1,
      scene_id: 300,
      update_type: 'metadata',
      data: { identified: true, updated_at: null },
      enqueued_at: 1770000000.5,
      job_key: 'scene_300',
    });
  });

  it.each([4, 5] as const)('reads every kind of payload in protocol %i', (protocol) => {
    const retry = { retry_count: 3, next_retry_at: float(1_770_000_100.25), last_error_type: 'PlexNotFound' };
    const jobs: Picklable[] = [
      deferredJob(1),
      deferredJob(2, { ...retry, last_error_type: null }),
      completeJob(3, retry),
      completeJob(2_147_483_648, {
        data: { details: 'x'.repeat(70_000), tags: [], rating100: 0, studio: null },
      }),
      deferredJob(4, { pqid: 70_000, scene_id: '4', enqueued_at: float(0) }),
      deferredJob(5, { data: { tags: Array.from({ length: 2_500 }, (_, index) => `Tag ${index}`) } }),
      {},
    ];
    for (const job of jobs) expect(readPickledJob(pickle(job, protocol))).toEqual(asJson(job));
  });

  it('reads whatever is made of texts, numbers, booleans, nulls, lists and dictionaries', () => {
    const leaf = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.integer({ min: 0, max: 2 ** 46 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(float),
    );
    const { value } = fc.letrec<{ value: Picklable }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value')),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), value),
        fc.constantFrom(4, 5),
        (job, protocol) => {
          expect(readPickledJob(pickle(job, protocol as 4 | 5))).toEqual(asJson(job));
        },
      ),
    );
  });

  it('refuses a pickle that is cut off anywhere', () => {
    const whole = pickle(completeJob(7));
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readPickledJob(whole.subarray(0, length)), `${length} bytes`).toThrow(PickleError);
    }
  });

  it('refuses every operation that no job needs, wherever it stands', () => {
    const allowed = Buffer.from('80952e2894686a4e88894a4b4d8a478c588d5d61657d7375', 'hex');
    for (let operation = 0; operation < 256; operation += 1) {
      if (allowed.includes(operation)) continue;
      const hostile = byHand(0x7d, short('scene_id'), 0x4b, 7, 0x73, operation, '\x00'.repeat(20));
      expect(() => readPickledJob(hostile), operation.toString(16)).toThrow(/does not belong into a job/);
    }
  });

  it.each([
    ['names a class', byHand(short('os'), short('system'), 0x93)],
    ['names a class in the old way', byHand('cos\nsystem\n')],
    ['calls a function', byHand('cos\nsystem\n(S"touch pwned"\ntR')],
    ['makes an object', byHand('(S"touch pwned"\nios\nsystem\n')],
    ['builds an object', byHand(0x7d, 0x7d, 'b')],
    ['asks for something from outside', byHand('Pwhatever\n')],
    ['asks for an extension', byHand(0x82, 1)],
  ])('executes nothing of a pickle that %s', (_, hostile) => {
    expect(() => readPickledJob(hostile)).toThrow(/does not belong into a job/);
  });

  it.each([
    ['appends to nothing', byHand(0x4e, 'a')],
    ['closes what was never opened', byHand(0x7d, 'u')],
    ['fetches what was never noted', byHand(0x7d, short('a'), 'h\x63', 's')],
    ['puts entries into a list', byHand(0x5d, short('a'), 0x4e, 's')],
    ['has a key that is no text', byHand(0x7d, 0x4b, 1, 0x4e, 's')],
    ['is no dictionary', byHand(0x5d)],
    ['is empty', byHand()],
    ['holds a number of a hundred bytes', byHand(0x7d, short('a'), '\x8a\x64', '\x01'.repeat(100), 's')],
    ['holds a text that is longer than itself', byHand(0x7d, '\x8d', '\xff'.repeat(8))],
    ['contains itself', byHand(0x7d, 0x94, short('a'), 'h\x00', 's')],
  ])('refuses a pickle that %s', (_, broken) => {
    expect(() => readPickledJob(broken)).toThrow(PickleError);
  });

  it('refuses a few bytes that unfold to billions of values', () => {
    // Each list holds the former one ten times; the dictionary is number 0 of the memo, then keys and lists in turns.
    const entries = Array.from({ length: 12 }, (_, index) => {
      const former = index === 0 ? 'N' : `h${String.fromCharCode(2 * index)}`;
      return `${short(`k${index}`)}]\x94(${former.repeat(10)}es`;
    });
    const bomb = byHand(0x7d, 0x94, ...entries);
    expect(bomb.length).toBeLessThan(500);
    expect(() => readPickledJob(bomb)).toThrow(/unfolds to more/);
  });

  it('takes the key __proto__ for a key like any other', () => {
    const job = readPickledJob(byHand(0x7d, short('__proto__'), 0x7d, short('scene_id'), 0x4b, 7, 's', 's'));
    expect(Object.getPrototypeOf(job)).toBe(Object.prototype);
    expect(Object.keys(job)).toEqual(['__proto__']);
    expect(job['scene_id']).toBeUndefined();
  });

  it.each([null, 'text', 7, undefined])('refuses a column that holds %s', (value) => {
    expect(() => readPickledJob(value)).toThrow(PickleError);
  });
});
