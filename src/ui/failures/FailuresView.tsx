import { useEffect, useRef } from '../api/react.ts';
import { counted } from '../format/counted.ts';
import { Action } from '../shared/Action.tsx';
import { ConfirmedAction } from '../shared/ConfirmedAction.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { FailureGroup } from './FailureGroup.tsx';
import { SharedList } from './SharedList.tsx';
import { useFailures } from './useFailures.ts';

/** The scenes that were given up, by reason, and those that another scene's item keeps out. */
export function FailuresView({ onChanged }: { onChanged: () => void }) {
  const failures = useFailures(onChanged);
  const { report, problem, isBusy, told, act, reload } = failures;
  const sentence = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that was pressed may have gone with its scene.
    if (told !== '' && document.activeElement === document.body) sentence.current?.focus();
  }, [told, report]);
  return (
    <>
      <div className="s2p-bar">
        <p className="s2p-bar-text" ref={sentence} tabIndex={-1}>
          {report === undefined ? 'Looking…' : sentenceOf(report.total)}
        </p>
        <Action onPress={reload} isBusy={isBusy && report === undefined}>
          Look again
        </Action>
        {report !== undefined && report.total > 0 && (
          <>
            <Action kind="primary" isBusy={isBusy} onPress={() => act({ mode: 'retry_failed' })}>
              Retry all
            </Action>
            <ConfirmedAction
              question={`Forget ${counted(report.total, 'failed scene')}?`}
              yes="Forget all"
              isBusy={isBusy}
              onConfirmed={() => act({ mode: 'clear_dlq' })}
            >
              Discard all…
            </ConfirmedAction>
          </>
        )}
      </div>
      <Problem text={problem} />
      {told !== '' && <Notice tone="good">{told}</Notice>}
      {report?.groups.map((group) => (
        <FailureGroup key={group.errorType} group={group} failures={failures} />
      ))}
      {report !== undefined && <SharedList shared={report.shared} />}
    </>
  );
}

function sentenceOf(total: number): string {
  if (total === 0) return 'No scene was given up.';
  return `${counted(total, 'scene was', 'scenes were')} given up. When the cause is gone, retry them.`;
}
