import { FaultInjector } from './FaultInjector.ts';
import { LibraryState } from './LibraryState.ts';
import { Listener } from './Listener.ts';
import { createLibrary, type PlexLibrary } from './PlexLibrary.ts';
import { defaultSwitches, type PlexSwitches } from './PlexSwitches.ts';
import { RequestLog } from './RequestLog.ts';
import { Scanner } from './Scanner.ts';
import { serveRequest } from './serveRequest.ts';
import { Timeline } from './Timeline.ts';

export type { ActiveFault, Fault, FaultAction, FaultInjector } from './FaultInjector.ts';
export type { ImageCandidate, NewPlexItem, PlexItem, PlexRole } from './PlexItem.ts';
export type { PlexCollection, PlexLibrary } from './PlexLibrary.ts';
export type { PlexRequest } from './PlexRequest.ts';
export type { PlexSwitches } from './PlexSwitches.ts';
export type { RequestLog } from './RequestLog.ts';
export type { RequestFilter } from './requestFilter.ts';
export type { ScanRequest } from './Scanner.ts';
export type { NewPlexSection, PlexSection } from './SectionRecord.ts';

/** An HTTP server with state that behaves as a Plex Media Server where it matters (section 6 of the specification). */
export interface PlexDouble {
  readonly url: string;
  readonly port: number;
  /** The admin's token. */
  readonly token: string;
  /** Valid, but not the admin's: every write is a 403. */
  readonly userToken: string;
  readonly library: PlexLibrary;
  readonly log: RequestLog;
  readonly faults: FaultInjector;
  /** May be changed at any time. */
  readonly switches: PlexSwitches;
  /** Things a client must never do, in words; a test of the client ends with this being empty. */
  readonly violations: string[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** The double's time, in milliseconds since the epoch. */
  now(): number;
  /** Skips time: delays, slow images and scans fall due at once. Idle connections keep to the real time. */
  advance(ms: number): void;
  /** An outage: connections are cut and refused. Requests under way come to nothing. */
  stop(): Promise<void>;
  /** The end of the outage: same port, same state. */
  start(): Promise<void>;
  /** Stops for good and calls off everything pending. */
  close(): Promise<void>;
}

/** How a double differs from the default. */
export interface PlexDoubleOptions {
  /** A free one when left out. */
  readonly port?: number;
  readonly token?: string;
  readonly userToken?: string;
  /** Short for the switch of that name. */
  readonly latencyMs?: number;
  readonly machineIdentifier?: string;
  readonly switches?: Partial<PlexSwitches>;
}

/** Starts a double with an empty library. */
export async function startPlexDouble(options: PlexDoubleOptions = {}): Promise<PlexDouble> {
  const switches: PlexSwitches = { ...defaultSwitches(), ...options.switches };
  if (options.latencyMs !== undefined) switches.latencyMs = options.latencyMs;
  const timeline = new Timeline();
  const state = new LibraryState(
    options.machineIdentifier ?? '0123456789abcdef0123456789abcdef01234567',
    timeline,
  );
  const scanner = new Scanner(state, switches);
  const context = {
    state,
    scanner,
    timeline,
    switches,
    token: options.token ?? 'plex-admin-token',
    userToken: options.userToken ?? 'plex-user-token',
    violations: [] as string[],
    log: new RequestLog(),
    faults: new FaultInjector(),
    outages: () => listener.outages,
  };
  const listener: Listener = new Listener(
    options.port ?? 0,
    (request, response) => void serveRequest(request, response, context),
    () => switches.keepAliveTimeoutMs,
  );
  await listener.listen();
  return {
    url: `http://127.0.0.1:${listener.port}`,
    port: listener.port,
    token: context.token,
    userToken: context.userToken,
    library: createLibrary(state, scanner, switches),
    log: context.log,
    faults: context.faults,
    switches,
    violations: context.violations,
    get connections() {
      return listener.connections;
    },
    now: () => timeline.now(),
    advance: (ms) => timeline.advance(ms),
    stop: () => listener.close(),
    start: () => listener.listen(),
    close: async () => {
      await listener.close();
      timeline.clear();
    },
  };
}
