import type { ReactNode } from 'react';
import { useEffect, useState } from '../api/react.ts';
import type { SettingView } from '../api/reports.ts';
import { counted } from '../format/counted.ts';
import { SettingField } from './SettingField.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

/** Settings that have fields of their own further up. */
const SPECIAL: ReadonlySet<string> = new Set([
  'plex_url',
  'plex_token',
  'plex_accept_any_certificate',
  'plex_library',
  'path_map',
]);

/** The settings of one group, folded until they are needed; those that are not at their default are counted. */
export function SettingsGroup(props: {
  group: SettingView['group'];
  title: string;
  /** What is in it, in a few words. */
  about: string;
  form: SettingsForm;
  /** What stands below its settings. */
  children?: ReactNode;
}) {
  const { group, title, about, form, children } = props;
  const settings = (form.report?.settings ?? []).filter(
    (setting) => setting.group === group && !SPECIAL.has(setting.key),
  );
  const warnings = settings.filter(({ warning }) => warning !== undefined).length;
  const [isOpen, setIsOpen] = useState(false);
  // A warning unfolds it; what is being worked on is not folded when the warning goes.
  useEffect(() => setIsOpen((before) => before || warnings > 0), [warnings]);
  if (settings.length === 0) return null;
  const isOwn = ({ key, default: usual }: SettingView) => {
    const given = form.draft[key];
    return given !== undefined && given !== '' && given !== usual;
  };
  const own = settings.filter(isOwn).length;
  return (
    <details
      className="card s2p-card s2p-group"
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>
        <span className="s2p-group-words">
          <span className="s2p-group-title">{title}</span>
          <span className="s2p-note"> {about}</span>
        </span>
        <span className="s2p-note">
          {counted(settings.length, 'setting')}
          {own > 0 && `, ${own} of your own`}
          {warnings > 0 && `, ${counted(warnings, 'warning')}`}
        </span>
      </summary>
      {settings.map((setting) => (
        <SettingField key={setting.key} setting={setting} form={form} />
      ))}
      {children}
    </details>
  );
}
