import { isAutodrainOn } from '../config/environment.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { recordEvent } from '../hooks/recordEvent.ts';
import type { SceneChangeEvent } from '../hooks/sceneEvent.ts';
import { systemClock } from '../time/clock.ts';
import type { Launch } from './launch.ts';
import { pathsOf } from './pathsOf.ts';

/** Records an event that matters and starts a drainer when none is alive. */
export async function runRelevantHook(
  launch: Launch,
  input: PluginInput,
  event: SceneChangeEvent,
): Promise<void> {
  const { needsDrainer } = recordEvent(event, {
    paths: pathsOf(launch),
    clock: systemClock,
    isAutodrainOn: isAutodrainOn(process.env),
  });
  if (!needsDrainer) return;
  const { startDrainer } = await import('./startDrainer.ts');
  startDrainer(launch.launcherPath, input);
}
