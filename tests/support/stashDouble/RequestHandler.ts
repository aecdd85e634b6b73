import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticate } from './authenticate.ts';
import {
  badGraphqlRequest,
  GraphqlEndpoint,
  type GraphqlReply,
  type GraphqlRequest,
  readGraphqlRequest,
} from './GraphqlEndpoint.ts';
import { LOGIN_PAGE } from './pages.ts';
import { emptyReply, type Reply, reply, sendReply } from './Reply.ts';
import { type GraphqlType, responseType } from './responseType.ts';
import type { SessionCookies } from './SessionCookies.ts';
import type { FaultAction, StashFaults } from './StashFaults.ts';
import type { LoggedRequest, StashRequestLog } from './StashRequestLog.ts';
import type { StashState } from './StashState.ts';
import { serveMedia } from './serveMedia.ts';
import { serveUi } from './serveUi.ts';

/** What the handler needs. */
export interface RequestHandlerParts {
  readonly state: StashState;
  readonly log: StashRequestLog;
  readonly faults: StashFaults;
  readonly cookies: SessionCookies;
  readonly now: () => number;
  readonly latencyMs: number;
}

interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** The posted GraphQL request; undefined if there is none or it is not JSON. */
  readonly graphql: GraphqlRequest | undefined;
  /** The type of a GraphQL answer to this client. */
  readonly type: GraphqlType;
}

/** The message with which all root fields of this request are to fail, if a fault says so. */
function resolverFault(actions: readonly FaultAction[]): string | undefined {
  const fault = actions.find((action) => typeof action === 'object' && 'resolverError' in action);
  return typeof fault === 'object' && 'resolverError' in fault ? fault.resolverError : undefined;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function graphqlReply({ status, body }: GraphqlReply, type: GraphqlType): Reply {
  return reply(status, type, JSON.stringify(body));
}

/** The reply that a fault gives in place of the real one. */
function faultReply(action: FaultAction, type: GraphqlType): Reply | undefined {
  if (action === 'emptyReply') return emptyReply(200, { 'Content-Type': type });
  if (action === 'loginPage') return reply(200, 'text/html; charset=utf-8', LOGIN_PAGE);
  if (typeof action === 'string') return undefined;
  if ('status' in action) return emptyReply(action.status);
  if ('json' in action) return graphqlReply({ status: 200, body: action.json }, type);
  if (!('graphqlError' in action)) return undefined;
  const body = { errors: [{ message: action.graphqlError }], data: null };
  return graphqlReply({ status: 200, body }, type);
}

/** Answers one HTTP request: log, faults, latency, authentication, then GraphQL or media. */
export class RequestHandler {
  readonly #parts: RequestHandlerParts;
  readonly #graphql: GraphqlEndpoint;

  constructor(parts: RequestHandlerParts) {
    this.#parts = parts;
    this.#graphql = new GraphqlEndpoint(parts.state);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
    const posted = url.pathname === '/graphql' && request.method === 'POST' && isJson;
    const type = responseType(request.headers.accept);
    const call: Call = { request, url, graphql: posted ? readGraphqlRequest(body) : undefined, type };
    const entry = this.#logEntry(call);
    this.#parts.log.add(entry);
    const actions = this.#parts.faults.take(entry);
    const delayMs = actions.reduce(
      (sum, action) => sum + (typeof action === 'object' && 'delayMs' in action ? action.delayMs : 0),
      this.#parts.latencyMs,
    );
    // A delay keeps no process alive once the connections are gone.
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    // Whoever asked is gone, or an outage has begun: nothing is executed any more.
    if (request.socket.destroyed) return;
    if (actions.includes('reset')) {
      request.socket.resetAndDestroy();
      return;
    }
    const answer =
      actions.map((action) => faultReply(action, type)).find((fault) => fault !== undefined) ??
      (await this.#answer(call, resolverFault(actions)));
    entry.status = answer.status;
    await sendReply(request, response, answer, {
      nowMs: this.#parts.now(),
      truncated: actions.includes('truncated'),
    });
  }

  #logEntry({ request, url, graphql }: Call): LoggedRequest {
    return {
      method: request.method ?? '',
      path: url.pathname,
      search: url.search,
      operationName: graphql?.operationName ?? null,
      rootFields: graphql === undefined ? [] : this.#graphql.rootFields(graphql.query),
      query: graphql?.query ?? null,
      variables: graphql?.variables ?? null,
      headers: request.headers,
      status: 0,
      atMs: this.#parts.now(),
    };
  }

  async #answer(call: Call, resolverError: string | undefined): Promise<Reply> {
    const { state, cookies } = this.#parts;
    const access = authenticate(call.url, call.request.headers, state.auth, cookies);
    if (access.refused !== null) return access.refused;
    const answer = await this.#route(call, resolverError);
    return { ...answer, headers: { ...answer.headers, ...access.headers } };
  }

  async #route({ request, url, graphql, type }: Call, resolverError: string | undefined): Promise<Reply> {
    if (url.pathname === '/login') return reply(200, 'text/html; charset=utf-8', LOGIN_PAGE);
    const prefix = String(request.headers['x-forwarded-prefix'] ?? '').replace(/\/$/, '');
    if (url.pathname !== '/graphql') {
      const { state } = this.#parts;
      const found = serveMedia(state, url.pathname) ?? serveUi(state.ui.served, url.pathname, prefix);
      return found ?? reply(404, 'text/plain', 'Not Found');
    }
    if (graphql === undefined) return graphqlReply(badGraphqlRequest(), type);
    const baseUrl = `http://${request.headers.host ?? ''}${prefix}`;
    return graphqlReply(await this.#graphql.reply(graphql, { baseUrl }, { type, resolverError }), type);
  }
}
