import type { ClientError } from 'graphql-request';
import * as z from 'zod/mini';
import { httpDateMs } from '../http/httpDateMs.ts';
import type { Redactor } from '../log/redactor.ts';
import type { StashConnection } from './connection.ts';
import { type Family, type FamilyKind, findFamily } from './findFamily.ts';
import { randomScenes } from './randomScenes.ts';
import { readImage, type StashImage, type UnusableImage } from './readImage.ts';
import { decodeScene, type Scene } from './Scene.ts';
import { type SceneExtra, sceneFields } from './SceneExtra.ts';
import type { ScenePage, SceneSelection, SceneWalk } from './SceneWalk.ts';
import { StashError } from './StashError.ts';
import { openStashHttp, toStashError } from './StashHttp.ts';
import { decodeStashServer, SERVER_QUERY, type StashServer } from './StashServer.ts';
import { type SceneFiles, scenesByFileName } from './scenesByFileName.ts';
import { type GraphqlAnswer, walkScenes } from './walkScenes.ts';

/** What the plugin asks of Stash. Every method throws {@link StashError} for trouble with Stash. */
export interface StashClient {
  /** The plugin's stored settings map; empty when nothing is stored. Also signs in for longer than an hour. */
  pluginSettings(pluginId: string): Promise<Record<string, unknown>>;
  /** Stores the plugin's settings map in place of the one there is. */
  storePluginSettings(pluginId: string, settings: Record<string, unknown>): Promise<void>;
  /**
   * The scenes that exist, by id; ids that Stash does not know are left out. All in one request. A scene
   * that Stash failed to read is an error of its own and does not stop the others.
   */
  scenes(ids: readonly number[]): Promise<Map<number, Scene | StashError>>;
  /** All scenes, or those since a time, page by page in the order of their ids; see {@link walkScenes}. */
  scenePages<S extends SceneSelection>(walk: SceneWalk<S>): AsyncIterable<ScenePage<S>>;
  /** How whole scenes are read with more than usual; what is not named is not asked for. */
  reading(extras: readonly SceneExtra[]): SceneReader;
  /** The scenes with a file of one of these names, in any folder; see {@link scenesByFileName}. */
  scenesByFileName(names: readonly string[]): Promise<SceneFiles[]>;
  /** Tags or studios by name or id, with all that are below them; see {@link findFamily}. */
  family(kind: FamilyKind, entries: readonly string[]): Promise<Family>;
  /** The greatest `updated_at` of all scenes, as text; undefined when Stash has none. */
  newestUpdate(): Promise<string | undefined>;
  /** What Stash says of itself. */
  server(): Promise<StashServer>;
  /** Some scenes that have a file, another choice for every `seed` (a whole number), the same one for the same. */
  randomScenes(seed: number, count: number): Promise<SceneFiles[]>;
  /** The image behind an address that Stash gave, usable or not; undefined for a placeholder and where there is none. */
  image(url: string): Promise<StashImage | UnusableImage | undefined>;
  close(): Promise<void>;
}

/** What reads whole scenes. */
export type SceneReader = Pick<StashClient, 'scenes' | 'scenePages'>;

const PROBE_QUERY = 'query Stash2PlexProbe { version { version } }';
const NEWEST_QUERY = `query Stash2PlexNewest($page: FindFilterType!) {
  findScenes(filter: $page) { scenes { updated_at } }
}`;
const SETTINGS_QUERY = `query Stash2PlexSettings($ids: [ID!]) {
  configuration { general { apiKey } plugins(include: $ids) }
}`;
const STORE_SETTINGS_MUTATION = `mutation Stash2PlexStoreSettings($id: ID!, $input: Map!) {
  configurePlugin(plugin_id: $id, input: $input)
}`;

/** An answer with Stash's time of day, in whole seconds, where it was told. */
interface DatedAnswer extends GraphqlAnswer {
  dateMs: number | undefined;
}

