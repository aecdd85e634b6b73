import type { JsonObject } from './Json.ts';
import type { PlexRequest } from './PlexRequest.ts';
import { escapeXml, toXml } from './xml.ts';

/** An answer before it goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Not from Plex: without its headers. */
  readonly foreign?: boolean;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  498: 'Token Expired',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The HTML page that every error is, whatever was asked for (2.8). `extra` is put behind the heading. */
export function errorReply(
  status: number,
  extra = '',
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const reason = REASONS[status] ?? 'Error';
  const page = `<html><head><title>${reason}</title></head><body><h1>${status} ${reason}</h1>${extra}</body></html>`;
  return { status, contentType: 'text/html', body: page, headers };
}

/** What edits and scans answer: nothing at all (row 17). */
export const EMPTY_REPLY: Reply = { status: 200, contentType: 'text/html', body: '' };

/** A container in the notation that was asked for (row 2). */
export function containerReply(
  request: PlexRequest,
  container: JsonObject,
  metadataName = 'Video',
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return request.wantsJson
    ? {
        status: 200,
        contentType: 'application/json',
        body: JSON.stringify({ MediaContainer: container }),
        headers,
      }
    : { status: 200, contentType: 'text/xml;charset=utf-8', body: toXml(container, metadataName), headers };
}

/** Start-up maintenance (2.8); it is not an HTML page. */
export function maintenanceReply(request: PlexRequest): Reply {
  const body = { code: 503, title: 'Maintenance', status: 'The server is busy with start-up maintenance.' };
  return request.wantsJson
    ? { status: 503, contentType: 'application/json', body: JSON.stringify(body) }
    : {
        status: 503,
        contentType: 'text/xml;charset=utf-8',
        body: `<Response code="503" title="${body.title}" status="${escapeXml(body.status)}"/>`,
      };
}

/** What a proxy in front of the server shows to somebody who has not signed in (row 23). */
export function loginPageReply(): Reply {
  const form =
    '<form method="post" action="/login"><input name="user"><input name="password" type="password"></form>';
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    body: `<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>${form}</body></html>`,
    foreign: true,
  };
}
