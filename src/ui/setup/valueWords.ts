/** A setting's value in a few words: `on`, `5`, `nothing`. */
export function valueWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === undefined || value === null || value === '') return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : value.map(valueWords).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What a text field's text is stored as: nothing means the default; of a number what is none stays a text, for the plugin to name. */
export function enteredValue(kind: 'number' | 'text', text: string): unknown {
  if (text.trim() === '') return undefined;
  if (kind === 'text') return text;
  const number = Number(text.trim().replace(',', '.'));
  return Number.isFinite(number) ? number : text;
}
