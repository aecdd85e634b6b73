import { dirname } from 'node:path';
import { resolvePaths } from '../config/paths.ts';
import type { PluginInput } from '../config/pluginInput.ts';
import { type RelevantEvent, recordEvent } from '../hooks/recordEvent.ts';
import { systemClock } from '../time/clock.ts';
import type { Launch } from './launch.ts';

/** Records an event that matters and starts a drainer when none is alive. */
export async function runRelevantHook(
  { launcherPath }: Launch,
  input: PluginInput,
  event: RelevantEvent,
): Promise<void> {
  const { needsDrainer } = recordEvent(event, {
    paths: resolvePaths(process.env, dirname(dirname(launcherPath))),
    clock: systemClock,
  });
  if (!needsDrainer) return;
  const { startDrainer } = await import('./startDrainer.ts');
  startDrainer(launcherPath, input);
}
