import type { ReactNode } from 'react';

/** A button that says that it is at work, and cannot be pressed meanwhile; it keeps the focus. */
export function Action(props: {
  onPress: () => unknown;
  isBusy?: boolean | undefined;
  isOff?: boolean | undefined;
  kind?: 'primary' | 'secondary' | 'link';
  isSmall?: boolean;
  /** For screen readers, where the visible text alone does not say what it is about. */
  about?: string;
  children: ReactNode;
}) {
  const {
    onPress,
    isBusy = false,
    isOff = false,
    kind = 'secondary',
    isSmall = false,
    about,
    children,
  } = props;
  return (
    <button
      type="button"
      className={`btn btn-${kind} ${isSmall ? 'btn-sm' : ''}`}
      aria-disabled={isBusy || isOff}
      aria-busy={isBusy}
      onClick={() => {
        if (!isBusy && !isOff) onPress();
      }}
    >
      {isBusy && <span className="s2p-spinner" aria-hidden="true" />}
      {children}
      {about !== undefined && <span className="sr-only">({about})</span>}
    </button>
  );
}
