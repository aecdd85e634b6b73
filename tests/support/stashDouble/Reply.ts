import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
const COMPRESSED = /^(application\/(graphql-response\+)?json|text\/|image\/svg)/;

/** An HTTP reply that has not been sent yet. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A reply with a body of some type. */
export function reply(status: number, type: string, body: string | Buffer): Reply {
  return {
    status,
    headers: { 'Content-Type': type },
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

/** A reply without body. */
export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: Buffer.alloc(0) };
}

/** Compresses text when the client offers gzip, as Stash does. */
async function encoded(request: IncomingMessage, { status, headers, body }: Reply): Promise<Reply> {
  const offered = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (!offered || body.length === 0 || !COMPRESSED.test(headers['Content-Type'] ?? '')) {
    return { status, headers, body };
  }
  const gzipped = { ...headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' };
  return { status, headers: gzipped, body: await compress(body, { level: 1 }) };
}

/** Sends a reply; `truncated` promises all of it but hangs up in the middle. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Reply,
  { nowMs, truncated = false }: { nowMs: number; truncated?: boolean },
): Promise<void> {
  const { status, headers, body } = await encoded(request, answer);
  // The client may have gone, or the double have been stopped, in the meantime.
  if (response.destroyed) return;
  response.writeHead(status, {
    Date: new Date(nowMs).toUTCString(),
    ...headers,
    'Content-Length': body.length,
  });
  if (!truncated) {
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}
