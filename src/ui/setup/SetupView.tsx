import type { ConnectionReport, SettingView } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { ConnectionStep } from './ConnectionStep.tsx';
import { LibraryStep } from './LibraryStep.tsx';
import type { StoredSettings } from './mergeSettings.ts';
import { PathStep } from './PathStep.tsx';
import { PreviewStep } from './PreviewStep.tsx';
import { SaveBar } from './SaveBar.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import { StartStep } from './StartStep.tsx';
import { useSettingsForm } from './useSettingsForm.ts';

/** As a person thinks of them. */
const GROUPS: readonly [group: SettingView['group'], title: string][] = [
  ['connection', 'More about the connection'],
  ['synced', 'What is synced'],
  ['scenes', 'Which scenes'],
  ['when', 'When'],
  ['notify', 'Notifications'],
  ['expert', 'Expert'],
];

/** The form of all settings; `isWhole` with preview and start. */
export function SetupView(props: {
  isWhole?: boolean;
  onStarted?: () => void;
  onStored?: (stored: StoredSettings) => void;
}) {
  const { isWhole = false, onStarted = () => {}, onStored } = props;
  const form = useSettingsForm(onStored);
  const tested = useAsked((settings: object) =>
    stash.operation<ConnectionReport>({ mode: 'test_connection', settings }),
  );
  const { stored, report, problem, draft, reload } = form;
  if (stored === undefined) {
    return (
      <>
        <Problem text={problem} />
        {problem ? <Action onPress={reload}>Try again</Action> : <p className="s2p-quiet">Looking…</p>}
      </>
    );
  }
  return (
    <div className="s2p-setup">
      <Problem text={problem} />
      {report?.problem && (
        <Notice tone="warn" isStill>
          {report.problem}
        </Notice>
      )}
      <ConnectionStep
        form={form}
        test={() => tested.ask(draft)}
        connection={tested.data}
        isBusy={tested.isBusy}
        problem={tested.problem}
      />
      <LibraryStep form={form} libraries={tested.data?.libraries} />
      <PathStep form={form} />
      <section className="s2p-section" aria-label="Settings">
        {GROUPS.map(([group, title]) => (
          <SettingsGroup key={group} group={group} title={title} form={form} />
        ))}
      </section>
      {isWhole && <PreviewStep form={form} />}
      {isWhole && <StartStep form={form} onStarted={onStarted} />}
      <SaveBar form={form} />
    </div>
  );
}
