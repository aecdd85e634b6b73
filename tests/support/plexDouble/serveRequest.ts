import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from './answer.ts';
import type { FaultAction, FaultInjector } from './FaultInjector.ts';
import { latencyOf } from './latencyOf.ts';
import type { PlexContext } from './PlexContext.ts';
import { PlexRequest } from './PlexRequest.ts';
import { errorReply, loginPageReply, maintenanceReply, type Reply } from './Reply.ts';
import type { RequestLog } from './RequestLog.ts';
import { sendReply, sendTruncated } from './sendReply.ts';
import { withRawControls } from './withRawControls.ts';

/** What serving a request needs besides the routes' context. */
export interface ServingContext extends PlexContext {
  readonly log: RequestLog;
  readonly faults: FaultInjector;
  /** Counts the times the server went away: a request from before then comes to nothing. */
  readonly outages: () => number;
}

/** Takes one request from the wire to its end: log, fault, delay, effect, answer. */
export async function serveRequest(
  message: IncomingMessage,
  response: ServerResponse,
  context: ServingContext,
): Promise<void> {
  const { timeline, log } = context;
  const request = new PlexRequest(
    message.method ?? 'GET',
    message.url ?? '/',
    message.headers,
    timeline.now(),
  );
  const outage = context.outages();
  log.arrived(request);
  try {
    await readBody(message, request);
    const fault = context.faults.take(request);
    request.fault = fault?.kind;
    const delayMs = latencyOf(request, context.switches);
    if (delayMs > 0) await timeline.wait(delayMs);
    // A server that went down meanwhile has done nothing; a client that went away does not stop one that runs.
    if (context.outages() === outage) await handle(request, response, fault, context, outage);
  } catch {
    // The client broke off in the middle of its body; there is nobody to answer.
    response.destroy();
  } finally {
    log.finished(request, timeline.now());
  }
}

async function handle(
  request: PlexRequest,
  response: ServerResponse,
  fault: FaultAction | undefined,
  context: ServingContext,
  outage: number,
): Promise<void> {
  const { timeline, switches } = context;
  if (fault?.kind === 'delay' && !fault.applied) {
    await timeline.wait(fault.ms);
    if (context.outages() !== outage) return;
  }
  if (fault?.kind === 'resetBefore') return reset(response);
  if (fault?.kind === 'emptyReply') {
    response.destroy();
    return;
  }
  if (request.lineLength > switches.maxRequestLine) {
    if (switches.overlong === 'reset') return reset(response);
    return sendReply(request, response, errorReply(switches.overlong), switches);
  }
  const answered = injectedReply(request, fault) ?? answerSafely(request, context);
  const reply = switches.rawControlCharacters ? withRawControls(answered) : answered;
  if (fault?.kind === 'resetAfter') return reset(response);
  if (fault?.kind === 'truncatedBody') return sendTruncated(request, response, reply, switches);
  if (fault?.kind === 'garbledBody') return sendReply(request, response, garbled(reply), switches);
  if (fault?.kind === 'delay' && fault.applied) await timeline.wait(fault.ms);
  if (fault?.kind === 'status' && fault.applied) {
    return sendReply(request, response, errorReply(fault.status), switches);
  }
  sendReply(request, response, reply, switches);
}

/** The answer that a fault puts in the place of the request's effect. */
function injectedReply(request: PlexRequest, fault: FaultAction | undefined): Reply | undefined {
  switch (fault?.kind) {
    case 'status':
      return fault.applied ? undefined : errorReply(fault.status);
    case 'maintenance':
      return maintenanceReply(request);
    case 'retryAfter':
      return errorReply(fault.status, '', { 'Retry-After': String(fault.retryAfter) });
    case 'loginPage':
      return loginPageReply();
    default:
      return undefined;
  }
}

function garbled(reply: Reply): Reply {
  return { ...reply, body: String(reply.body).replace('":"', '":"\u0001') };
}

function answerSafely(request: PlexRequest, context: ServingContext): Reply {
  try {
    return answer(request, context);
  } catch (error) {
    // A defect of the double must not pass for a server's 500.
    context.violations.push(`the double failed at ${request.method} ${request.path}: ${String(error)}`);
    return errorReply(500);
  }
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

async function readBody(message: IncomingMessage, request: PlexRequest): Promise<void> {
  if (message.headers['content-length'] === undefined && message.headers['transfer-encoding'] === undefined)
    return;
  const pieces: Buffer[] = [];
  for await (const piece of message) if (piece instanceof Buffer) pieces.push(piece);
  request.body = Buffer.concat(pieces);
  request.bodyLength = request.body.length;
}
