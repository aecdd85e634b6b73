import { useState } from '../api/react.ts';
import type { RestoreReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { counted } from '../format/counted.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { ConfirmedAction } from '../shared/ConfirmedAction.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { Section } from '../shared/Section.tsx';
import { RestoredItem } from './RestoredItem.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

const SHOWN_ITEMS = 10;

/** Which items, as the operation takes it. */
const CHOICES = {
  day: { words: 'changed within the last 24 hours', args: { since: '24h' } },
  week: { words: 'changed within the last 7 days', args: { since: '7d' } },
  all: { words: 'all that Stash2Plex has changed', args: { all: 'true' } },
} as const;
type Choice = keyof typeof CHOICES;

/** Makes Plex items again what they were: first a look, then for real, while the plugin is off. */
export function RestoreStep({ form }: { form: SettingsForm }) {
  const [choice, setChoice] = useState<Choice>('day');
  const ask = (more: object) =>
    stash.operation<RestoreReport>({ mode: 'restore_items', ...CHOICES[choice].args, ...more });
  const looked = useAsked(() => ask({}));
  const restored = useAsked(() => ask({ apply: 'true' }));
  const choose = (value: string) => {
    setChoice(Object.keys(CHOICES).find((each): each is Choice => each === value) ?? 'day');
    looked.forget();
    restored.forget();
  };
  const look = () => {
    restored.forget();
    return looked.ask();
  };
  const restore = async () => {
    // The look is of before: what came of it stands alone.
    if (await restored.ask()) looked.forget();
  };
  const isBusy = looked.isBusy || restored.isBusy;
  return (
    <Section id="restore" title="Undo">
      <p>Gives Plex items back what they held before Stash2Plex changed them. Stash is not touched.</p>
      <div className="s2p-actions">
        <label htmlFor="s2p-restore-items">Items</label>
        <select
          id="s2p-restore-items"
          className="custom-select input-control s2p-choice"
          disabled={isBusy}
          value={choice}
          onChange={({ target }) => choose(target.value)}
        >
          {Object.entries(CHOICES).map(([value, { words }]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        <Action
          isBusy={looked.isBusy}
          isOff={restored.isBusy || form.report?.problem !== null}
          onPress={look}
        >
          Show what would go back
        </Action>
      </div>
      <Problem text={looked.problem} />
      {looked.data && (
        <Looked report={looked.data} form={form} isBusy={restored.isBusy} onRestore={restore} />
      )}
      <Problem text={restored.problem} />
      {restored.data && (
        <Notice tone={restored.data.problem !== null || restored.data.failed > 0 ? 'bad' : 'good'}>
          {restored.data.summary}
        </Notice>
      )}
    </Section>
  );
}

function Looked(props: {
  report: RestoreReport;
  form: SettingsForm;
  isBusy: boolean;
  onRestore: () => unknown;
}) {
  const { report, form, isBusy, onRestore } = props;
  const { summary, items, restored } = report;
  const shown = items.slice(0, SHOWN_ITEMS);
  const count = counted(restored, 'item');
  return (
    <>
      <Notice tone="info">{summary}</Notice>
      {shown.map((item) => (
        <RestoredItem key={item.ratingKey} item={item} />
      ))}
      {shown.length > 0 && restored > shown.length && (
        <p className="s2p-note">These are the first {shown.length}.</p>
      )}
      {restored > 0 && isOn(form) && <SwitchOff form={form} />}
      {restored > 0 && !isOn(form) && (
        <ConfirmedAction
          isBusy={isBusy}
          question={`Write to ${count} in Plex what ${restored === 1 ? 'it' : 'they'} held before?`}
          yes="Restore"
          onConfirmed={onRestore}
        >
          Restore {count}…
        </ConfirmedAction>
      )}
      {isBusy && (
        <p className="s2p-note" role="status">
          A background process may have to finish first, two minutes at most. Leave the page open.
        </p>
      )}
    </>
  );
}

function SwitchOff({ form }: { form: SettingsForm }) {
  return (
    <Notice tone="warn">
      <p>
        While Stash2Plex is on it would write these items again. Switch it off to restore them; what changes
        in Stash meanwhile is recorded.
      </p>
      <Action isBusy={form.isSaving} onPress={() => form.store({ enabled: false })}>
        Switch Stash2Plex off
      </Action>
    </Notice>
  );
}

/** By what is stored: a switch that was not saved yet turns nothing off. */
function isOn({ stored, changed, viewOf }: SettingsForm): boolean {
  const isEntered = changed.includes('enabled');
  return (isEntered ? stored?.['enabled'] : viewOf('enabled')?.value) !== false;
}
