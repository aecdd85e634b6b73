import React, { type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { ask, configuration } from './ask.ts';
import { patched } from './patch.ts';

type PluginMaps = Record<string, Record<string, unknown>>;

/** A plugin as the settings page lists it. */
export interface ListedPlugin {
  id: string;
  name: string;
  settings: { name: string; display_name: string; description: string; type: string }[];
}

const SAVE_DELAY_MS = 500;
const CONFIGURE = `mutation ($id: ID!, $input: Map!) { configurePlugin(plugin_id: $id, input: $input) }`;

const Context = React.createContext<
  | { plugins: PluginMaps; savePluginSettings: (id: string, input: Record<string, unknown>) => void }
  | undefined
>(undefined);

/** Throws outside of the settings pages, as Stash's. */
export function useSettings() {
  const value = useContext(Context);
  if (!value) throw new Error('useSettings must be used within a SettingsContext');
  return value;
}

/** Reads the configuration once, when it is opened, and sends its copy of all plugins' maps after each edit. */
export function SettingsContext({ children }: { children: ReactNode }) {
  const [plugins, setPlugins] = useState<PluginMaps>();
  const timer = useRef(0);
  const isFirst = useRef(true);
  useEffect(() => {
    configuration.read().then(setPlugins);
  }, []);
  useEffect(() => {
    if (!plugins) return;
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    timer.current = window.setTimeout(async () => {
      for (const [id, input] of Object.entries(plugins)) await ask(CONFIGURE, { id, input });
      await configuration.fetch();
    }, SAVE_DELAY_MS);
    return () => window.clearTimeout(timer.current);
  }, [plugins]);
  if (!plugins) return null;
  const savePluginSettings = (id: string, input: Record<string, unknown>) =>
    setPlugins((known) => ({ ...known, [id]: input }));
  return <Context.Provider value={{ plugins, savePluginSettings }}>{children}</Context.Provider>;
}

/** The block of one plugin's settings, as it is without patches. */
const PluginSettings = patched<{ pluginID: string; settings: ListedPlugin['settings'] }>(
  'PluginSettings',
  ({ pluginID, settings }) => {
    const { plugins, savePluginSettings } = useSettings();
    const stored = plugins[pluginID] ?? {};
    const store = (name: string, value: unknown) =>
      savePluginSettings(pluginID, { ...stored, [name]: value });
    return (
      <div className="plugin-settings">
        {settings.map(({ name, display_name: words, type }) => (
          <div className="setting" key={name}>
            <label htmlFor={`plugin-${pluginID}-${name}`}>{words || name}</label>
            <input
              id={`plugin-${pluginID}-${name}`}
              type={type === 'BOOLEAN' ? 'checkbox' : 'text'}
              checked={stored[name] === true}
              value={type === 'BOOLEAN' ? 'on' : String(stored[name] ?? '')}
              onChange={({ target }) => store(name, type === 'BOOLEAN' ? target.checked : target.value)}
            />
          </div>
        ))}
      </div>
    );
  },
);

/** *Settings > Plugins*. */
export function SettingsPage({ plugins }: { plugins: ListedPlugin[] }) {
  return (
    <SettingsContext>
      <div id="settings-container" className="setting-section">
        <h1>Plugins</h1>
        <div className="card">
          {plugins.map(({ id, name, settings }) => (
            <div className="setting-group" key={id}>
              <h3>{name}</h3>
              <PluginSettings pluginID={id} settings={settings} />
            </div>
          ))}
        </div>
      </div>
    </SettingsContext>
  );
}
