/** The plugin's id: the base name of its `.yml` file. Stash stores the settings under it. */
export const PLUGIN_ID = 'Stash2Plex';

/** Shown to Plex and in reports; the same as in `package.json` and `Stash2Plex.yml`. */
export const PLUGIN_VERSION = '2.0.0';
