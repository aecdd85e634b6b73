import { counted } from '../format/counted.ts';
import { Action } from '../shared/Action.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

/** What is not stored yet, at the lower edge of the window. */
export function SaveBar({ form }: { form: SettingsForm }) {
  const count = form.changed.length;
  return (
    <div className={count > 0 ? 's2p-savebar card' : undefined} role="status">
      {count > 0 && (
        <>
          <span className="s2p-bar-text">{counted(count, 'change')} not saved</span>
          <Action isOff={form.isSaving} onPress={form.undo}>
            Undo
          </Action>
          <Action kind="primary" isBusy={form.isSaving} onPress={form.save}>
            Save
          </Action>
        </>
      )}
      {count === 0 && form.isSaved && <span className="s2p-note">Saved.</span>}
    </div>
  );
}
