import { PLUGIN_ID } from '../config/plugin.ts';
import { parseSettings, type Settings } from '../config/settings.ts';
import { hideSecrets } from '../drain/hideSecrets.ts';
import { sampleOf } from './checkSetup.ts';
import { inspectPlex, type PlexFindings, type PlexTrouble } from './inspectPlex.ts';
import type { PlexAccess, SetupContext } from './SetupContext.ts';
import type { SampleFindings } from './sampleScenes.ts';

/** Settings that may not be stored yet: they stand above those that are. */
export type GivenSettings = Readonly<Record<string, unknown>>;

/** Asks the Plex of some settings. @throws SettingsError, StashError */
export function tryConnection(given: GivenSettings, context: SetupContext): Promise<PlexFindings> {
  return withPlex(given, context, async ({ plex }) => plex);
}

/** What scenes came to with some settings, or why none could be looked up. */
export type TriedSample = { sample: SampleFindings } | { trouble: PlexTrouble };

/**
 * Looks scenes up with some settings.
 *
 * @param onScene called with the share done, 0 to 1.
 * @throws SettingsError, StashError, PlexError
 */
export function trySample(
  given: GivenSettings,
  context: SetupContext,
  onScene: (share: number) => void,
): Promise<TriedSample> {
  return withPlex(given, context, async (found): Promise<TriedSample> => {
    const { trouble } = found.plex;
    return trouble ? { trouble } : { sample: await sampleOf(found, context, onScene) };
  });
}

async function withPlex<T>(
  given: GivenSettings,
  context: SetupContext,
  use: (found: { settings: Settings; plex: PlexFindings; access: PlexAccess }) => Promise<T>,
): Promise<T> {
  const stored = await context.stash.pluginSettings(PLUGIN_ID);
  const { settings } = parseSettings({ ...stored, ...given }, context.env);
  hideSecrets(settings, context.redactor);
  const access = await context.openPlex(settings);
  try {
    return await use({ settings, access, plex: await inspectPlex(access, settings, context.clock) });
  } finally {
    await access.client.close();
  }
}
