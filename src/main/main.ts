import { InputError, type PluginInput, parsePluginInput } from '../config/pluginInput.ts';
import { isHookContext, sceneEvent } from '../hooks/sceneEvent.ts';
import { isViewMode } from '../tasks/viewModes.ts';
import { answer } from './answer.ts';
import { DRAINER_ARGUMENT, type Launch, type TaskBundle } from './launch.ts';
import { readStdin } from './readStdin.ts';

/**
 * The entrypoint of every invocation, and the whole of a hook that does not matter. Everything else is loaded
 * when it is needed: recording an event loads SQLite, tasks and drainers load their own bundle.
 */
export async function main(launch: Launch): Promise<void> {
  try {
    const input = parsePluginInput(readStdin());
    const { hookContext, mode } = input.args;
    if (process.argv[2] === DRAINER_ARGUMENT) {
      await runDrainer(launch, input);
    } else if (hookContext === undefined && isViewMode(mode)) {
      await keepCompiledCode(launch);
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
  const { runRelevantHook } = await import('./runRelevantHook.ts');
  await runRelevantHook(launch, input, event);
}

async function runDrainer(launch: Launch, input: PluginInput): Promise<void> {
  const { enterDrainer } = await import('./enterDrainer.ts');
  const lock = enterDrainer(launch, { isStandby: input.args['standby'] === true });
  if (lock) await (await loadTaskBundle(launch)).runDrainerProcess(launch, input, lock);
}

async function loadTaskBundle(launch: Launch): Promise<TaskBundle> {
  await keepCompiledCode(launch);
  return launch.loadTaskBundle();
}

async function keepCompiledCode(launch: Launch): Promise<void> {
  const { useCompileCache } = await import('./useCompileCache.ts');
  useCompileCache(launch);
}
