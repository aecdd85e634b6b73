import type { SceneStatusReport } from '../../tasks/pageReports.ts';
import { troubleText } from '../api/StashTrouble.ts';

/** What is known about the scene on the page. */
export interface Watched {
  report: SceneStatusReport | undefined;
  problem: string | undefined;
}

/** Badge and pane of one scene look at the same answer. */
export interface SceneWatch {
  current(): Watched;
  /** Asks once more, unless an answer is under way. */
  refresh(): Promise<void>;
  /** @returns what ends it. */
  subscribe(onChange: () => void): () => void;
}

/** How often a scene that is on its way is looked at: soon after it was asked for, because most are there in a second, then less and less. */
const FIRST_MS = 1_000;
const INTERVAL_MS = 5_000;
const ON_ITS_WAY: ReadonlySet<string> = new Set(['waiting', 'running']);

export interface SceneWatchOptions {
  ask(): Promise<SceneStatusReport>;
  isWatched(): boolean;
  later(callBack: () => void, delayMs: number): () => void;
}

/**
 * Looks at a scene's status: once for the first who subscribes, when told to, and while the scene is on its way, as long as somebody
 * looks. A scene that rests is not asked about again: a film may be on the screen for hours.
 */
export function createSceneWatch({ ask, isWatched, later }: SceneWatchOptions): SceneWatch {
  const listeners = new Set<() => void>();
  let watched: Watched = { report: undefined, problem: undefined };
  let running: Promise<void> | undefined;
  let cancel = () => {};
  let delayMs = FIRST_MS;
  const look = async () => {
    try {
      watched = { report: await ask(), problem: undefined };
    } catch (error) {
      watched = { ...watched, problem: troubleText(error) };
    }
    running = undefined;
    for (const tell of listeners) tell();
    plan();
  };
  const lookNow = () => {
    cancel();
    running ??= look();
    return running;
  };
  const refresh = () => {
    delayMs = FIRST_MS;
    return lookNow();
  };
  const plan = () => {
    cancel();
    if (listeners.size === 0 || !ON_ITS_WAY.has(watched.report?.status ?? '')) return;
    cancel = later(() => (isWatched() ? void lookNow() : plan()), delayMs);
    delayMs = Math.min(delayMs * 2, INTERVAL_MS);
  };
  return {
    current: () => watched,
    refresh,
    subscribe(onChange) {
      listeners.add(onChange);
      if (listeners.size === 1) void refresh();
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0) cancel();
      };
    },
  };
}
