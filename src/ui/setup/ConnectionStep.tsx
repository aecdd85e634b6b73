import { useState } from '../api/react.ts';
import type { ConnectionReport } from '../api/reports.ts';
import { grouped } from '../format/counted.ts';
import { Action } from '../shared/Action.tsx';
import { Notice, Problem } from '../shared/Notice.tsx';
import { Section } from '../shared/Section.tsx';
import { SettingField } from './SettingField.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

/** Where Plex is, and the token that opens it. */
export function ConnectionStep(props: {
  form: SettingsForm;
  test: () => unknown;
  connection: ConnectionReport | undefined;
  isBusy: boolean;
  problem: string | undefined;
}) {
  const { form, test, connection, isBusy, problem } = props;
  const isFilled = textOf(form, 'plex_url') !== '' && textOf(form, 'plex_token') !== '';
  return (
    <Section id="connection" title="Connection to Plex">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isFilled && !isBusy) test();
        }}
      >
        <div className="form-group">
          <label htmlFor="s2p-plex_url">Address</label>
          <input
            id="s2p-plex_url"
            className="form-control text-input"
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="http://192.168.1.10:32400"
            aria-describedby="s2p-plex_url-about"
            value={textOf(form, 'plex_url')}
            onChange={({ target }) => form.change('plex_url', target.value)}
          />
          <p className="s2p-note" id="s2p-plex_url-about">
            As Stash’s machine or container reaches the Plex server.
            <Remark form={form} setting="plex_url" />
          </p>
        </div>
        <TokenField form={form} />
        <CertificateField form={form} />
        <Action kind="primary" isBusy={isBusy} isOff={!isFilled} onPress={test}>
          Test
        </Action>
      </form>
      <Problem text={problem} />
      {connection && <Tested connection={connection} />}
    </Section>
  );
}

function TokenField({ form }: { form: SettingsForm }) {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="form-group">
      <label htmlFor="s2p-plex_token">Token</label>
      <div className="input-group">
        <input
          id="s2p-plex_token"
          className="form-control text-input"
          type={isShown ? 'text' : 'password'}
          autoComplete="off"
          spellCheck={false}
          aria-describedby="s2p-plex_token-about"
          value={textOf(form, 'plex_token')}
          onChange={({ target }) => form.change('plex_token', target.value)}
        />
        <div className="input-group-append">
          <button type="button" className="btn btn-secondary" onClick={() => setIsShown(!isShown)}>
            {isShown ? 'Hide' : 'Show'}
            <span className="sr-only"> the token</span>
          </button>
        </div>
      </div>
      <p className="s2p-note" id="s2p-plex_token-about">
        Of the server’s owner: open any item in Plex Web, <em>Get Info › View XML</em>, and copy what follows
        X-Plex-Token= in the address.
        <Remark form={form} setting="plex_token" />
      </p>
    </div>
  );
}

/** Only where there is a certificate, or the switch is on without one. */
function CertificateField({ form }: { form: SettingsForm }) {
  const setting = form.viewOf('plex_accept_any_certificate');
  const isMeant = /^\s*https:/i.test(textOf(form, 'plex_url')) || setting?.value === true;
  if (setting === undefined || !isMeant) return null;
  return (
    <div className="form-group">
      <SettingField setting={setting} form={form} />
    </div>
  );
}

function Tested({ connection }: { connection: ConnectionReport }) {
  const { problem, plexVersion, latencyMs, summary } = connection;
  if (problem !== null) return <Problem text={problem} />;
  const details = [
    plexVersion !== null && `Plex ${plexVersion}`,
    latencyMs !== null && `${grouped(Math.round(latencyMs))} ms`,
  ].filter(Boolean);
  return (
    <Notice tone="good">
      {summary}
      {details.length > 0 && <span className="s2p-message">{details.join(', ')}</span>}
    </Notice>
  );
}

/** What the plugin has to say about what was entered; nothing while there is nothing. */
function Remark({ form, setting }: { form: SettingsForm; setting: string }) {
  const warning = textOf(form, setting) === '' ? undefined : form.viewOf(setting)?.warning;
  return warning === undefined ? null : <span className="s2p-message">{warning}</span>;
}

function textOf({ draft }: SettingsForm, key: string): string {
  return typeof draft[key] === 'string' ? draft[key] : '';
}
