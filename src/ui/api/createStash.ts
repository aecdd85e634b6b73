import { mergeSettings, type SettingsChanges, type StoredSettings } from '../setup/mergeSettings.ts';
import { StashTrouble } from './StashTrouble.ts';

const PLUGIN_ID = 'Stash2Plex';
const LOGIN_STATUS = new Set([401, 403]);

/** Stash, as far as this page needs it. Everything rejects with {@link StashTrouble}. */
export interface Stash {
  /** Runs one of the plugin's operations: one process. Resolves with its report. */
  operation<Report>(args: { mode: string; [name: string]: unknown }): Promise<Report>;
  /** The plugin's settings as they are stored. */
  settings(): Promise<StoredSettings>;
  /** Stores changes on top of what is stored by then; resolves with all of it. */
  changeSettings(changes: SettingsChanges): Promise<StoredSettings>;
  /** Puts a task of the plugin into Stash's queue of jobs. */
  runTask(name: string): Promise<void>;
}

/** The part of an answer of `fetch` that is looked at. */
export interface Answer {
  status: number;
  json(): Promise<unknown>;
}

export interface StashOptions {
  /** Posts a JSON text to Stash's GraphQL address. */
  post(body: string): Promise<Answer>;
  /** Called when settings were stored behind the back of Stash's own pages. */
  onStored(): void;
}

const OPERATION = `mutation Stash2PlexOperation($plugin: ID!, $args: Map) {
  runPluginOperation(plugin_id: $plugin, args: $args)
}`;
const TASK = `mutation Stash2PlexTask($plugin: ID!, $task: String!) {
  runPluginTask(plugin_id: $plugin, task_name: $task)
}`;
const SETTINGS = `query Stash2PlexSettings($plugin: ID!) { configuration { plugins(include: [$plugin]) } }`;
const CONFIGURE = `mutation Stash2PlexConfigure($plugin: ID!, $input: Map!) {
  configurePlugin(plugin_id: $plugin, input: $input)
}`;

/** Stash behind its GraphQL API: the page's only way out (protocol section 18: `connect-src 'self'`). */
export function createStash({ post, onStored }: StashOptions): Stash {
  const ask = async (query: string, variables: object): Promise<Record<string, unknown>> =>
    dataOf(await answered(post, JSON.stringify({ query, variables: { plugin: PLUGIN_ID, ...variables } })));
  const settings = async () => {
    const { configuration } = await ask(SETTINGS, {});
    const plugins = isRecord(configuration) ? configuration['plugins'] : undefined;
    const stored = isRecord(plugins) ? plugins[PLUGIN_ID] : undefined;
    // An id with nothing stored is left out.
    return isRecord(stored) ? stored : {};
  };
  return {
    settings,
    async operation<Report>(args: object) {
      const { runPluginOperation: report } = await ask(OPERATION, { args });
      if (!isRecord(report)) {
        throw new StashTrouble(
          'The plugin gave an answer that this page does not know: reload the page after an update.',
        );
      }
      return report as Report;
    },
    async changeSettings(changes) {
      // Stash replaces all of a plugin's settings: whatever somebody stored meanwhile has to be in it.
      const input = mergeSettings(await settings(), changes);
      const { configurePlugin: stored } = await ask(CONFIGURE, { input });
      onStored();
      return isRecord(stored) ? stored : input;
    },
    async runTask(task) {
      await ask(TASK, { task });
    },
  };
}

async function answered(post: StashOptions['post'], body: string): Promise<unknown> {
  let answer: Answer;
  try {
    answer = await post(body);
  } catch {
    throw new StashTrouble('Stash does not answer: is it still running?');
  }
  if (LOGIN_STATUS.has(answer.status)) {
    throw new StashTrouble('Stash wants you to log in again: reload the page.');
  }
  try {
    return await answer.json();
  } catch {
    throw new StashTrouble(
      `Stash answered with status ${answer.status} and no data: reload the page, and look at its log.`,
    );
  }
}

/** Errors of the plugin come with status 200 and their sentence. */
function dataOf(body: unknown): Record<string, unknown> {
  const { errors, data } = isRecord(body) ? body : {};
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (isRecord(first)) throw new StashTrouble(sentence(String(first['message'] ?? 'Stash refused that.')));
  if (!isRecord(data)) throw new StashTrouble('Stash gave an empty answer: reload the page.');
  return data;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
