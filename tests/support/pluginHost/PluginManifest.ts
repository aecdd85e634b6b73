/** One entry of `tasks` in a plugin's yml. */
export interface PluginTask {
  readonly name: string;
  readonly description: string;
  readonly execArgs: readonly string[];
  /** Always strings: Stash turns `5` into `"5"` and `true` into `"true"`. */
  readonly defaultArgs: Readonly<Record<string, string>>;
}

/** One entry of `hooks` in a plugin's yml. */
export interface PluginHook extends PluginTask {
  readonly triggeredBy: readonly string[];
}

/** One entry of `settings` in a plugin's yml. */
export interface PluginSetting {
  readonly type: 'STRING' | 'NUMBER' | 'BOOLEAN';
  readonly displayName: string;
  readonly description: string;
}

/** `ui` of a plugin's yml: what Stash's web UI loads of it. Files are relative to the yml. */
export interface PluginUi {
  readonly requires: readonly string[];
  readonly javascript: readonly string[];
  readonly css: readonly string[];
  /** URL prefix below `/plugin/<id>/assets` → folder. */
  readonly assets: Readonly<Record<string, string>>;
  /** Sources that the page's Content-Security-Policy allows in addition. */
  readonly csp: Readonly<Record<'script-src' | 'style-src' | 'connect-src', readonly string[]>>;
}

/** A plugin's yml as Stash decodes it (section 1). */
export interface PluginManifest {
  /** The yml's base name without its last extension. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly version: string;
  readonly interface: 'raw' | 'rpc' | 'js';
  readonly exec: readonly string[];
  readonly errLog: string;
  readonly tasks: readonly PluginTask[];
  readonly hooks: readonly PluginHook[];
  readonly settings: Readonly<Record<string, PluginSetting>>;
  readonly ui: PluginUi;
}
