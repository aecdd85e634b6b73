import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { type ServerConnection, sessionCookie } from '../pluginHost/ServerConnection.ts';
import { HookChain } from './HookChain.ts';
import { JobQueue } from './JobQueue.ts';
import { QuietChanges } from './QuietChanges.ts';
import { RequestHandler } from './RequestHandler.ts';
import { SceneStore } from './SceneStore.ts';
import { ServerLog } from './ServerLog.ts';
import { SessionCookies } from './SessionCookies.ts';
import { StashFaults } from './StashFaults.ts';
import { StashRequestLog } from './StashRequestLog.ts';
import type { StashAuth, StashState } from './StashState.ts';

export type { ServerConnection } from '../pluginHost/ServerConnection.ts';
export type { NewFile, NewScene, SceneChanges, StoredScene } from './SceneRecord.ts';
export type { SceneStore } from './SceneStore.ts';
export type { Fault, FaultAction, FaultSpec, StashFaults } from './StashFaults.ts';
export type { LoggedRequest, RequestMatch, StashRequestLog } from './StashRequestLog.ts';
export type { StashAuth } from './StashState.ts';

/** A Stash server with state, for tests, the demo and benchmarks. */
export interface StashDouble extends StashState {
  /** Base URL without trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly log: StashRequestLog;
  readonly faults: StashFaults;
  /** Changes scenes as Stash does where it fires no hook. */
  readonly quietly: QuietChanges;
  /** Makes all session cookies so far worthless: 401 (or the login page) under `auth.mode: 'login'`. */
  revokeSessions(): void;
  /** Mints a fresh session cookie value. */
  cookieValue(): string;
  /** The `server_connection` object of the stdin document; an empty `PluginDir` is filled in by the plugin host. */
  serverConnection(overrides?: Partial<ServerConnection>): ServerConnection;
  /** Begins an outage: the port refuses connections, open ones are cut, the state stays. */
  stop(): Promise<void>;
  /** Ends an outage on the same port. */
  start(): Promise<void>;
  /** Stops for good. */
  close(): Promise<void>;
}

/** How to start the double. */
export interface StashDoubleOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** The address to listen on; default `127.0.0.1`. */
  readonly listenHost?: string;
  /** Added to every reply. */
  readonly latencyMs?: number;
  readonly auth?: Partial<StashAuth>;
  /** The server's offset, in which time stamps are stored; default 0 (`Z`). */
  readonly utcOffsetMinutes?: number;
  /** The server's clock, ms since the epoch. */
  readonly now?: () => number;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function shut(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** Starts a Stash double: GraphQL and media URLs over HTTP, as sections 9 to 12 of the protocol document say. */
export async function startStashDouble(options: StashDoubleOptions = {}): Promise<StashDouble> {
  const { listenHost = '127.0.0.1', now = Date.now, latencyMs = 0 } = options;
  const scenes = new SceneStore(now, options.utcOffsetMinutes ?? 0);
  const serverLog = new ServerLog();
  const hooks = new HookChain(serverLog);
  const jobs = new JobQueue(() => scenes.stamp());
  const auth: StashAuth = { mode: 'open', apiKey: '', maxSessionAgeSecs: 3600, ...options.auth };
  const database: StashState['database'] = { condition: 'ready' };
  const ui: StashState['ui'] = { served: null };
  const state: StashState = { scenes, settings: new Map(), auth, jobs, database, hooks, serverLog, ui };
  const log = new StashRequestLog();
  const faults = new StashFaults(now);
  const cookies = new SessionCookies(now);
  const handler = new RequestHandler({ state, log, faults, cookies, now, latencyMs });
  const server = createServer((request, response) => {
    // A request that breaks off is the client's doing (or an outage), and nobody is left to answer to.
    handler.handle(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port ?? 0, listenHost);
  const cookieValue = () => cookies.mint();
  return {
    ...state,
    url: `http://${listenHost.includes(':') ? `[${listenHost}]` : listenHost}:${port}`,
    port,
    log,
    faults,
    quietly: new QuietChanges(scenes),
    cookieValue,
    revokeSessions: () => cookies.revoke(),
    serverConnection: (overrides = {}) => ({
      Scheme: 'http',
      Host: '0.0.0.0',
      Port: port,
      SessionCookie: sessionCookie(cookieValue()),
      Dir: tmpdir(),
      PluginDir: '',
      ...overrides,
    }),
    stop: () => shut(server),
    start: async () => {
      if (!server.listening) await listen(server, port, listenHost);
    },
    close: () => shut(server),
  };
}
