import type { PluginInput } from '../config/pluginInput.ts';
import type { Launch } from './launch.ts';
export async function runTask(_launch: Launch, _input: PluginInput): Promise<void> {}
