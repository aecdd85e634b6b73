import type { SettingView } from '../api/reports.ts';
import { counted } from '../format/counted.ts';
import { SettingField } from './SettingField.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

/** Settings that have fields of their own further up. */
const SPECIAL: ReadonlySet<string> = new Set(['plex_url', 'plex_token', 'plex_library', 'path_map']);

/** The settings of one group, folded until they are needed; those that are not at their default are counted. */
export function SettingsGroup(props: {
  group: SettingView['group'];
  title: string;
  form: SettingsForm;
  isOpen?: boolean;
}) {
  const { group, title, form, isOpen = false } = props;
  const settings = (form.report?.settings ?? []).filter(
    (setting) => setting.group === group && !SPECIAL.has(setting.key),
  );
  if (settings.length === 0) return null;
  const isOwn = ({ key, default: usual }: SettingView) => {
    const given = form.draft[key];
    return given !== undefined && given !== '' && given !== usual;
  };
  const own = settings.filter(isOwn).length;
  const warnings = settings.filter(({ warning }) => warning !== undefined).length;
  return (
    <details className="card s2p-card s2p-group" open={isOpen || warnings > 0}>
      <summary>
        <span className="s2p-group-title">{title}</span>
        <span className="s2p-note">
          {counted(settings.length, 'setting')}
          {own > 0 && `, ${own} of your own`}
          {warnings > 0 && `, ${counted(warnings, 'warning')}`}
        </span>
      </summary>
      {settings.map((setting) => (
        <SettingField key={setting.key} setting={setting} form={form} />
      ))}
    </details>
  );
}
