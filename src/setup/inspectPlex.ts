import type { Settings } from '../config/settings.ts';
import { PlexError } from '../plex/PlexError.ts';
import { isVideoSection, type PlexSection, resolveSections } from '../plex/PlexSection.ts';
import type { Clock } from '../time/clock.ts';
import { type ServerClock, timed } from './ServerClock.ts';
import type { PlexAccess } from './SetupContext.ts';
import type { SetupRemedy } from './setupRemedies.ts';

/** What is wrong between the plugin and Plex. */
export interface PlexTrouble {
  message: string;
  remedy: SetupRemedy;
}

/** A library as the settings see it. */
export interface LibraryFinding {
  key: string;
  title: string;
  type: string;
  agent: string;
  /** Null where Plex does not say, or it is of no use here. */
  items: number | null;
  isUsable: boolean;
  isSynced: boolean;
}

/** What came of asking Plex. */
export interface PlexFindings {
  isReached: boolean;
  isAccepted: boolean;
  /** Whether Plex shows where its files are; null while it has none to show. */
  isOwner: boolean | null;
  /** The first thing that is wrong; absent when scenes can be synced. */
  trouble?: PlexTrouble;
  serverName: string | null;
  plexVersion: string | null;
  serverId: string | null;
  latencyMs: number | null;
  clock?: ServerClock | 'untold';
  libraries: LibraryFinding[];
  /** Libraries that can be synced to, those of the settings and the others. */
  synced: PlexSection[];
  others: PlexSection[];
}

const TIMEOUT_MS = 10_000;
/** Each costs a request. */
const MOST_COUNTED = 40;

/** Asks Plex who it is, whether it takes the token for its owner's, and what libraries it has. Never throws a PlexError. */
export async function inspectPlex(
  { client, inspector }: PlexAccess,
  { plex_library }: Pick<Settings, 'plex_library'>,
  clock: Clock,
): Promise<PlexFindings> {
  const findings = nothingYet();
  try {
    const { answer, latencyMs, serverClock } = await timed(clock, () => inspector.server(TIMEOUT_MS));
    const { serverId, version: plexVersion } = answer;
    Object.assign(findings, {
      isReached: true,
      serverId,
      plexVersion,
      latencyMs,
      clock: serverClock ?? 'untold',
    });
    const sections = await client.sections(TIMEOUT_MS);
    findings.isAccepted = true;
    // Behind some proxies this very path is blocked (plex-http-api.md 3.2), and it is only a name.
    findings.serverName = (await orNothing(inspector.name(TIMEOUT_MS))) ?? null;
    await inspectLibraries(findings, sections, plex_library, inspector);
    const shown = findings.synced.find(({ key }) => itemsOf(findings, key) !== 0) ?? findings.synced[0];
    if (shown) await checkOwner(findings, shown, client);
  } catch (error) {
    if (!(error instanceof PlexError)) throw error;
    findings.trouble ??= { message: error.message, remedy: remedyFor(error) };
  }
  return findings;
}

const nothingYet = (): PlexFindings => ({
  isReached: false,
  isAccepted: false,
  isOwner: null,
  serverName: null,
  plexVersion: null,
  serverId: null,
  latencyMs: null,
  libraries: [],
  synced: [],
  others: [],
});

async function inspectLibraries(
  findings: PlexFindings,
  sections: readonly PlexSection[],
  setting: string,
  inspector: PlexAccess['inspector'],
): Promise<void> {
  const usable = sections.filter(isVideoSection);
  try {
    findings.synced = resolveSections(setting, sections);
  } catch (error) {
    if (!(error instanceof PlexError)) throw error;
    findings.trouble = { message: error.message, remedy: usable.length > 0 ? 'libraryName' : 'noLibrary' };
  }
  const isSynced = ({ key }: PlexSection) => findings.synced.some((section) => section.key === key);
  findings.others = usable.filter((section) => !isSynced(section));
  const counted = new Set(usable.slice(0, MOST_COUNTED));
  for (const section of sections) {
    const { key, title, type, agent = '' } = section;
    const items = counted.has(section) ? ((await orNothing(inspector.count(key, TIMEOUT_MS))) ?? null) : null;
    findings.libraries.push({
      ...{ key, title, type, agent, items },
      isUsable: isVideoSection(section),
      isSynced: isSynced(section),
    });
  }
}

function itemsOf({ libraries }: PlexFindings, key: string): number | null {
  return libraries.find((library) => library.key === key)?.items ?? null;
}

/** Plex shows nobody but the owner where its files are. */
async function checkOwner(
  findings: PlexFindings,
  { key }: PlexSection,
  client: PlexAccess['client'],
): Promise<void> {
  try {
    await client.checkFiles(key, TIMEOUT_MS);
    findings.isOwner = itemsOf(findings, key) === 0 ? null : true;
  } catch (error) {
    if (!(error instanceof PlexError && error.kind === 'unauthorized')) throw error;
    findings.isOwner = false;
    findings.trouble ??= { message: error.message, remedy: 'plexOwner' };
  }
}

/** By kind and status, never by words. */
function remedyFor({ kind, status, isGarbled }: PlexError): SetupRemedy {
  if (kind === 'unauthorized') return 'plexToken';
  // Its own sentence knows better what: a certificate, a redirect, a login.
  if (kind === 'misconfigured') return 'plexAsTold';
  if (kind === 'notFound') return 'plexAddress';
  // A page of somebody else has a good status, and something else than a document has none.
  if (kind === 'serverError') return status === undefined && !isGarbled ? 'plexAddress' : 'plexFails';
  if (kind === 'unavailable' && status === undefined) return 'plexUnreachable';
  return status !== undefined && status < 400 ? 'plexAddress' : 'plexFails';
}

/** What is nice to know, and no reason to stop. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof PlexError)) throw error;
    return undefined;
  }
}
