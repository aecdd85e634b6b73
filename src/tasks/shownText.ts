/** A text in quotation marks, or that there is none. @param length most characters. */
export function quoted(text: string, length: number): string {
  return text === '' ? 'nothing' : `"${shortened(text, length)}"`;
}

/** One line, cut between characters. */
export function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= length
    ? line
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}
