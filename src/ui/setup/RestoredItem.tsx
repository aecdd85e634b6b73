import type { RestoreReport } from '../api/reports.ts';
import { FieldValue } from '../shared/FieldValue.tsx';

/** What an item holds now, and what it would hold again. */
export function RestoredItem({ item }: { item: RestoreReport['items'][number] }) {
  const { ratingKey, item: title, changes, notes } = item;
  const caption = `Item ${ratingKey} “${title}”`;
  return (
    <div className="s2p-inset">
      {changes.length === 0 ? (
        <p className="mb-1">{caption}</p>
      ) : (
        <table className="table s2p-table s2p-changes">
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Now</th>
              <th scope="col">Then</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, from, to }) => (
              <tr key={field}>
                <th scope="row">{field}</th>
                <FieldValue name="Now" text={from} />
                <FieldValue name="Then" text={to} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {notes.map((note) => (
        <p className="s2p-note" key={note}>
          {note}
        </p>
      ))}
    </div>
  );
}
