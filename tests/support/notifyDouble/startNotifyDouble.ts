import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appriseAnswer } from './appriseAnswer.ts';
import { discordAnswer } from './discordAnswer.ts';
import { gotifyAnswer } from './gotifyAnswer.ts';
import type { Delivered, ServiceAnswer } from './NotifyRequest.ts';
import { ntfyAnswer } from './ntfyAnswer.ts';

/** How the double behaves instead of answering as its service would. */
export type NotifyFault =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Accepts the connection and never answers. */
  | 'silent'
  /** Answers and never ends its answer. */
  | 'endless'
  /** Breaks the connection off. */
  | 'reset';

/** A server that understands what Discord, ntfy, Gotify and Apprise's API understand, and takes JSON from everybody else. */
export interface NotifyDouble {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** Everything that was asked, accepted or not, in order. */
  requests: Delivered[];
  /** What was accepted. */
  accepted(): Delivered[];
  /** The next answers; then it is itself again. `count` of the same. */
  fail(fault: NotifyFault, count?: number): void;
  /** It is itself again. */
  heal(): void;
  /** From now on nobody listens at its port. */
  stop(): Promise<void>;
}

/** Starts a double on a free port. The caller stops it. */
export async function startNotifyDouble(): Promise<NotifyDouble> {
  const requests: Delivered[] = [];
  const faults: NotifyFault[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const delivered = deliveredOf(request, body);
      requests.push(delivered);
      const fault = faults.shift();
      if (fault === undefined) return reply(response, answerTo(delivered), delivered);
      if (fault === 'silent') return undefined;
      if (fault === 'reset') return request.socket.destroy();
      if (fault === 'endless') return response.writeHead(200).write('{');
      return reply(response, { body: '', ...fault }, delivered);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    accepted: () => requests.filter(({ status }) => status !== undefined && status < 300),
    fail: (fault, count = 1) => void faults.push(...Array.from({ length: count }, () => fault)),
    heal: () => void faults.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(request: Delivered): ServiceAnswer {
  const { path } = request;
  if (path.startsWith('/api/webhooks/')) return discordAnswer(request);
  if (path === '/') return ntfyAnswer(request);
  if (path === '/message') return gotifyAnswer(request);
  if (path.startsWith('/notify')) return appriseAnswer(request);
  return { status: 200, body: '' };
}

function reply(response: ServerResponse, answer: ServiceAnswer, delivered: Delivered): void {
  delivered.status = answer.status;
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

function deliveredOf({ method = '', url = '', headers }: IncomingMessage, raw: string): Delivered {
  const { pathname, searchParams } = new URL(url, 'http://double');
  return { method, path: pathname, query: Object.fromEntries(searchParams), headers, raw, body: parsed(raw) };
}

function parsed(raw: string): Record<string, unknown> {
  try {
    return JSON.parse(raw);
  } catch {
    return {};
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
