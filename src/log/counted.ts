/** A number with its noun: `1 scene was queued`, `3 scenes were queued`. @param rest one wording for one, one for all others. */
export function counted(count: number, noun: string, rest?: readonly [one: string, many: string]): string {
  const words = count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
  return rest ? `${words} ${count === 1 ? rest[0] : rest[1]}` : words;
}
