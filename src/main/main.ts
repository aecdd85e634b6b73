import { InputError, type PluginInput, parsePluginInput } from '../config/pluginInput.ts';
import { isHookContext, sceneEvent } from '../hooks/sceneEvent.ts';
import { isViewMode } from '../tasks/viewModes.ts';
import { answer } from './answer.ts';
import { DRAINER_ARGUMENT, type Launch, type TaskBundle } from './launch.ts';
import { readStdin } from './readStdin.ts';
import { useCompileCache } from './useCompileCache.ts';

/**
 * The entrypoint of every invocation, and the whole of a hook that does not matter. Everything else is loaded
 * when it is needed: recording an event loads the bundle with SQLite, tasks and drainers load theirs.
 */
export async function main(launch: Launch): Promise<void> {
  try {
    const input = parsePluginInput(readStdin());
    const { hookContext, mode } = input.args;
    if (process.argv[2] === DRAINER_ARGUMENT) {
      await runDrainer(launch, input);
    } else if (hookContext === undefined && isViewMode(mode)) {
      useCompileCache(launch);
      await launch.loadViewBundle().runView(launch, mode, input);
    } else if (hookContext === undefined) {
      await (await loadTaskBundle(launch)).runTask(launch, input);
    } else {
      await runHook(launch, input, hookContext);
      answer({ output: 'ok' });
    }
  } catch (error) {
    const { reportFailure } = await import('./reportFailure.ts');
    reportFailure(error);
  }
}

async function runHook(launch: Launch, input: PluginInput, hookContext: unknown): Promise<void> {
  if (!isHookContext(hookContext)) {
    throw new InputError('"hookContext" in the input has no numeric "id" and text "type".');
  }
  const event = sceneEvent(hookContext);
  if (event.action === 'ignore') return;
  await (await loadHookBundle(launch)).runRelevantHook(launch, input, event);
}

async function runDrainer(launch: Launch, input: PluginInput): Promise<void> {
  const { enterDrainer } = await loadHookBundle(launch);
  const lock = enterDrainer(launch, { isStandby: input.args['standby'] === true });
  if (lock) await (await loadTaskBundle(launch)).runDrainerProcess(launch, input, lock);
}

async function loadHookBundle(launch: Launch): Promise<typeof import('./hookMain.ts')> {
  useCompileCache(launch);
  return import('./hookMain.ts');
}

async function loadTaskBundle(launch: Launch): Promise<TaskBundle> {
  useCompileCache(launch);
  return launch.loadTaskBundle();
}
