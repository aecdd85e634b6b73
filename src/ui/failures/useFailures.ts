import { useCallback, useEffect, useState } from '../api/react.ts';
import type { DoneReport, FailuresReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { withMore } from './withMore.ts';

/** Of each reason so many are listed at first, and more on demand. */
const PORTION = 20;

/** Which failed scenes an action is about; nothing given: all. */
export interface Chosen {
  error_type?: string;
  scene_ids?: number[];
}

/** The scenes that were given up, and what can be done about them. */
export interface Failures {
  report: FailuresReport | undefined;
  problem: string | undefined;
  isBusy: boolean;
  /** What came of the last action, for the user. */
  told: string;
  /** Runs an operation, tells what came of it, and looks again. */
  act: (args: { mode: string } & Chosen & { [name: string]: unknown }) => Promise<void>;
  /** Adds further scenes of one reason to the report. */
  more: (errorType: string) => Promise<void>;
  reload: () => Promise<unknown>;
}

/** @param onChanged called after each action. */
export function useFailures(onChanged: () => void): Failures {
  const [told, setTold] = useState('');
  const [report, setReport] = useState<FailuresReport>();
  const listing = useAsked(async () => {
    const fresh = await stash.operation<FailuresReport>({ mode: 'failures', limit: PORTION });
    setReport(fresh);
    return fresh;
  });
  const action = useAsked((args: { mode: string }) => stash.operation<DoneReport>(args));
  const { ask: reload } = listing;
  useEffect(() => void reload(), [reload]);
  const act = useCallback(
    async (args: { mode: string }) => {
      setTold('');
      const done = await action.ask(args);
      if (done === undefined) return;
      setTold(done.summary);
      onChanged();
      await reload();
    },
    [action.ask, onChanged, reload],
  );
  const further = useAsked(async (errorType: string) => {
    const offset = report?.groups.find((group) => group.errorType === errorType)?.scenes.length ?? 0;
    const args = { mode: 'failures', error_type: errorType, offset, limit: PORTION };
    const { groups } = await stash.operation<FailuresReport>(args);
    setReport((known) => known && withMore(known, groups));
  });
  return {
    report,
    problem: listing.problem ?? action.problem ?? further.problem,
    isBusy: listing.isBusy || action.isBusy || further.isBusy,
    told,
    act,
    more: async (errorType) => {
      await further.ask(errorType);
    },
    reload,
  };
}
