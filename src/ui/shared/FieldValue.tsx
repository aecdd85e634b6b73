/** A cell with what a field holds. @param name of its column, for narrow screens, where each row stands by itself. */
export function FieldValue({ name, text, isNew = false }: { name: string; text: string; isNew?: boolean }) {
  const shown = text === '' ? <span className="s2p-quiet">nothing</span> : text;
  return <td data-name={name}>{isNew ? <strong>{shown}</strong> : shown}</td>;
}
