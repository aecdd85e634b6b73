import { PLUGIN_ID } from '../config/plugin.ts';
import { StashError, type StashErrorKind } from '../stash/StashError.ts';
import type { StashServer } from '../stash/StashServer.ts';
import { type ServerClock, timed } from './ServerClock.ts';
import type { SetupContext } from './SetupContext.ts';
import { linesOf, type SetupLine } from './setupLines.ts';
import type { SetupRemedy } from './setupRemedies.ts';

/** What came of asking Stash. */
export interface StashFindings {
  lines: SetupLine[];
  /** The plugin's map of settings; absent when it could not be read. */
  stored?: Record<string, unknown>;
  isDatabaseReady: boolean;
  clock?: ServerClock | 'untold';
}

const lines = linesOf('Stash');
/** The background process asks Stash for something every quarter of an hour at the least. */
const SHORTEST_SESSION_SECS = 1800;

/** Asks Stash for its version, its database and the plugin's settings. Never throws a StashError. */
export async function checkStash({ stash, stashUrl, clock }: SetupContext): Promise<StashFindings> {
  try {
    // First, so that loading the library does not count for Stash's latency.
    const stored = await stash.pluginSettings(PLUGIN_ID);
    const { answer, latencyMs, serverClock } = await timed(clock, () => stash.server());
    return {
      lines: [
        lines.ok('Reached', `${answer.version} at ${stashUrl}, in ${latencyMs.toFixed(0)} ms`),
        databaseLine(answer),
        accessLine(answer),
      ],
      stored,
      isDatabaseReady: answer.database === 'ready',
      clock: serverClock ?? 'untold',
    };
  } catch (error) {
    if (!(error instanceof StashError)) throw error;
    return { lines: [lines.problem('Reached', error.message, REMEDIES[error.kind])], isDatabaseReady: false };
  }
}

const REMEDIES: Readonly<Record<StashErrorKind, SetupRemedy>> = {
  unavailable: 'stashUnreachable',
  unauthorized: 'stashRefused',
  rejected: 'stashOld',
};

function databaseLine({ database, schema }: StashServer): SetupLine {
  if (database === 'ready') return lines.ok('Database', `ready (schema ${schema ?? 'unknown'})`);
  const waits = database === 'needsSetup' ? 'to be set up' : 'for its database to be migrated';
  return lines.problem('Database', `Stash waits ${waits}.`, 'stashDatabase');
}

function accessLine({ hasApiKey, sessionSecs }: StashServer): SetupLine {
  if (hasApiKey) return lines.ok('Access', 'scenes and settings, by the API key');
  if (sessionSecs >= SHORTEST_SESSION_SECS)
    return lines.ok('Access', 'scenes and settings, by the session of this process');
  return lines.warning(
    'Access',
    `Without an API key Stash forgets sessions after ${sessionSecs} seconds.`,
    'stashSession',
  );
}
