import { Link } from '../api/react.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { Section } from '../shared/Section.tsx';
import { viewPath } from '../views.ts';
import type { SettingsForm } from './useSettingsForm.ts';

/** Saves, and has every scene synced. */
export function StartStep({ form, onStarted }: { form: SettingsForm; onStarted: () => void }) {
  const started = useAsked(async () => {
    if (!(await form.save())) return false;
    await stash.runTask('Sync All');
    onStarted();
    return true;
  });
  return (
    <Section id="start" title="Start">
      <p>
        Queues every scene of Stash once; they are synced in the background, what is right in Plex already at
        next to no cost. From then on each change follows by itself.
      </p>
      <Action
        kind="primary"
        isBusy={started.isBusy}
        isOff={form.report?.problem !== null}
        onPress={() => started.ask()}
      >
        {form.changed.length > 0 ? 'Save and sync everything' : 'Sync everything'}
      </Action>
      <Problem text={started.problem} />
      {started.data === true && (
        <Notice tone="good">
          Started. <Link to={viewPath('state')}>Watch it under State</Link>.
        </Notice>
      )}
    </Section>
  );
}
