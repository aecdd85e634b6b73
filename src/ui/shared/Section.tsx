import type { ReactNode } from 'react';

/** A part of a page under a heading that names it. */
export function Section(props: { id: string; title: ReactNode; note?: ReactNode; children: ReactNode }) {
  const { id, title, note, children } = props;
  return (
    <section className="s2p-section" aria-labelledby={`s2p-${id}`}>
      <div className="s2p-section-head">
        <h2 id={`s2p-${id}`}>{title}</h2>
        {note && <div className="s2p-note">{note}</div>}
      </div>
      {children}
    </section>
  );
}
