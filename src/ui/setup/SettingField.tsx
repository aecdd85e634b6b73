import { useEffect, useState } from '../api/react.ts';
import type { SettingView } from '../api/reports.ts';
import { shownDescription, shownName } from './settingWords.ts';
import type { SettingsForm } from './useSettingsForm.ts';
import { enteredValue, valueWords } from './valueWords.ts';

/** One setting: what it is, what is in force, and its default. */
export function SettingField({ setting, form }: { setting: SettingView; form: SettingsForm }) {
  const { key, kind, warning } = setting;
  const name = shownName(setting);
  const id = `s2p-set-${key}`;
  const description = shownDescription(setting);
  return (
    <div className={`s2p-setting s2p-${kind}`}>
      <div className="s2p-setting-words">
        <label htmlFor={id}>{name}</label>
        <p className="s2p-note" id={`${id}-about`}>
          {description}
          {warning !== undefined && <span className="s2p-message s2p-warned">{warning}</span>}
        </p>
      </div>
      <div className="s2p-setting-value">
        {kind === 'switch' && <Switch id={id} setting={setting} form={form} />}
        {kind === 'choice' && <Choice id={id} setting={setting} form={form} />}
        {(kind === 'number' || kind === 'text') && (
          <Entry id={id} kind={kind} setting={setting} form={form} />
        )}
        <DefaultNote setting={setting} form={form} name={name} />
      </div>
    </div>
  );
}

/** What it is without a value, and the way back to that; nothing where it is empty and is to be. */
function DefaultNote({ setting, form, name }: { setting: SettingView; form: SettingsForm; name: string }) {
  const { key, kind, default: usual } = setting;
  const given = form.draft[key];
  if (given === undefined || given === '' || given === usual) {
    return usual === '' ? null : <p className="s2p-note">the default</p>;
  }
  return (
    <p className="s2p-note">
      default: {valueWords(usual)}
      <button
        type="button"
        className="btn btn-link btn-sm"
        onClick={() => form.change(key, kind === 'switch' ? usual : undefined)}
      >
        use it <span className="sr-only">({name})</span>
      </button>
    </p>
  );
}

interface FieldProps {
  id: string;
  setting: SettingView;
  form: SettingsForm;
}

function Switch({ id, setting, form }: FieldProps) {
  const given = form.draft[setting.key];
  // What is stored in another form than true and false the plugin has read by now.
  const isOn = typeof given === 'boolean' ? given : (setting.value ?? setting.default) === true;
  return (
    <div className="custom-control custom-switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        className="custom-control-input"
        id={id}
        checked={isOn}
        aria-describedby={`${id}-about`}
        onChange={() => form.change(setting.key, !isOn)}
      />
      <label className="custom-control-label" htmlFor={id}>
        {valueWords(isOn)}
      </label>
    </div>
  );
}

function Choice({ id, setting, form }: FieldProps) {
  const given = form.draft[setting.key];
  const choices = setting.choices ?? [];
  return (
    <select
      className="custom-select custom-select-sm input-control"
      id={id}
      aria-describedby={`${id}-about`}
      value={choices.find((choice) => choice === given) ?? String(setting.value ?? setting.default)}
      onChange={({ target }) => form.change(setting.key, target.value)}
    >
      {choices.map((choice) => (
        <option key={choice}>{choice}</option>
      ))}
    </select>
  );
}

function Entry({ id, kind, setting, form }: FieldProps & { kind: 'number' | 'text' }) {
  const { key, minimum, maximum } = setting;
  const given = form.draft[key];
  const [text, setText] = useState(textOf(given));
  // Also what somebody else stored, or took back; what is being typed means the same and stays.
  useEffect(
    () => setText((typed) => (Object.is(enteredValue(kind, typed), given) ? typed : textOf(given))),
    [given, kind],
  );
  const range = minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}`;
  return (
    <input
      className="form-control form-control-sm text-input"
      id={id}
      type="text"
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      spellCheck={false}
      aria-describedby={`${id}-about`}
      aria-invalid={setting.warning !== undefined}
      placeholder={setting.default === '' ? range : valueWords(setting.default)}
      title={range}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        form.change(key, enteredValue(kind, target.value));
      }}
    />
  );
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
