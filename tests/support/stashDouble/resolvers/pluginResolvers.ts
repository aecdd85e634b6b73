import type { PluginManifest } from '../../pluginHost/PluginManifest.ts';
import type { RequestContext } from '../SceneView.ts';
import type { StashState } from '../StashState.ts';

/** `plugins`, as Stash's web UI asks for them. */
export function pluginResolvers({ ui }: StashState) {
  return {
    plugins: (_args: object, { baseUrl }: RequestContext) =>
      (ui.served?.plugins ?? []).map(({ manifest }) => view(manifest, baseUrl)),
  };
}

function view({ id, name, description, version, settings, ui }: PluginManifest, baseUrl: string) {
  const path = (kind: 'javascript' | 'css') =>
    ui[kind].length === 0 ? null : [`${baseUrl}/plugin/${id}/${kind}`];
  const named = Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    id,
    name,
    description,
    version,
    enabled: true,
    settings: named.map(([key, { displayName, description: about, type }]) => ({
      name: key,
      display_name: displayName,
      description: about,
      type,
    })),
    requires: ui.requires,
    paths: { javascript: path('javascript'), css: path('css') },
  };
}
