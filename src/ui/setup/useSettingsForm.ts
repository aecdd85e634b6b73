import { useCallback, useEffect, useMemo, useRef, useState } from '../api/react.ts';
import type { SettingsReport, SettingView } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import {
  mergeSettings,
  type SettingsChanges,
  type StoredSettings,
  withChange,
  withoutStored,
} from './mergeSettings.ts';

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
  /** The same once nothing is unsaved or being checked: what it makes of what is stored. */
  storedReport: SettingsReport | undefined;
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
  /** Stores these alone, whatever else was entered. Resolves with false when it did not work. */
  store: (part: SettingsChanges) => Promise<boolean>;
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
  const checked = useAsked(async (settings: object) => {
    const report = await stash.operation<SettingsReport>({ mode: 'check_settings', settings });
    return { settings, report };
  });
  const saving = useAsked(async (part: SettingsChanges) => {
    const fresh = await stash.changeSettings(part);
    setStored(fresh);
    setChanges((known) => withoutStored(known, part));
    setIsSaved(true);
    onStored?.(fresh);
    return true;
  });
  useEffect(() => void reading.ask(), [reading.ask]);
  useCheck(stored && draft, checked.ask);
  const report = checked.data?.report;
  const store = async (part: SettingsChanges) => (await saving.ask(part)) === true;
  return {
    stored,
    draft,
    report,
    storedReport: Object.keys(changes).length === 0 && checked.data?.settings === draft ? report : undefined,
    changed: Object.keys(changes),
    problem: reading.problem ?? checked.problem ?? saving.problem,
    isSaving: saving.isBusy,
    isSaved,
    viewOf: (key) => report?.settings.find((setting) => setting.key === key),
    change: useCallback(
      (key, value) => {
        setIsSaved(false);
        setChanges((known) => withChange(known, stored ?? {}, key, value));
      },
      [stored],
    ),
    undo: () => setChanges({}),
    save: async () => Object.keys(changes).length === 0 || store(changes),
    store,
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
