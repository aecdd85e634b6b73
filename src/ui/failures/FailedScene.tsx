import { useState } from '../api/react.ts';
import type { FailureGroup } from '../api/reports.ts';
import { counted } from '../format/counted.ts';
import { moment } from '../format/moments.ts';
import { Explained } from '../scene/Explained.tsx';
import { Action } from '../shared/Action.tsx';
import { ConfirmedAction } from '../shared/ConfirmedAction.tsx';
import { SceneLink } from '../shared/SceneLink.tsx';
import type { Failures } from './useFailures.ts';

const AMBIGUOUS = 'AmbiguousMatch';

/** One scene that was given up, with what can be done about it. */
export function FailedScene(props: {
  scene: FailureGroup['scenes'][number];
  errorType: string;
  failures: Failures;
}) {
  const { scene, errorType, failures } = props;
  const { sceneId, message, attempts, failedAtMs } = scene;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <div className="s2p-what">
        <SceneLink id={sceneId} />
        <span className="s2p-note">
          {' '}
          {moment(failedAtMs)}, {counted(attempts, 'attempt')}
        </span>
        <span className="s2p-message">{message}</span>
      </div>
      {sceneId !== null && (
        <div className="s2p-actions">
          <Action isSmall about={`scene ${sceneId}`} onPress={() => setIsOpen(!isOpen)}>
            {isOpen ? 'Close' : errorType === AMBIGUOUS ? 'Choose…' : 'Why?'}
          </Action>
          <SceneActions sceneId={sceneId} failures={failures} />
        </div>
      )}
      {isOpen && sceneId !== null && (
        <Explained
          sceneId={sceneId}
          onChoose={({ ratingKey, serverId }) =>
            failures.act({
              mode: 'choose_item',
              scene_id: sceneId,
              rating_key: ratingKey,
              server_id: serverId,
            })
          }
        />
      )}
    </li>
  );
}

function SceneActions({ sceneId, failures }: { sceneId: number; failures: Failures }) {
  const { act, isBusy } = failures;
  return (
    <>
      <Action
        isSmall
        isBusy={isBusy}
        about={`scene ${sceneId}`}
        onPress={() => act({ mode: 'retry_failed', scene_ids: [sceneId] })}
      >
        Retry
      </Action>
      <ConfirmedAction
        isSmall
        isBusy={isBusy}
        about={`scene ${sceneId}`}
        question={`Forget scene ${sceneId}?`}
        yes="Forget"
        onConfirmed={() => act({ mode: 'clear_dlq', scene_ids: [sceneId] })}
      >
        Discard…
      </ConfirmedAction>
    </>
  );
}
