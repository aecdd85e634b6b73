import type { PreviewField } from '../api/reports.ts';
import { FieldValue } from '../shared/FieldValue.tsx';

/** Field by field: what Stash has, what Plex has now and then. On narrow screens each row stands by itself. */
export function ChangeTable({ changes, caption }: { changes: PreviewField[]; caption: string }) {
  if (changes.length === 0) return <p className="s2p-quiet">{caption}: nothing to change.</p>;
  return (
    <table className="table s2p-table s2p-changes">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Stash</th>
          <th scope="col">Plex now</th>
          <th scope="col">Plex then</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, stash, now, then }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <FieldValue name="Stash" text={stash} />
            <FieldValue name="Plex now" text={now} />
            <FieldValue name="Plex then" text={then} isNew={then !== now} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
