/** What the Python plugin pickles. Whole numbers become ints; {@link float} makes a float of one. */
export type Picklable =
  | null
  | boolean
  | number
  | string
  | Float
  | readonly Picklable[]
  | { readonly [key: string]: Picklable };

/** A number that Python has as a float. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export const float = (value: number): Float => new Float(value);

/** Values of one list or dictionary that the pickler puts between two marks. */
const BATCH = 1_000;
const MEMOIZE = 0x94;
const MARK = 0x28;

/** A pickle as Python's pickler writes it: each text, list and dictionary is memoised, a text that comes again is fetched. */
export function pickle(value: Picklable, protocol: 4 | 5 = 4): Buffer {
  const out: Buffer[] = [];
  const memo = new Map<string, number>();
  let memoised = 0;
  const put = (...bytes: (number | Buffer)[]) => {
    for (const part of bytes) out.push(typeof part === 'number' ? Buffer.from([part]) : part);
  };
  const memoise = () => {
    put(MEMOIZE);
    memoised += 1;
  };
  const text = (string: string) => {
    const known = memo.get(string);
    if (known !== undefined) {
      if (known < 256) put(0x68, known);
      else put(0x6a, uint32(known));
      return;
    }
    const bytes = Buffer.from(string, 'utf8');
    if (bytes.length < 256) put(0x8c, bytes.length, bytes);
    else put(0x58, uint32(bytes.length), bytes);
    memo.set(string, memoised);
    memoise();
  };
  const batches = <T>(items: readonly T[], write: (item: T) => void, one: number, many: number) => {
    for (let start = 0; start < items.length; start += BATCH) {
      const batch = items.slice(start, start + BATCH);
      if (batch.length > 1) put(MARK);
      for (const item of batch) write(item);
      put(batch.length > 1 ? many : one);
    }
  };
  const write = (item: Picklable): void => {
    if (item === null) put(0x4e);
    else if (typeof item === 'boolean') put(item ? 0x88 : 0x89);
    else if (typeof item === 'number') put(...integer(item));
    else if (typeof item === 'string') text(item);
    else if (item instanceof Float) put(0x47, float64(item.value));
    else if (Array.isArray(item)) {
      put(0x5d);
      memoise();
      batches(item, write, 0x61, 0x65);
    } else {
      put(0x7d);
      memoise();
      const entries = Object.entries(item);
      batches(
        entries,
        ([key, entry]) => {
          text(key);
          write(entry);
        },
        0x73,
        0x75,
      );
    }
  };
  write(value);
  put(0x2e);
  const body = Buffer.concat(out);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(body.length));
  // Python frames only what is worth it.
  const frame = body.length >= 4 ? [Buffer.from([0x95]), length] : [];
  return Buffer.concat([Buffer.from([0x80, protocol]), ...frame, body]);
}

function integer(value: number): (number | Buffer)[] {
  if (value >= 0 && value < 256) return [0x4b, value];
  if (value >= 0 && value < 65_536) return [0x4d, Buffer.from([value & 255, value >> 8])];
  if (value >= -(2 ** 31) && value < 2 ** 31) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return [0x4a, bytes];
  }
  // Little-endian, two's complement, as short as possible.
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
    const sign = (bytes.at(-1) ?? 0) & 0x80;
    if ((rest === 0n && sign === 0) || (rest === -1n && sign !== 0)) break;
  }
  return [0x8a, bytes.length, Buffer.from(bytes)];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
