import { isDeepStrictEqual } from 'node:util';
import { type Settings, SettingsError } from '../config/settings.ts';
import { obstacleOf } from '../failures/obstacles.ts';
import { counted } from '../log/counted.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { checkPlexHealth, type PlexHealth } from '../resilience/checkPlexHealth.ts';
import { checkPlexAccess, type PlexAccess } from '../scene/checkPlexAccess.ts';
import { gatesKey } from '../scene/gates/gateSettings.ts';
import { openLibrary } from '../scene/openLibrary.ts';
import { StashError } from '../stash/StashError.ts';
import { createCatchUp } from './catchUp.ts';
import { type DrainResult, NOTHING_DONE } from './DrainResult.ts';
import { drainDue } from './drainDue.ts';
import { prepareWork, readSettings, type WorkBasis } from './prepareWork.ts';
import type { WorkContext } from './WorkContext.ts';

/** Drain passes of one process, with the settings as they are in Stash. */
export interface DrainSession {
  /** One pass over what is due. Never throws: what went wrong is the result's obstacle. */
  drain(onJobEnd?: () => void): Promise<DrainResult>;
  /** One quick question to Plex, at the address that the settings name now; undefined when a pass has something to say. */
  probe(): Promise<PlexHealth | undefined>;
  /** Whether the token and the libraries of the settings are of use as well. @throws SettingsError, StashError */
  checkAccess(): Promise<PlexAccess>;
  /** Reads the settings now. @throws SettingsError, StashError */
  open(): Promise<Settings>;
  /** What a pass works with, for looking only; of use until {@link close}, whatever becomes of the settings. @throws SettingsError, StashError */
  work(): Promise<WorkContext>;
  /** Whether the settings in Stash are no longer those of the last pass, and can be used. Never throws. */
  hasNewSettings(): Promise<boolean>;
  /** Asks Stash for something now and then, because its session ends after an hour of silence. Never throws. */
  keepSignedIn(): Promise<void>;
  /** The settings in force; undefined before the first successful pass. */
  settings(): Settings | undefined;
  close(): Promise<void>;
}

/** Settings older than this are read again, before each batch of a long pass. */
const SETTINGS_AGE_MS = 30_000;
/** The same before a pass: who has just set a gate edits a scene next, and a stream of hooks must not ask Stash all the time. */
const SETTINGS_AGE_AT_NEWS_MS = 5_000;
/** The user may have added a library or put another server behind the address, or sorted tags and studios. */
const LIBRARY_AGE_MS = 60_000;
/** A quarter of the shortest time after which Stash forgets a session by default. */
const SILENCE_LIMIT_MS = 15 * 60_000;

/** Opens a session; nothing is asked of anybody before the first pass. */
export function openDrainSession(basis: WorkBasis): DrainSession {
  const { clock } = basis;
  const catchUp = createCatchUp({ ...basis, log: basis.log.for('CatchUp') });
  let context: WorkContext | undefined;
  let settingsReadAt = Number.NEGATIVE_INFINITY;
  let libraryOpenedAt = Number.NEGATIVE_INFINITY;
  /** Whose gates are those under which scenes are held back. */
  let gatedBy: Settings | undefined;
  /** Something stood in the way: the user may be changing it right now. */
  let isStale = false;
  /** Clients of settings that are no longer in force; without requests they hold no connection. */
  const formerClients: PlexClient[] = [];

  const rebuild = async (settings: Settings): Promise<WorkContext> => {
    const former = context;
    context = undefined;
    // A reconciliation may be under way with it; passes are what goes on between its pages.
    if (former) formerClients.push(former.plex);
    // What was learned of one server says nothing about another.
    if (former && former.settings.plex_url !== settings.plex_url) await basis.reliability.breaker.reset();
    context = await prepareWork(basis, settings);
    libraryOpenedAt = clock.monotonic();
    const { dlq_retention_days: days, undo_retention_days: undoDays } = settings;
    const purged = basis.jobs.purgeDeadLetters(days);
    if (purged > 0) basis.log.info(`${purged} dead letters older than ${days} days were removed.`);
    const forgotten = basis.jobs.purgeUndo(undoDays);
    if (forgotten > 0)
      basis.log.info(
        `What ${counted(forgotten, 'Plex item')} held before the first sync is kept no longer (undo_retention_days).`,
      );
    return context;
  };
  const current = async (maxAgeMs = SETTINGS_AGE_MS): Promise<WorkContext> => {
    if (context && !isStale && clock.monotonic() - settingsReadAt < maxAgeMs) return context;
    const settings = await readSettings(basis, context?.settings);
    settingsReadAt = clock.monotonic();
    if (!context || !isDeepStrictEqual(context.settings, settings)) await rebuild(settings);
    const work = context as WorkContext;
    if (isStale || clock.monotonic() - libraryOpenedAt >= LIBRARY_AGE_MS) {
      libraryOpenedAt = clock.monotonic();
      const library = openLibrary(work.plex, settings.plex_library);
      context = { ...work, library, gates: work.gates.renewed() };
    }
    isStale = false;
    return context as WorkContext;
  };
  /** Whoever was held back under other gates may pass now, and no event will say so. */
  const lookAgain = (settings: Settings) => {
    if (gatedBy === settings) return;
    const queued = basis.jobs.held.requeueWhenChanged(gatesKey(settings), clock.now());
    if (queued > 0)
      basis.log.info(
        `The gates were changed: ${counted(queued, 'scene')} held back until now are looked at again.`,
      );
    gatedBy = settings;
  };
  const switchedOn = async (maxAgeMs?: number): Promise<WorkContext> => {
    const work = await current(maxAgeMs);
    if (!work.settings.enabled)
      throw new SettingsError('Stash2Plex is switched off by its setting "enabled".');
    lookAgain(work.settings);
    await catchUp(work);
    return work;
  };
  return {
    async drain(onJobEnd) {
      let result: DrainResult;
      try {
        result = await drainDue(await switchedOn(SETTINGS_AGE_AT_NEWS_MS), onJobEnd, () => switchedOn());
      } catch (error) {
        result = { ...NOTHING_DONE, obstacle: obstacleOf(error) };
      }
      if (result.obstacle) isStale = true;
      return result;
    },
    async probe() {
      try {
        const { settings } = await current(0);
        if (!settings.enabled) return undefined;
      } catch (error) {
        // With Stash away as well, the Plex known so far is asked; anything else is for the next pass to say.
        if (!(error instanceof StashError)) return undefined;
      }
      return context && checkPlexHealth(context.plex, clock);
    },
    async checkAccess() {
      const { plex, settings } = await current();
      return checkPlexAccess(plex, settings.plex_library);
    },
    async hasNewSettings() {
      try {
        return !isDeepStrictEqual(await readSettings(basis, context?.settings), context?.settings);
      } catch {
        return false;
      }
    },
    async keepSignedIn() {
      if (!context || clock.monotonic() - settingsReadAt < SILENCE_LIMIT_MS) return;
      // Stash may be down as well; then its session is the least of the troubles.
      await current(0).catch(() => {});
      settingsReadAt = Math.max(settingsReadAt, clock.monotonic() - SETTINGS_AGE_MS);
    },
    work: () => current(),
    async open() {
      return (await current()).settings;
    },
    settings: () => context?.settings,
    async close() {
      for (const client of formerClients) await client.close();
      await context?.plex.close();
    },
  };
}
