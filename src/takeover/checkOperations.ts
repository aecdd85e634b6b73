/** A pickle that is not what the Python plugin writes. The message ends a sentence that names the row. */
export class PickleError extends Error {
  override readonly name = 'PickleError';
}

/** The argument behind an operation: so many bytes, or a length of so many bytes and then that many. */
type Argument = { bytes: number } | { lengthBytes: 1 | 4 | 8 };

const NONE: Argument = { bytes: 0 };

/** Everything that a job of the Python plugin is made of (specification 2.3); above all, nothing that names or calls a class. */
const OPERATIONS: ReadonlyMap<number, Argument> = new Map<number, Argument>([
  [0x80, { bytes: 1 }], // PROTO
  [0x95, { bytes: 8 }], // FRAME
  [0x2e, NONE], // STOP
  [0x28, NONE], // MARK
  [0x94, NONE], // MEMOIZE
  [0x68, { bytes: 1 }], // BINGET
  [0x6a, { bytes: 4 }], // LONG_BINGET
  [0x4e, NONE], // NONE
  [0x88, NONE], // NEWTRUE
  [0x89, NONE], // NEWFALSE
  [0x4a, { bytes: 4 }], // BININT
  [0x4b, { bytes: 1 }], // BININT1
  [0x4d, { bytes: 2 }], // BININT2
  [0x8a, { lengthBytes: 1 }], // LONG1
  [0x47, { bytes: 8 }], // BINFLOAT
  [0x8c, { lengthBytes: 1 }], // SHORT_BINUNICODE
  [0x58, { lengthBytes: 4 }], // BINUNICODE
  [0x8d, { lengthBytes: 8 }], // BINUNICODE8
  [0x5d, NONE], // EMPTY_LIST
  [0x61, NONE], // APPEND
  [0x65, NONE], // APPENDS
  [0x7d, NONE], // EMPTY_DICT
  [0x73, NONE], // SETITEM
  [0x75, NONE], // SETITEMS
]);
const STOP = 0x2e;
const LONG1 = 0x8a;
/** Up to here the parser's unsigned reading of a whole number is exact. */
const MAX_LONG_BYTES = 6;

/**
 * Walks through a pickle without building anything, so that the parser meets only operations of {@link OPERATIONS}.
 *
 * @throws PickleError for any other operation, for one that is cut off, and without an end.
 */
export function checkOperations(pickle: Uint8Array): void {
  const view = new DataView(pickle.buffer, pickle.byteOffset, pickle.byteLength);
  for (let at = 0; at < pickle.length; ) {
    const operation = view.getUint8(at);
    const argument = OPERATIONS.get(operation);
    if (!argument) {
      const code = operation.toString(16).padStart(2, '0');
      throw new PickleError(`operation 0x${code} at byte ${at} does not belong into a job`);
    }
    if (operation === STOP) return;
    const next = at + 1 + argumentLength(view, at + 1, argument);
    if (next > pickle.length) throw new PickleError('it is cut off');
    if (operation === LONG1) checkLong(pickle.subarray(at + 2, next));
    at = next;
  }
  throw new PickleError('it is cut off');
}

function argumentLength(view: DataView, at: number, argument: Argument): number {
  if ('bytes' in argument) return argument.bytes;
  const { lengthBytes } = argument;
  if (at + lengthBytes > view.byteLength) return Number.POSITIVE_INFINITY;
  if (lengthBytes === 1) return 1 + view.getUint8(at);
  if (lengthBytes === 4) return 4 + view.getUint32(at, true);
  return 8 + Number(view.getBigUint64(at, true));
}

/** Little-endian, two's complement. No number of a job is below zero, or anywhere near 2^47. */
function checkLong(bytes: Uint8Array): void {
  const isNegative = ((bytes.at(-1) ?? 0) & 0x80) !== 0;
  if (bytes.length > MAX_LONG_BYTES || isNegative) throw new PickleError('it holds an impossible number');
}
