import { useEffect, useRef } from '../api/react.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from './Action.tsx';

/**
 * A button that copies a text. Browsers have no clipboard for pages that come by http from another machine, as Stash's mostly do: then the
 * text stands there, selected.
 */
export function CopyText({ text, label, children }: { text: string; label: string; children: string }) {
  const copied = useAsked(async () => {
    await navigator.clipboard.writeText(text);
    return true;
  });
  const isByHand = copied.problem !== undefined;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!isByHand) return;
    field.current?.focus();
    field.current?.select();
  }, [isByHand]);
  return (
    <div>
      <div className="s2p-actions">
        <Action isBusy={copied.isBusy} onPress={() => copied.ask()}>
          {children}
        </Action>
        <span className="s2p-note" role="status">
          {copied.data && 'Copied.'}
          {isByHand && 'Your browser does not let this page copy: copy the text below.'}
        </span>
      </div>
      {isByHand && (
        <textarea
          ref={field}
          className="form-control text-input s2p-copied"
          aria-label={label}
          readOnly
          rows={8}
          value={text}
        />
      )}
    </div>
  );
}
