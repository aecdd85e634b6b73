import { isRecord } from '../../src/config/pluginInput.ts';
import type { Logger } from '../../src/log/logger.ts';
import {
  openStateFile,
  type StateFileOptions,
  type StateFormat,
  type StateStore,
} from '../../src/storage/StateFile.ts';

/** The simplest state: `{"count": 3}`. */
export interface Counter {
  count: number;
}

const counterFormat: StateFormat<Counter> = {
  initial: { count: 0 },
  decode(json) {
    if (!isRecord(json)) return undefined;
    const { count } = json;
    return { count: typeof count === 'number' ? count : 0 };
  },
  encode: ({ count }, stored) => ({ ...(isRecord(stored) ? stored : {}), count }),
};

/** A counter on a state file. */
export function openCounter(
  path: string,
  log: Logger,
  callbacks: Pick<StateFileOptions<Counter>, 'onDamage' | 'onUnsaved'> = {},
): StateStore<Counter> {
  return openStateFile({ path, format: counterFormat, log, ...callbacks });
}

/** The change that adds `amount`. */
export const plus =
  (amount: number) =>
  ({ count }: Counter): Counter => ({ count: count + amount });
