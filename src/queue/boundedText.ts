/** The text, cut to `maxLength` UTF-16 units, and never in the middle of a character. */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}
