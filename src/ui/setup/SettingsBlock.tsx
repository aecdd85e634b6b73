import type { ReactElement } from 'react';
import { Link, pluginApi, useState } from '../api/react.ts';
import { viewPath } from '../views.ts';
import type { StoredSettings } from './mergeSettings.ts';
import { SetupView } from './SetupView.tsx';

const PLUGIN_ID = 'Stash2Plex';
const REMEMBERED = 'stash2plex.plain-settings';

/** In place of Stash's own list of our settings; the plain list stays one press away, and the choice is remembered. */
export function SettingsBlock({ renderPlain }: { renderPlain: () => ReactElement | null }) {
  const [isPlain, setIsPlain] = useState(readChoice);
  const onStored = useStashSettings();
  const choose = () => {
    setIsPlain(!isPlain);
    storeChoice(!isPlain);
  };
  return (
    <div className="s2p s2p-block">
      <div className="s2p-bar">
        <Link className="s2p-bar-text" to={viewPath(isPlain ? 'setup' : 'state')}>
          {isPlain ? 'Set up with tests and proposals' : 'State, failures and preview'}
        </Link>
        <button type="button" className="btn btn-secondary btn-sm" aria-pressed={isPlain} onClick={choose}>
          Plain list
        </button>
      </div>
      {isPlain ? <Plain render={renderPlain} /> : <SetupView onStored={onStored} />}
    </div>
  );
}

/** Hooks of Stash's own component run in here. */
function Plain({ render }: { render: () => ReactElement | null }) {
  return render();
}

/** Stash's settings pages send their copy of all plugins' settings with each edit: they get ours. */
function useStashSettings(): (stored: StoredSettings) => void {
  const { savePluginSettings } = useStash();
  return (stored) => savePluginSettings?.(PLUGIN_ID, stored);
}

/** This block stands in Stash's settings pages only, where the hook never throws. */
const useStash = pluginApi.hooks?.useSettings ?? (() => ({ savePluginSettings: undefined }));

function readChoice(): boolean {
  try {
    return localStorage.getItem(REMEMBERED) === 'yes';
  } catch {
    return false;
  }
}

function storeChoice(isPlain: boolean): void {
  try {
    localStorage.setItem(REMEMBERED, isPlain ? 'yes' : 'no');
  } catch {
    // A browser that keeps nothing shows the form again.
  }
}
