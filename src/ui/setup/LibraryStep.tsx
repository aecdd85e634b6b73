import { useState } from '../api/react.ts';
import type { LibraryView } from '../api/reports.ts';
import { counted } from '../format/counted.ts';
import { Notice } from '../shared/Notice.tsx';
import { Section } from '../shared/Section.tsx';
import { isChosen, switchLibrary, unknownLibraries } from './librarySelection.ts';
import type { SettingsForm } from './useSettingsForm.ts';

/** Which libraries are synced. @param props.libraries those of the tested server; undefined before the test. */
export function LibraryStep({
  form,
  libraries,
}: {
  form: SettingsForm;
  libraries: LibraryView[] | undefined;
}) {
  const setting = String(form.draft['plex_library'] ?? '');
  return (
    <Section id="libraries" title="Libraries">
      {libraries === undefined || libraries.length === 0 ? (
        <div className="form-group">
          <label htmlFor="s2p-plex_library">Names or numbers, separated by commas</label>
          <input
            id="s2p-plex_library"
            className="form-control text-input"
            type="text"
            autoComplete="off"
            placeholder="every library of films or other videos"
            value={setting}
            onChange={({ target }) => form.change('plex_library', target.value)}
          />
          <p className="s2p-note">Test the connection to choose from a list.</p>
        </div>
      ) : (
        <LibraryList form={form} libraries={libraries} setting={setting} />
      )}
    </Section>
  );
}

function LibraryList(props: { form: SettingsForm; libraries: LibraryView[]; setting: string }) {
  const { form, libraries, setting } = props;
  const [isLast, setIsLast] = useState(false);
  const unknown = unknownLibraries(setting, libraries);
  return (
    <fieldset>
      <legend className="s2p-note">
        {setting === '' ? 'Every library of films or other videos is synced.' : 'Only these are synced.'}
      </legend>
      {libraries.map((library) => (
        <Library
          key={library.key}
          library={library}
          isChecked={isChosen(setting, library, libraries)}
          onSwitch={() => {
            const changed = switchLibrary(setting, libraries, library);
            setIsLast(changed === undefined);
            if (changed !== undefined) form.change('plex_library', changed);
          }}
        />
      ))}
      {isLast && (
        <Notice tone="warn">
          One library has to stay. To sync nothing, switch “Enabled” off further down.
        </Notice>
      )}
      {unknown.length > 0 && (
        <Notice tone="warn">
          Plex has no {unknown.map((name) => `“${name}”`).join(', ')}.{' '}
          <button
            type="button"
            className="btn btn-link btn-sm"
            onClick={() => form.change('plex_library', '')}
          >
            Sync every library
          </button>
        </Notice>
      )}
    </fieldset>
  );
}

function Library(props: { library: LibraryView; isChecked: boolean; onSwitch: () => void }) {
  const { library, isChecked, onSwitch } = props;
  const { key, title, type, agent, items, isUsable } = library;
  const id = `s2p-library-${key}`;
  return (
    <div className="custom-control custom-checkbox s2p-library">
      <input
        type="checkbox"
        className="custom-control-input"
        id={id}
        checked={isChecked}
        disabled={!isUsable}
        aria-describedby={`${id}-about`}
        onChange={onSwitch}
      />
      <label className="custom-control-label" htmlFor={id}>
        {title}
      </label>
      <span className="s2p-note" id={`${id}-about`}>
        {items === null ? '' : `${counted(items, 'item')}, `}
        {isUsable ? agentWords(agent) : `holds no films or other videos (${type})`}
      </span>
    </div>
  );
}

/** The last part of an agent's name tells most: `tv.plex.agents.none`. */
function agentWords(agent: string): string {
  const last = agent.split('.').at(-1) ?? '';
  return last === 'none' ? 'no agent of its own' : `agent ${last || 'unknown'}`;
}