/** Connects to the Stash that started this process. */
export function createStashClient(connection: StashConnection, redactor: Redactor): StashClient {
  const http = openStashHttp(connection, redactor);

  const ask = async (document: string, variables: object): Promise<DatedAnswer> => {
    // Loaded with the first question: a task that only looks asks none.
    const { ClientError, GraphQLClient } = await import('graphql-request');
    const client = new GraphQLClient(`${http.baseUrl}/graphql`, { fetch: http.fetch, errorPolicy: 'all' });
    try {
      const answer = await client.rawRequest<Record<string, unknown> | null>(document, variables);
      const { data, errors, headers } = answer;
      return { data: data ?? null, errors: errors ?? [], dateMs: httpDateMs(headers.get('date')) };
    } catch (error) {
      throw error instanceof ClientError ? answeredError(error) : unansweredError(error, http.baseUrl);
    }
  };
  /** @returns the whole answer, with what could not be resolved beside the data. */
  const query = async (document: string, variables: object = {}) => {
    const { data, errors, dateMs } = await ask(document, variables);
    // An error without a path is about the whole request: what is null then may exist all the same (W-46).
    if (!data || errors.some(({ path }) => !path)) {
      throw new StashError('unavailable', 'Stash answered without data; it is asked again.');
    }
    return { data, errors, dateMs };
  };
  /** Whether Stash answers the simplest question. */
  const isThere = () =>
    query(PROBE_QUERY).then(
      () => true,
      () => false,
    );
  const readerOf = (extras: readonly SceneExtra[]): SceneReader => {
    const scenes: SceneReader['scenes'] = async (ids) => {
      if (ids.length === 0) return new Map();
      const { data, errors } = await query(scenesQuery(ids, extras));
      const failed = new Set(errors.map(({ path }) => path?.[0]));
      const entries = ids.flatMap((id): [number, Scene | StashError][] => {
        const alias = `s${id}`;
        if (failed.has(alias)) return [[id, unreadableScene(id)]];
        // Only an explicit null says that there is none.
        if (data[alias] === undefined) throw foreignAnswer(undefined);
        return data[alias] ? [[id, decoded(id, data[alias], extras)]] : [];
      });
      return new Map(entries);
    };
    return { scenes, scenePages: (walk) => walkScenes(walk, { ask, scenes, extras }) };
  };
  return {
    ...readerOf([]),
    reading: readerOf,
    async pluginSettings(pluginId) {
      const { data } = await query(SETTINGS_QUERY, { ids: [pluginId] });
      const parsed = settingsSchema.safeParse(data['configuration']);
      if (!parsed.success) throw foreignAnswer(parsed.error);
      const { general, plugins } = parsed.data;
      http.useApiKey(general.apiKey ?? '');
      return plugins?.[pluginId] ?? {};
    },
    async storePluginSettings(pluginId, settings) {
      const { errors } = await query(STORE_SETTINGS_MUTATION, { id: pluginId, input: settings });
      if (errors.length > 0) throw new StashError('rejected', "Stash could not store the plugin's settings.");
    },
    scenesByFileName: (names) => scenesByFileName(names, ask),
    family: (kind, entries) => findFamily(kind, entries, query),
    async newestUpdate() {
      const page = { sort: 'updated_at', direction: 'DESC', per_page: 1 };
      const { data } = await query(NEWEST_QUERY, { page });
      const parsed = newestSchema.safeParse(data['findScenes']);
      if (!parsed.success) throw foreignAnswer(parsed.error);
      return parsed.data.scenes?.[0]?.updated_at;
    },
    async server() {
      const { data, dateMs } = await query(SERVER_QUERY);
      const server = decodeStashServer(data);
      if (!server) throw foreignAnswer(undefined);
      return { ...server, dateMs };
    },
    randomScenes: (seed, count) => randomScenes({ seed, count }, ask),
    async image(url) {
      try {
        return await readImage(http, url);
      } catch (error) {
        const failure = toStashError(error, http.baseUrl);
        if (isUnavailable(failure) && (await isThere())) throw undeliverable(failure);
        throw failure;
      }
    },
    close: () => http.close(),
  };
}

function isUnavailable(error: unknown): error is StashError {
  return error instanceof StashError && error.kind === 'unavailable';
}

/** What only one picture gets no answer to is its own trouble: however long it lasts, nobody else waits for it. */
function undeliverable(cause: StashError): StashError {
  return new StashError('rejected', 'Stash answers, but does not deliver the image of a scene.', { cause });
}

const newestSchema = z.object({ scenes: z.nullish(z.array(z.object({ updated_at: z.string() }))) });

const settingsSchema = z.object({
  general: z.object({ apiKey: z.nullish(z.string()) }),
  plugins: z.nullish(z.record(z.string(), z.record(z.string(), z.unknown()))),
});

/**
 * One alias per scene: an id that does not exist is a null of its own, while `findScenes(ids:)` would fail as a
 * whole for a single deleted scene.
 */
function scenesQuery(ids: readonly number[], extras: readonly SceneExtra[]): string {
  const aliases = ids.map((id) => `s${id}: findScene(id: ${id}) { ...SceneFields }`).join('\n');
  return `query Stash2PlexScenes {\n${aliases}\n}\n${sceneFields(extras)}`;
}

function decoded(id: number, answer: unknown, extras: readonly SceneExtra[]): Scene | StashError {
  try {
    return decodeScene(answer, extras);
  } catch (cause) {
    return unreadableScene(id, cause);
  }
}

function unreadableScene(id: number, cause?: unknown): StashError {
  return new StashError('rejected', `Stash could not read scene ${id}; see Stash's own log.`, { cause });
}

/** Something answered, but not Stash's API: an empty answer, a login page of a proxy. */
function foreignAnswer(cause: unknown): StashError {
  return new StashError(
    'unavailable',
    "What answers at Stash's address is not its API; a proxy or a login may stand in between.",
    { cause },
  );
}

function unansweredError(error: unknown, baseUrl: string): StashError {
  const translated = toStashError(error, baseUrl);
  return translated instanceof StashError ? translated : foreignAnswer(error);
}

/** Stash answered, but not with data: by status, then by what kind of GraphQL error it is. */
function answeredError(error: ClientError): StashError {
  const { status } = error.response;
  if (status === 401 || status === 403) {
    return new StashError(
      'unauthorized',
      `Stash no longer accepts the session of this process (${status}).`,
      {
        cause: error,
      },
    );
  }
  if (status === 400 || status === 404 || status === 422) {
    return new StashError(
      'rejected',
      `This Stash does not understand the plugin's request (${status}); it may be too old for Stash2Plex.`,
      { cause: error },
    );
  }
  return new StashError('unavailable', `Stash could not answer (status ${status}); it is asked again.`, {
    cause: error,
  });
}
