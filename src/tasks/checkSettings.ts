import { isRecord } from '../config/pluginInput.ts';
import { SETTING_GROUPS, type SettingGroup } from '../config/settingGroups.ts';
import type { ReadSetting, ServerSettings } from '../config/settings.ts';
import type { SettingDefinition } from '../config/settingsTable.ts';
import { settingText } from '../config/settingTexts.ts';
import { counted } from '../log/counted.ts';
import type { SettingsReport, SettingView } from './pageReports.ts';
import { TaskError, type TaskReport } from './Task.ts';
import type { TaskArgs } from './taskArgs.ts';
import type { View } from './View.ts';

/**
 * The view `check_settings`: what is in force with the plugin's map of `settings`, as the sync itself reads it. No secret is among the
 * answers, and nobody is asked.
 *
 * @throws TaskError when `settings` is no such map.
 */
export const checkSettings: View = async (context, args): Promise<TaskReport & SettingsReport> => {
  const stored = settingsArg(args);
  // Loaded here: no other view needs the table of settings, and the library that it is made of.
  const { problemText, readOptional, readServer } = await import('../config/settings.ts');
  const { SETTINGS } = await import('../config/settingsTable.ts');
  const server = readServer(stored, context.env);
  const { plex_token: token, plex_login: login, problems } = server;
  for (const secret of [token, login, login.slice(login.indexOf(':') + 1)]) context.addSecret(secret);
  const optional = readOptional(stored);
  const definitions: Readonly<Record<string, SettingDefinition<unknown>>> = SETTINGS;
  const settings = Object.entries(SETTING_GROUPS).map(([key, group]): SettingView => {
    const definition = definitions[key];
    const read = optional[key];
    return definition && read
      ? optionalView(key, group, definition, read)
      : serverView(key, group, server, stored[key]);
  });
  // What is missing altogether is said by itself.
  const wrong = settings.filter(({ warning }) => warning !== undefined).length - problems.length;
  const remarks = wrong > 0 ? ` There is a remark about ${counted(wrong, 'setting')}.` : '';
  const problem = problems.length > 0 ? problemText(problems) : null;
  return { summary: `${problem ?? 'Stash2Plex is set up.'}${remarks}`, problem, settings };
};

function settingsArg({ settings }: TaskArgs): Record<string, unknown> {
  if (settings === undefined || settings === null) return {};
  if (isRecord(settings)) return settings;
  throw new TaskError('"settings" must be a map of the plugin\'s settings, as Stash stores them.');
}

function textsOf(key: string, group: SettingGroup) {
  return { key, group, ...settingText(key) };
}

function optionalView(
  key: string,
  group: SettingGroup,
  definition: SettingDefinition<unknown>,
  { value, isStored, warning }: ReadSetting,
): SettingView {
  const { default: fallback, minimum, maximum, choices } = definition;
  const shown = (each: unknown) => definition.show?.(each) ?? each;
  return {
    ...textsOf(key, group),
    kind: kindOf(definition),
    value: shown(value),
    default: shown(fallback),
    isStored,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(choices === undefined ? {} : { choices: [...choices] }),
    ...(warning === undefined ? {} : { warning }),
  };
}

function kindOf({ default: value, choices }: SettingDefinition<unknown>): SettingView['kind'] {
  if (choices) return 'choice';
  if (typeof value === 'boolean') return 'switch';
  return typeof value === 'number' ? 'number' : 'text';
}

/** Of the token only whether there is one that can be used. */
function serverView(
  key: string,
  group: SettingGroup,
  { plex_url, plex_token, problems, warnings }: ServerSettings,
  stored: unknown,
): SettingView {
  const problem = problems.find((each) => each.startsWith(`${key}: `));
  const remarks = problem ? [`${problem}.`] : key === 'plex_url' ? warnings : [];
  return {
    ...textsOf(key, group),
    kind: 'text',
    value: key === 'plex_url' ? plex_url : plex_token !== '' && problem === undefined,
    default: '',
    isStored: typeof stored === 'string' && stored.trim() !== '',
    ...(remarks.length > 0 ? { warning: remarks.join(' ') } : {}),
  };
}
