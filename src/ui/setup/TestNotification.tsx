import type { NotificationTestReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { Action } from '../shared/Action.tsx';
import { Dot } from '../shared/Dot.tsx';
import { Problem } from '../shared/Notice.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

/** Sends a test to every address, and tells what came of each. */
export function TestNotification({ form }: { form: SettingsForm }) {
  const tested = useAsked(() => stash.operation<NotificationTestReport>({ mode: 'test_notification' }));
  const hasAddress = String(form.draft['notify_url'] ?? '').trim() !== '';
  const send = async () => {
    // What is stored is what is sent to.
    if (await form.save()) await tested.ask();
  };
  return (
    <div className="s2p-setting s2p-below">
      <div className="s2p-actions">
        <Action isBusy={tested.isBusy} isOff={!hasAddress} onPress={send}>
          {form.changed.length > 0 ? 'Save and send test' : 'Send test'}
        </Action>
        {!hasAddress && <span className="s2p-note">Enter an address first.</span>}
      </div>
      <Problem text={tested.problem} />
      <div role="status">{tested.data && <Sent report={tested.data} />}</div>
    </div>
  );
}

function Sent({ report: { targets, unusable } }: { report: NotificationTestReport }) {
  if (targets.length + unusable.length === 0)
    return <p className="s2p-note">There is no address to send to.</p>;
  return (
    <ul className="s2p-list" aria-label="Results of the test">
      {targets.map(({ service, host, accepted, status, problem }, index) => (
        // Two addresses may have one host.
        <li key={index}>
          <span className="s2p-what">
            <Dot tone={accepted ? 'good' : 'bad'} />
            <strong>{host}</strong> <span className="s2p-note">{serviceWords(service)}</span>
            <span className="s2p-message">{problem ?? `Accepted (status ${status}).`}</span>
          </span>
        </li>
      ))}
      {unusable.map((what) => (
        <li key={what}>
          <span className="s2p-what">
            <Dot tone="bad" />
            {`${what.charAt(0).toUpperCase()}${what.slice(1)}, cannot be used.`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function serviceWords(service: string): string {
  return service === 'JSON' ? 'of no service that is known: plain JSON' : service;
}
