import type { ReactNode } from 'react';

/** A sentence that matters, with a coloured edge; read out when it appears unless it is only `told` on the page. */
export function Notice(props: {
  tone: 'good' | 'bad' | 'warn' | 'info';
  isStill?: boolean;
  children: ReactNode;
}) {
  const { tone, isStill = false, children } = props;
  return (
    <div className={`s2p-notice s2p-${tone}`} role={isStill ? undefined : 'status'}>
      {children}
    </div>
  );
}

/** Why something did not work; nothing when it did. */
export function Problem({ text }: { text: string | null | undefined }) {
  return text ? <Notice tone="bad">{text}</Notice> : null;
}
