import type { FailureGroup as Group } from '../api/reports.ts';
import { counted, grouped } from '../format/counted.ts';
import { moment } from '../format/moments.ts';
import { Action } from '../shared/Action.tsx';
import { ConfirmedAction } from '../shared/ConfirmedAction.tsx';
import { FailedScene } from './FailedScene.tsx';
import { MapFix } from './MapFix.tsx';
import type { Failures } from './useFailures.ts';

const NOT_IN_PLEX = 'PlexNotFound';

/** Scenes that were given up for one reason. */
export function FailureGroup({ group, failures }: { group: Group; failures: Failures }) {
  const { errorType, title, remedy, count, scenes, firstFailedAtMs, lastFailedAtMs } = group;
  const { act, more, isBusy } = failures;
  const id = `s2p-group-${errorType}`;
  return (
    <section className="card s2p-card" aria-labelledby={id}>
      <div className="s2p-section-head">
        <h2 id={id}>
          {title} <span className="s2p-count">{grouped(count)}</span>
        </h2>
        <div className="s2p-actions">
          <Action
            isSmall
            isBusy={isBusy}
            about={title}
            onPress={() => act({ mode: 'retry_failed', error_type: errorType })}
          >
            Retry {counted(count, 'scene')}
          </Action>
          <ConfirmedAction
            isSmall
            isBusy={isBusy}
            about={title}
            question={`Forget ${counted(count, 'scene')}?`}
            yes="Forget"
            onConfirmed={() => act({ mode: 'clear_dlq', error_type: errorType })}
          >
            Discard…
          </ConfirmedAction>
        </div>
      </div>
      <p className="mb-1">{remedy}</p>
      <p className="s2p-note">
        {moment(firstFailedAtMs)}
        {lastFailedAtMs !== firstFailedAtMs && ` – ${moment(lastFailedAtMs)}`}
      </p>
      {errorType === NOT_IN_PLEX && (
        <MapFix onDone={() => act({ mode: 'retry_failed', error_type: errorType })} />
      )}
      <ul className="s2p-list s2p-failed">
        {scenes.map((scene) => (
          <FailedScene key={scene.deadLetterId} scene={scene} errorType={errorType} failures={failures} />
        ))}
      </ul>
      {scenes.length < count && (
        <Action isSmall isBusy={isBusy} onPress={() => more(errorType)}>
          Show more of {grouped(count)}
        </Action>
      )}
    </section>
  );
}
