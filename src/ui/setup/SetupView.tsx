import { useEffect } from '../api/react.ts';
import type { ConnectionReport, SettingsReport, SettingView } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { CheckStep } from './CheckStep.tsx';
import { ConnectionStep } from './ConnectionStep.tsx';
import { LibraryStep } from './LibraryStep.tsx';
import type { StoredSettings } from './mergeSettings.ts';
import { PathStep } from './PathStep.tsx';
import { PreviewStep } from './PreviewStep.tsx';
import { RestoreStep } from './RestoreStep.tsx';
import { SaveBar } from './SaveBar.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import { StartStep } from './StartStep.tsx';
import { TestNotification } from './TestNotification.tsx';
import { useSettingsForm } from './useSettingsForm.ts';

/** As a person thinks of them, the most used first. */
const GROUPS: readonly [group: SettingView['group'], title: string, about: string][] = [
  ['connection', 'More about the connection', ''],
  ['synced', 'What is synced', 'Each field of a Plex item on or off'],
  ['fields', 'More fields', 'Titles by a pattern, which tags, labels, groups, director, content rating'],
  ['scenes', 'Which scenes', 'Only those that pass all of these; the rest is left alone'],
  ['when', 'When', 'On or off, and comparing Plex with Stash by itself'],
  ['notify', 'Notifications', 'Messages to Discord, ntfy, Gotify and others'],
  ['matching', 'Finding scenes in Plex', 'What becomes of files in doubt, and of those Plex does not have'],
  ['expert', 'Expert', 'Attempts, how long things are kept, timeouts, the log'],
];

/** The form of all settings; `isWhole` with preview and start. */
export function SetupView(props: {
  isWhole?: boolean;
  onStarted?: () => void;
  onStored?: (stored: StoredSettings) => void;
  /** Gets what the plugin makes of what is stored, each time that is known. */
  onChecked?: (report: SettingsReport) => void;
}) {
  const { isWhole = false, onStarted = () => {}, onStored, onChecked } = props;
  const form = useSettingsForm(onStored);
  const tested = useAsked((settings: object) =>
    stash.operation<ConnectionReport>({ mode: 'test_connection', settings }),
  );
  const { stored, report, storedReport, problem, draft, reload } = form;
  useEffect(() => {
    if (storedReport) onChecked?.(storedReport);
  }, [storedReport, onChecked]);
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
        {GROUPS.map(([group, title, about]) => (
          <SettingsGroup key={group} group={group} title={title} about={about} form={form}>
            {group === 'notify' && <TestNotification form={form} />}
          </SettingsGroup>
        ))}
      </section>
      {isWhole && <CheckStep form={form} />}
      {isWhole && <PreviewStep form={form} />}
      {isWhole && <StartStep form={form} onStarted={onStarted} />}
      {isWhole && <RestoreStep form={form} />}
      <SaveBar form={form} />
    </div>
  );
}
