import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../config/settings.ts';
import { type DrainResult, drainDue } from './drainDue.ts';
import { prepareWork, readSettings, type WorkBasis } from './prepareWork.ts';
import { type Obstacle, obstacleOf } from './verdict.ts';
import type { WorkContext } from './WorkContext.ts';

/** Drain passes of one process, with the settings as they are in Stash. */
export interface DrainSession {
  /** One pass over what is due. Never throws: what went wrong is the result's obstacle. */
  drain(onJobEnd?: () => void): Promise<DrainResult>;
  /** One quick, unauthenticated question. */
  isPlexBack(): Promise<boolean>;
  /** Reads the settings now. @throws SettingsError, StashError */
  open(): Promise<Settings>;
  /** Asks Stash for something now and then, because its session ends after an hour of silence. Never throws. */
  keepSignedIn(): Promise<void>;
  /** The settings in force; undefined before the first successful pass. */
  settings(): Settings | undefined;
  close(): Promise<void>;
}

/** Settings older than this are read again before a pass. */
const SETTINGS_AGE_MS = 30_000;
const PROBE_TIMEOUT_MS = 5_000;
/** A quarter of the shortest time after which Stash forgets a session by default. */
const SILENCE_LIMIT_MS = 15 * 60_000;

/** Opens a session; nothing is asked of anybody before the first pass. */
export function openDrainSession(basis: WorkBasis): DrainSession {
  const { clock } = basis;
  let context: WorkContext | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let isStale = false;

  const current = async (): Promise<WorkContext> => {
    if (context && !isStale && clock.monotonic() - readAt < SETTINGS_AGE_MS) return context;
    const settings = await readSettings(basis);
    readAt = clock.monotonic();
    isStale = false;
    if (context && isDeepStrictEqual(context.settings, settings)) return context;
    await context?.plex.close();
    context = await prepareWork(basis, settings);
    const purged = basis.jobs.purgeDeadLetters(settings.dlq_retention_days);
    if (purged > 0)
      basis.log.info(`${purged} dead letters older than ${settings.dlq_retention_days} days were removed.`);
    return context;
  };
  const pass = async (onJobEnd?: () => void): Promise<DrainResult> => {
    const work = await current();
    if (!work.settings.enabled) return { ...NOTHING_DONE, obstacle: SWITCHED_OFF };
    return drainDue(work, onJobEnd);
  };
  return {
    async drain(onJobEnd) {
      let result: DrainResult;
      try {
        result = await pass(onJobEnd);
      } catch (error) {
        result = { ...NOTHING_DONE, obstacle: obstacleOf(error) };
      }
      // The user may be changing what stood in the way.
      if (result.obstacle) isStale = true;
      return result;
    },
    async isPlexBack() {
      try {
        await context?.plex.identity(PROBE_TIMEOUT_MS);
        return true;
      } catch {
        return false;
      }
    },
    async keepSignedIn() {
      if (!context || clock.monotonic() - readAt < SILENCE_LIMIT_MS) return;
      readAt = clock.monotonic();
      // Stash may be down as well; then its session is the least of the troubles.
      await readSettings(basis).catch(() => {});
    },
    async open() {
      return (await current()).settings;
    },
    settings: () => context?.settings,
    async close() {
      await context?.plex.close();
    },
  };
}

const NOTHING_DONE: DrainResult = { synced: 0, unchanged: 0, skipped: 0, retried: 0, buried: 0 };
const SWITCHED_OFF: Obstacle = {
  kind: 'setup',
  message: 'Stash2Plex is switched off by its setting "enabled".',
};
