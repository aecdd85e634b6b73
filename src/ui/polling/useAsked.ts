import { useCallback, useEffect, useRef, useState } from '../api/react.ts';
import { troubleText } from '../api/StashTrouble.ts';

/** What is known by asking on demand. */
export interface Asked<Data, Args extends unknown[]> {
  data: Data | undefined;
  problem: string | undefined;
  isBusy: boolean;
  /** Asks; a later question makes the answer of an earlier one void. Resolves with the answer, or undefined when it failed. */
  ask: (...args: Args) => Promise<Data | undefined>;
  forget: () => void;
}

/** Asks when told to, one answer at a time. */
export function useAsked<Data, Args extends unknown[]>(
  question: (...args: Args) => Promise<Data>,
): Asked<Data, Args> {
  const [state, setState] = useState<{ data?: Data; problem?: string; isBusy: boolean }>({ isBusy: false });
  const turn = useRef(0);
  const latest = useRef(question);
  latest.current = question;
  useEffect(
    () => () => {
      // No answer is the latest any more.
      turn.current = Number.NaN;
    },
    [],
  );
  const ask = useCallback(async (...args: Args) => {
    turn.current += 1;
    const mine = turn.current;
    setState(({ data }) => ({ ...(data === undefined ? {} : { data }), isBusy: true }));
    try {
      const data = await latest.current(...args);
      if (turn.current === mine) setState({ data, isBusy: false });
      return data;
    } catch (error) {
      if (turn.current === mine) setState({ problem: troubleText(error), isBusy: false });
      return undefined;
    }
  }, []);
  const forget = useCallback(() => {
    turn.current += 1;
    setState({ isBusy: false });
  }, []);
  return { data: state.data, problem: state.problem, isBusy: state.isBusy, ask, forget };
}
