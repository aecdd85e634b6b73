/** No query is ever refused because of so few bytes: a refusal of a shorter one is about something else. */
export const SHORTEST_LIMIT_BYTES = 500;
/** How exactly a limit is found: a few more requests later, for less than a name or two in each. */
const PRECISION_BYTES = 128;

/**
 * Finds out whether a request was refused because of its length, and then how long one may be, by asking a harmless question of that
 * length: two to nine times.
 *
 * @param failed bytes of the query that was refused.
 * @param isCarried whether a question whose query has so many bytes is answered.
 * @returns most bytes that got through; undefined when the length is not to blame.
 */
export async function findQueryLimit(
  failed: number,
  isCarried: (bytes: number) => Promise<boolean>,
): Promise<number | undefined> {
  if (failed <= SHORTEST_LIMIT_BYTES || (await isCarried(failed))) return undefined;
  if (!(await isCarried(SHORTEST_LIMIT_BYTES))) return undefined;
  let [carried, refused] = [SHORTEST_LIMIT_BYTES, failed];
  while (refused - carried > PRECISION_BYTES) {
    const middle = Math.floor((carried + refused) / 2);
    if (await isCarried(middle)) carried = middle;
    else refused = middle;
  }
  return carried;
}
