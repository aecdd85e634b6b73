import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { PlexRequest } from './PlexRequest.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import type { Reply } from './Reply.ts';

/** Sends a reply with the headers that Plex puts on every one (row 3). */
export function sendReply(
  request: PlexRequest,
  response: ServerResponse,
  reply: Reply,
  switches: PlexSwitches,
): void {
  const body = encodeBody(request, response, reply, switches);
  request.status = reply.status;
  response.end(body);
}

/** Sends the whole head and half of the body, then closes the connection (row 23). */
export function sendTruncated(
  request: PlexRequest,
  response: ServerResponse,
  reply: Reply,
  switches: PlexSwitches,
): void {
  const body = encodeBody(request, response, reply, switches, 16);
  request.status = reply.status;
  response.flushHeaders();
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

function encodeBody(
  request: PlexRequest,
  response: ServerResponse,
  reply: Reply,
  switches: PlexSwitches,
  missingBytes = 0,
): Buffer {
  const plain = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  const headers: Record<string, string | number> = { 'Content-Type': reply.contentType, ...reply.headers };
  let body = plain;
  if (!reply.foreign) {
    headers['X-Plex-Protocol'] = '1.0';
    headers['Cache-Control'] = 'no-cache';
    // Error pages are compressed too, pictures are not (2.3).
    if (plain.length > 0 && acceptsGzip(request) && !reply.contentType.startsWith('image/')) {
      body = gzipSync(plain, { level: 1 });
      headers['Content-Encoding'] = 'gzip';
      headers['X-Plex-Content-Original-Length'] = plain.length;
      headers['X-Plex-Content-Compressed-Length'] = body.length;
    }
  }
  if (request.headers.connection?.toLowerCase() === 'close') {
    headers['Connection'] = 'close';
  } else {
    headers['Connection'] = 'Keep-Alive';
    headers['Keep-Alive'] = `timeout=${switches.keepAliveHintSecs}`;
  }
  headers['Content-Length'] = body.length + missingBytes;
  response.sendDate = switches.clockSkewMs === 0;
  if (switches.clockSkewMs) headers['Date'] = new Date(Date.now() + switches.clockSkewMs).toUTCString();
  response.writeHead(reply.status, headers);
  return body;
}

function acceptsGzip(request: PlexRequest): boolean {
  const offered = request.headers['accept-encoding'];
  if (typeof offered !== 'string') return false;
  return offered.split(',').some((coding) => {
    const [name = '', quality = ''] = coding.split(';').map((part) => part.trim());
    return name === 'gzip' && !/^q=0(?:\.0*)?$/.test(quality);
  });
}
