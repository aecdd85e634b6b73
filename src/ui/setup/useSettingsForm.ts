import { useCallback, useEffect, useMemo, useRef, useState } from '../api/react.ts';
import type { SettingsReport, SettingView } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { mergeSettings, type SettingsChanges, type StoredSettings, withChange } from './mergeSettings.ts';

/** After the last keystroke, before the plugin is asked what it makes of the settings. */
const CHECK_DELAY_MS = 500;

/** The form of all settings, with what is not stored yet. */
export interface SettingsForm {
  /** What is stored; undefined until it is known. */
  stored: StoredSettings | undefined;
  /** The whole map as it would be stored. */
  draft: Record<string, unknown>;
  /** What the plugin makes of the draft. */
  report: SettingsReport | undefined;
  changed: readonly string[];
  problem: string | undefined;
  isSaving: boolean;
  isSaved: boolean;
  viewOf: (key: string) => SettingView | undefined;
  /** Undefined as a value means the default. */
  change: (key: string, value: unknown) => void;
  undo: () => void;
  /** Resolves with false when it did not work. */
  save: () => Promise<boolean>;
  reload: () => void;
}

/** What was entered outlives a look at another view, as long as the page is not loaded anew. */
let unsaved: SettingsChanges = {};

/** @param onStored gets the whole map after each save. */
export function useSettingsForm(onStored?: (stored: StoredSettings) => void): SettingsForm {
  const [stored, setStored] = useState<StoredSettings>();
  const [changes, setChanges] = useState<SettingsChanges>(unsaved);
  const [isSaved, setIsSaved] = useState(false);
  unsaved = changes;
  const draft = useMemo(() => mergeSettings(stored ?? {}, changes), [stored, changes]);
  const reading = useAsked(async () => setStored(await stash.settings()));
  const checked = useAsked((settings: object) =>
    stash.operation<SettingsReport>({ mode: 'check_settings', settings }),
  );
  const saving = useAsked(async () => {
    const fresh = await stash.changeSettings(changes);
    setStored(fresh);
    setChanges({});
    setIsSaved(true);
    onStored?.(fresh);
    return true;
  });
  useEffect(() => void reading.ask(), [reading.ask]);
  useCheck(stored && draft, checked.ask);
  return {
    stored,
    draft,
    report: checked.data,
    changed: Object.keys(changes),
    problem: reading.problem ?? checked.problem ?? saving.problem,
    isSaving: saving.isBusy,
    isSaved,
    viewOf: (key) => checked.data?.settings.find((setting) => setting.key === key),
    change: useCallback(
      (key, value) => {
        setIsSaved(false);
        setChanges((known) => withChange(known, stored ?? {}, key, value));
      },
      [stored],
    ),
    undo: () => setChanges({}),
    save: async () => Object.keys(changes).length === 0 || (await saving.ask()) === true,
    reload: () => void reading.ask(),
  };
}

/** Has the plugin look at the draft: at once at first, after a pause in typing later. */
function useCheck(draft: object | undefined, check: (settings: object) => unknown): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (draft === undefined) return;
    const timer = window.setTimeout(() => check(draft), isFirst.current ? 0 : CHECK_DELAY_MS);
    isFirst.current = false;
    return () => window.clearTimeout(timer);
  }, [draft, check]);
}
