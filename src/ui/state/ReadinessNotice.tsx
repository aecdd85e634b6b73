import { Link } from '../api/react.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { viewPath } from '../views.ts';
import type { Readiness } from './condition.ts';

/** Why nothing is synced, and the way out; nothing while the plugin is set up and on. @param props.onStored after it was switched on. */
export function ReadinessNotice({ readiness, onStored }: { readiness: Readiness; onStored: () => void }) {
  const { problem, isOff } = readiness;
  if (problem !== null) {
    return (
      <Notice tone="warn">
        <p>{problem}</p>
        <Link className="btn btn-primary" to={viewPath('setup')}>
          Set it up
        </Link>
      </Notice>
    );
  }
  return isOff ? <SwitchedOff onStored={onStored} /> : null;
}

function SwitchedOff({ onStored }: { onStored: () => void }) {
  const switched = useAsked(async () => {
    await stash.changeSettings({ enabled: true });
    onStored();
  });
  return (
    <Notice tone="warn">
      <p>
        Stash2Plex is switched off: what changes in Stash is recorded, and written to Plex when it is on
        again.
      </p>
      <div className="s2p-actions">
        <Action kind="primary" isBusy={switched.isBusy} onPress={() => switched.ask()}>
          Switch it on
        </Action>
        <Link to={viewPath('setup')}>All settings</Link>
      </div>
      <Problem text={switched.problem} />
    </Notice>
  );
}
