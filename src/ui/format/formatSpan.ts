const STEPS: readonly [secs: number, unit: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** A length of time in its one or two largest units: `40 s`, `5 min`, `2 h 10 min`, `3 d 4 h`. Below a second: `0 s`. */
export function formatSpan(ms: number): string {
  const secs = Math.max(0, Math.round(ms / 1000));
  const index = STEPS.findIndex(([size]) => secs >= size);
  const [size, unit] = STEPS[index] ?? [1, 's'];
  const count = Math.floor(secs / size);
  const [lesser, lesserUnit] = STEPS[index + 1] ?? [];
  const rest = lesser === undefined ? 0 : Math.floor((secs - count * size) / lesser);
  // Seconds beside minutes are noise in what is looked at now and then.
  return rest > 0 && lesserUnit !== 's' ? `${count} ${unit} ${rest} ${lesserUnit}` : `${count} ${unit}`;
}
