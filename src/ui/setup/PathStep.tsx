import type { PathMapReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { Problem } from '../shared/Notice.tsx';
import { Section } from '../shared/Section.tsx';
import { PathProposal } from './PathProposal.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

/** Where Plex and Stash see one folder under two names. */
export function PathStep({ form }: { form: SettingsForm }) {
  const proposed = useAsked((settings: object) =>
    stash.operation<PathMapReport>({ mode: 'propose_path_map', settings }),
  );
  const setting = String(form.draft['path_map'] ?? '');
  const warning = form.viewOf('path_map')?.warning;
  return (
    <Section id="paths" title="Folders">
      <div className="form-group">
        <label htmlFor="s2p-path_map">Path map</label>
        <input
          id="s2p-path_map"
          className="form-control text-input"
          type="text"
          autoComplete="off"
          spellCheck={false}
          placeholder="/media/films=>/data/films"
          aria-describedby="s2p-path_map-about"
          aria-invalid={warning !== undefined}
          value={setting}
          onChange={({ target }) => form.change('path_map', target.value)}
        />
        <p className="s2p-note" id="s2p-path_map-about">
          Only where Plex and Stash see one folder under two names. Empty: paths are compared from their ends.
          {warning !== undefined && <span className="s2p-message">{warning}</span>}
        </p>
      </div>
      <Action isBusy={proposed.isBusy} onPress={() => proposed.ask(form.draft)}>
        Propose one from 50 scenes
      </Action>
      <Problem text={proposed.problem} />
      {proposed.data && (
        <PathProposal
          report={proposed.data}
          useWords="Use this map"
          onUse={(proposal) => {
            form.change('path_map', proposal);
            proposed.forget();
          }}
        />
      )}
    </Section>
  );
}
