import { useCallback, useEffect, useState } from '../api/react.ts';
import type { SettingsReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import type { Readiness } from './condition.ts';

/** What is known of the stored settings. */
export interface KnownReadiness {
  /** Undefined until it is known. */
  readiness: Readiness | undefined;
  /** Whether it was found out, or could not be. */
  isAsked: boolean;
  /** The form of settings has found out as well. */
  learn: (report: SettingsReport) => void;
  /** Other settings were stored. */
  forget: () => void;
}

/**
 * Whether the plugin is set up and switched on, asked once, and again after a change; the form of settings, while it is shown, asks by
 * itself.
 *
 * @param beat changes with each refresh of the page: what could not be found out is asked again then.
 */
export function useReadiness(isFormShown: boolean, beat: unknown): KnownReadiness {
  const [learned, learn] = useState<SettingsReport>();
  const { data, problem, isBusy, ask, forget } = useAsked(async () =>
    stash.operation<SettingsReport>({ mode: 'check_settings', settings: await stash.settings() }),
  );
  const report = learned ?? data;
  const isMissing = report === undefined && !isFormShown;
  // A question that failed is asked again with the next beat, not at once.
  useEffect(() => {
    if (isMissing && !isBusy) void ask();
  }, [isMissing, beat, ask]);
  return {
    readiness: report && readinessOf(report),
    isAsked: report !== undefined || problem !== undefined,
    learn,
    forget: useCallback(() => {
      learn(undefined);
      forget();
    }, [forget]),
  };
}

function readinessOf({ problem, settings }: SettingsReport): Readiness {
  return { problem, isOff: settings.some(({ key, value }) => key === 'enabled' && value === false) };
}
