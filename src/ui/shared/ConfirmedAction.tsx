import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from '../api/react.ts';
import { Action } from './Action.tsx';

/** A button for what cannot be taken back: it asks first, in its own place. */
export function ConfirmedAction(props: {
  onConfirmed: () => unknown;
  question: string;
  yes: string;
  isBusy?: boolean;
  isSmall?: boolean;
  name?: string;
  children: ReactNode;
}) {
  const { onConfirmed, question, yes, isBusy = false, isSmall = false, name, children } = props;
  const [isAsking, setIsAsking] = useState(false);
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    // What is asked is read out, and the harmless answer is the nearer one.
    if (isAsking) group.current?.querySelector('button')?.focus();
  }, [isAsking]);
  if (!isAsking) {
    return (
      <Action
        onPress={() => setIsAsking(true)}
        isBusy={isBusy}
        isSmall={isSmall}
        {...(name === undefined ? {} : { name })}
      >
        {children}
      </Action>
    );
  }
  return (
    <fieldset
      className="s2p-confirm"
      ref={group}
      onKeyDown={({ key }) => key === 'Escape' && setIsAsking(false)}
    >
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
  );
}
