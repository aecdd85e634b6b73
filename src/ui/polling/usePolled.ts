import { useCallback, useEffect, useRef, useState } from '../api/react.ts';
import { troubleText } from '../api/StashTrouble.ts';
import { createPoller, type Poller } from './createPoller.ts';

const LONGEST_MS = 60_000;
const EVENTS: readonly [target: EventTarget, name: string][] = [
  [document, 'visibilitychange'],
  [window, 'focus'],
  [window, 'blur'],
];

/** What is known by polling. */
export interface Polled<Data> {
  data: Data | undefined;
  /** Why the last refresh failed; the data is that of an earlier one then. */
  problem: string | undefined;
  refresh: () => void;
}

/** Polls while the page is visible and its window has the focus. @param ask has to be stable. */
export function usePolled<Data>(ask: () => Promise<Data>, intervalMs: number): Polled<Data> {
  const [state, setState] = useState<Omit<Polled<Data>, 'refresh'>>({ data: undefined, problem: undefined });
  const poller = useRef<Poller>();
  useEffect(() => {
    let isMounted = true;
    const run = async () => {
      try {
        const data = await ask();
        if (isMounted) setState({ data, problem: undefined });
      } catch (error) {
        if (isMounted) setState(({ data }) => ({ data, problem: troubleText(error) }));
        throw error;
      }
    };
    const created = createPoller({
      run,
      isWatched: () => !document.hidden && document.hasFocus(),
      intervalMs,
      longestMs: LONGEST_MS,
      now: Date.now,
      later: (callBack, delayMs) => {
        const timer = window.setTimeout(callBack, delayMs);
        return () => window.clearTimeout(timer);
      },
    });
    poller.current = created;
    for (const [target, name] of EVENTS) target.addEventListener(name, created.look);
    return () => {
      isMounted = false;
      created.stop();
      for (const [target, name] of EVENTS) target.removeEventListener(name, created.look);
    };
  }, [ask, intervalMs]);
  const refresh = useCallback(() => poller.current?.refresh(), []);
  return { ...state, refresh };
}
