import * as z from 'zod/mini';

/** What a Stash says of itself. */
export interface StashServer {
  version: string;
  /** Whether its database can be used; else it waits for its set-up, or for the user to confirm a migration. */
  database: 'ready' | 'needsSetup' | 'needsMigration';
  /** Number of the database's schema; null before there is one. */
  schema: number | null;
  hasApiKey: boolean;
  /** After so long without a request Stash forgets a session. */
  sessionSecs: number;
  /** Its time of day, in whole seconds; undefined where it was not told. */
  dateMs: number | undefined;
}

export const SERVER_QUERY = `query Stash2PlexServer {
  version { version }
  systemStatus { status databaseSchema }
  configuration { general { apiKey maxSessionAge } }
}`;

const serverSchema = z.object({
  version: z.object({ version: z.nullish(z.string()) }),
  systemStatus: z.object({
    status: z.enum(['OK', 'SETUP', 'NEEDS_MIGRATION']),
    databaseSchema: z.nullish(z.number()),
  }),
  configuration: z.object({
    general: z.object({ apiKey: z.nullish(z.string()), maxSessionAge: z.number() }),
  }),
});

const CONDITIONS = { OK: 'ready', SETUP: 'needsSetup', NEEDS_MIGRATION: 'needsMigration' } as const;

/** Decodes the answer to {@link SERVER_QUERY}; undefined when it is something else. */
export function decodeStashServer(data: unknown): Omit<StashServer, 'dateMs'> | undefined {
  const parsed = serverSchema.safeParse(data);
  if (!parsed.success) return undefined;
  const { version, systemStatus, configuration } = parsed.data;
  return {
    version: version.version || 'of an unknown version',
    database: CONDITIONS[systemStatus.status],
    schema: systemStatus.databaseSchema ?? null,
    hasApiKey: Boolean(configuration.general.apiKey),
    sessionSecs: configuration.general.maxSessionAge,
  };
}
