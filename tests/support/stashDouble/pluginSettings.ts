const INT64_LIMIT = 2n ** 63n;

/** Plugin id → stored settings; an unset setting is an absent key. */
export type PluginSettings = Map<string, Record<string, unknown>>;

/** A number as `configurePlugin` stores it: what Go cannot parse as int64 (`1e-7`, `1e+21`) becomes 0. */
function storedNumber(value: number): number {
  const text = JSON.stringify(value);
  if (text.includes('.')) return value;
  if (!/^-?\d+$/.test(text)) return 0;
  const exact = BigInt(text);
  return exact >= -INT64_LIMIT && exact < INT64_LIMIT ? value : 0;
}

/** Converts numbers in maps, at any depth; those inside arrays are left as they are. */
function storedValue(value: unknown): unknown {
  if (typeof value === 'number') return storedNumber(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return storedMap(value);
}

/** The map that `configurePlugin` stores. */
export function storedMap(input: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, storedValue(value)]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Dots in a plugin id split the configuration path. */
function setAtPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const existing = target[head];
  const inner = isMap(existing) ? existing : {};
  target[head] = inner;
  setAtPath(inner, rest, value);
}

/** `configuration.plugins`: with `include` by exact id, ids with nothing stored left out; without, everything. */
export function selectSettings(
  settings: PluginSettings,
  include: readonly string[] | null | undefined,
): Record<string, unknown> {
  const selected: Record<string, unknown> = {};
  if (include == null || include.length === 0) {
    for (const [id, stored] of settings) setAtPath(selected, id.split('.'), structuredClone(stored));
    return selected;
  }
  for (const id of include) {
    const stored = settings.get(id);
    if (stored !== undefined) selected[id] = stored;
  }
  return selected;
}
