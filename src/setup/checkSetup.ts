import type { Settings } from '../config/settings.ts';
import { hideSecrets } from '../drain/hideSecrets.ts';
import { PlexError } from '../plex/PlexError.ts';
import { StashError } from '../stash/StashError.ts';
import { bugReport } from './bugReport.ts';
import { checkBackground } from './checkBackground.ts';
import { checkClocks } from './checkClocks.ts';
import { checkDataFolder } from './checkDataFolder.ts';
import { checkMachine } from './checkMachine.ts';
import { checkMatching } from './checkMatching.ts';
import { checkPlex } from './checkPlex.ts';
import { checkPython } from './checkPython.ts';
import { checkSettings } from './checkSettings.ts';
import { checkStash } from './checkStash.ts';
import { inspectPlex, type PlexFindings } from './inspectPlex.ts';
import type { PlexAccess, SetupContext } from './SetupContext.ts';
import { type SampleFindings, sampleScenes } from './sampleScenes.ts';
import { linesOf, type SetupLine } from './setupLines.ts';

/** What a check of the set-up came to. */
export interface SetupFindings {
  lines: SetupLine[];
  plex: PlexFindings | undefined;
  /** Absent when no scene could be looked up. */
  sample: SampleFindings | undefined;
  /** The user wants no paths in his log. */
  isHiding: boolean;
  /** For a report of a fault; see {@link bugReport}. */
  report: string;
}

/** Scenes that are looked up. */
export const SAMPLE_SIZE = 50;

/**
 * Looks at everything that a sync depends on, and changes nothing. What cannot be asked is said in a line, and the rest looked at
 * all the same.
 *
 * @param onProgress called with the share done, 0 to 1.
 */
export async function checkSetup(
  context: SetupContext,
  onProgress: (share: number) => void,
): Promise<SetupFindings> {
  const local = [...checkMachine(context), ...(await checkDataFolder(context))];
  onProgress(0.1);
  const stash = await checkStash(context);
  onProgress(0.2);
  const { lines: settingLines, settings } = stash.stored
    ? checkSettings(stash.stored, context.env)
    : { lines: [], settings: undefined };
  const server = settings && (await askPlex(settings, stash.isDatabaseReady, context, onProgress));
  const clocks = checkClocks({ Stash: stash.clock, Plex: server?.plex.clock });
  const lines = [
    ...local,
    ...stash.lines,
    ...settingLines,
    ...(server?.lines ?? []),
    ...clocks,
    ...(await checkBackground(context)),
    ...checkPython(context),
  ];
  onProgress(0.95);
  const { plex, sample } = server ?? {};
  const report = bugReport(
    { lines, plex, sample, plexUrl: settings?.plex_url, stored: stash.stored },
    context,
  );
  return { lines, plex, sample, isHiding: settings?.obfuscate_paths ?? false, report };
}

interface ServerFindings {
  lines: SetupLine[];
  plex: PlexFindings;
  sample: SampleFindings | undefined;
}

async function askPlex(
  settings: Settings,
  isStashReady: boolean,
  context: SetupContext,
  onProgress: (share: number) => void,
): Promise<ServerFindings> {
  hideSecrets(settings, context.redactor);
  const access = await context.openPlex(settings);
  try {
    const plex = await inspectPlex(access, settings, context.clock);
    onProgress(0.4);
    const lines = checkPlex(plex, settings);
    if (plex.trouble || !isStashReady) return { lines, plex, sample: undefined };
    const tried = await trySample({ settings, plex, access }, context, (share) =>
      onProgress(0.4 + share / 2),
    );
    return { lines: [...lines, ...tried.lines], plex, sample: tried.sample };
  } finally {
    await access.client.close();
  }
}

/** Looks some scenes up; a server that fails meanwhile costs this part only. */
async function trySample(
  found: { settings: Settings; plex: PlexFindings; access: PlexAccess },
  context: SetupContext,
  onScene: (share: number) => void,
): Promise<{ lines: SetupLine[]; sample: SampleFindings | undefined }> {
  const lines = linesOf('Matching');
  try {
    const sample = await sampleOf(found, context, onScene);
    return { lines: checkMatching(sample, found.settings.obfuscate_paths), sample };
  } catch (error) {
    if (error instanceof PlexError) {
      return { lines: [lines.problem('Scenes', error.message, 'plexFails')], sample: undefined };
    }
    if (!(error instanceof StashError)) throw error;
    return { lines: [lines.problem('Scenes', error.message, 'stashUnreachable')], sample: undefined };
  }
}

/** Looks up scenes that Stash chooses at random. @throws PlexError, StashError */
export async function sampleOf(
  { settings, plex, access }: { settings: Settings; plex: PlexFindings; access: PlexAccess },
  { stash, random, pathIndex, clock, jobs }: SetupContext,
  onScene: (share: number) => void,
): Promise<SampleFindings> {
  const scenes = await stash.randomScenes(Math.floor(random() * 1e8), SAMPLE_SIZE);
  const { serverId, synced, others } = plex;
  const places = { serverId: serverId ?? '', synced, others };
  const chosenFor = (sceneId: number) =>
    jobs.chosen
      .ofScene(sceneId)
      .filter((item) => item.serverId === serverId)
      .map(({ ratingKey }) => ratingKey);
  const context = { plex: access.client, index: pathIndex, clock, chosenFor, ...places };
  return sampleScenes(scenes, settings, context, onScene);
}
