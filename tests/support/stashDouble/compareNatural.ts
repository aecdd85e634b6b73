/** Digits as numbers, everything else letter by letter. */
function pieces(text: string): string[] {
  return text.toLowerCase().match(/\d+|\D/g) ?? [];
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length - right.length;
  return left === right ? a.length - b.length : left < right ? -1 : 1;
}

/** Stash's collation `NATURAL_CI`: case is ignored, and `2` comes before `10`. */
export function compareNatural(a: string, b: string): number {
  const [left, right] = [pieces(a), pieces(b)];
  for (const [position, piece] of left.entries()) {
    const other = right[position];
    if (other === undefined) return 1;
    if (piece === other) continue;
    const order =
      /\d/.test(piece) && /\d/.test(other) ? compareNumbers(piece, other) : piece < other ? -1 : 1;
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
