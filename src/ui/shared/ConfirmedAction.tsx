import type { ReactNode } from 'react';
import { useLayoutEffect, useRef, useState } from '../api/react.ts';
import { Action } from './Action.tsx';

/** A button for what cannot be taken back: it asks first, in its own place. */
export function ConfirmedAction(props: {
  onConfirmed: () => unknown;
  question: string;
  yes: string;
  isBusy?: boolean;
  isSmall?: boolean;
  about?: string;
  children: ReactNode;
}) {
  const { onConfirmed, question, yes, isBusy = false, isSmall = false, about, children } = props;
  const [isAsking, setIsAsking] = useState<boolean>();
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    // The question is read out with its harmless answer; afterwards the focus is where it was.
    if (isAsking !== undefined) place.current?.querySelector('button')?.focus();
  }, [isAsking]);
  return (
    <span ref={place}>
      {isAsking ? (
        <fieldset className="s2p-confirm" onKeyDown={({ key }) => key === 'Escape' && setIsAsking(false)}>
          <legend>{question}</legend>
          <Action isSmall={isSmall} onPress={() => setIsAsking(false)}>
            Keep
          </Action>
          <Action
            isSmall={isSmall}
            onPress={() => {
              setIsAsking(false);
              onConfirmed();
            }}
          >
            {yes}
          </Action>
        </fieldset>
      ) : (
        <Action
          onPress={() => setIsAsking(true)}
          isBusy={isBusy}
          isSmall={isSmall}
          {...(about === undefined ? {} : { about })}
        >
          {children}
        </Action>
      )}
    </span>
  );
}
