import * as z from 'zod/mini';
import { PlexError } from './PlexError.ts';
import type { PlexHttp } from './PlexHttp.ts';

/** What a server says of itself. */
export interface PlexServer {
  serverId: string;
  version: string;
  /** Its time of day, in whole seconds; undefined where it was not told. */
  dateMs: number | undefined;
}

/** Questions about a server that nothing but a check of the set-up asks. Every method throws {@link PlexError}. */
export interface PlexInspector {
  /** Needs no token. */
  server(timeoutMs: number): Promise<PlexServer>;
  /** The name that its owner has given it; undefined where it has none. */
  name(timeoutMs: number): Promise<string | undefined>;
  /** How many films or other videos a section has, without any of their rows; undefined where Plex does not say. */
  count(sectionKey: string, timeoutMs: number): Promise<number | undefined>;
}

const serverSchema = z.object({
  MediaContainer: z.object({ machineIdentifier: z.string(), version: z.nullish(z.string()) }),
});
const rootSchema = z.object({ MediaContainer: z.object({ friendlyName: z.nullish(z.string()) }) });
const countSchema = z.object({
  MediaContainer: z.object({
    totalSize: z.nullish(z.pipe(z.union([z.string(), z.number()]), z.transform(Number))),
  }),
});

/** Asks through a connection that somebody else closes. */
export function createPlexInspector(http: Pick<PlexHttp, 'dated' | 'listing'>): PlexInspector {
  return {
    async server(timeoutMs) {
      const path = '/identity';
      const { document, dateMs } = await http.dated({ method: 'GET', path, timeoutMs });
      const { machineIdentifier, version } = read(serverSchema, document, path).MediaContainer;
      return { serverId: machineIdentifier, version: version || 'of an unknown version', dateMs };
    },
    async name(timeoutMs) {
      const path = '/';
      const { document } = await http.dated({ method: 'GET', path, timeoutMs });
      return read(rootSchema, document, path).MediaContainer.friendlyName || undefined;
    },
    async count(sectionKey, timeoutMs) {
      if (!/^\d+$/.test(sectionKey)) throw new PlexError('rejected', `"${sectionKey}" is no Plex key.`);
      const path = `/library/sections/${sectionKey}/all`;
      const { document, totalSize } = await http.listing({
        method: 'GET',
        path,
        query: [['type', '1']],
        page: { start: 0, size: 0 },
        timeoutMs,
      });
      const told = read(countSchema, document, path).MediaContainer.totalSize ?? totalSize;
      return Number.isSafeInteger(told) ? told : undefined;
    },
  };
}

function read<T>(schema: z.ZodMiniType<T>, document: unknown, path: string): T {
  const { success, data, error } = schema.safeParse(document);
  if (success) return data;
  throw new PlexError('serverError', `Plex answered GET ${path} in an unknown form.`, { cause: error });
}
