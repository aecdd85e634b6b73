import { useEffect, useState } from '../api/react.ts';
import type { SceneStatusReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { createSceneWatch, type SceneWatch } from './SceneWatch.ts';

/** What Stash's scene page hands to its parts. */
export interface StashScene {
  id: string;
  updated_at?: string;
}

/** Time for the hook of a change to reach the plugin's queue. */
const AFTER_CHANGE_MS = 1_500;

let current: { id: string; watch: SceneWatch } | undefined;

function watchOf(id: string): SceneWatch {
  if (current?.id !== id) current = { id, watch: watchScene(Number(id)) };
  return current.watch;
}

function watchScene(sceneId: number): SceneWatch {
  return createSceneWatch({
    ask: () => stash.operation<SceneStatusReport>({ mode: 'scene_status', scene_id: sceneId }),
    isWatched: () => !document.hidden && document.hasFocus(),
    later: (callBack, delayMs) => {
      const timer = window.setTimeout(callBack, delayMs);
      return () => window.clearTimeout(timer);
    },
  });
}

/** The status of the scene on the page, and how to ask for it again; it is asked again after a change of the scene. */
export function useScene({ id, updated_at: updatedAt }: StashScene) {
  const watch = watchOf(id);
  const [, redraw] = useState(0);
  useEffect(() => watch.subscribe(() => redraw((count) => count + 1)), [watch]);
  const [seen, setSeen] = useState(updatedAt);
  useEffect(() => {
    if (seen === updatedAt) return;
    const timer = window.setTimeout(() => {
      setSeen(updatedAt);
      void watch.refresh();
    }, AFTER_CHANGE_MS);
    return () => window.clearTimeout(timer);
  }, [seen, updatedAt, watch]);
  return { ...watch.current(), refresh: watch.refresh };
}
