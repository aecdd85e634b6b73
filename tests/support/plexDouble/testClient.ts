import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Json, JsonObject } from './Json.ts';
import type { PlexDouble } from './startPlexDouble.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** What a test sends besides method and path. */
export interface WireOptions {
  /** `undefined` takes a default header away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Buffer | string;
}

/** Sends one request exactly as written, on a connection of its own, with the admin's token and asking for JSON. */
export function send(
  double: PlexDouble,
  method: string,
  path: string,
  options: WireOptions = {},
): Promise<WireAnswer> {
  const wanted: Record<string, string | undefined> = {
    Accept: 'application/json',
    'X-Plex-Token': double.token,
    ...(options.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(options.body)) }),
    ...options.headers,
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) headers[name] = value;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      port: double.port,
      host: '127.0.0.1',
      method,
      path,
      headers,
      agent: false,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          bytes,
          text: bytes.toString('utf8'),
        });
      });
    });
    outgoing.end(options.body);
  });
}

/** The `MediaContainer` of a GET that is to succeed. */
export async function getContainer(
  double: PlexDouble,
  path: string,
  options: WireOptions = {},
): Promise<JsonObject> {
  const answer = await send(double, 'GET', path, options);
  if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${answer.text}`);
  return objectOf(objectOf(JSON.parse(answer.text))['MediaContainer']);
}

/** The rows of a GET that is to succeed; none when there is no `Metadata`. */
export async function getRows(
  double: PlexDouble,
  path: string,
  options: WireOptions = {},
): Promise<JsonObject[]> {
  return listOf((await getContainer(double, path, options))['Metadata']);
}

/** Ends the test when the value is not an object. */
export function objectOf(value: unknown): JsonObject {
  if (!isObject(value)) throw new Error(`Not an object: ${JSON.stringify(value)}`);
  return value;
}

/** The objects of a list, none when it is missing. */
export function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** One member of every object of a list. */
export function pluck(value: Json | undefined, name: string): (Json | undefined)[] {
  return listOf(value).map((element) => element[name]);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Resolves once the double holds what it should; fails after 5 s. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('It did not happen within 5 s.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
