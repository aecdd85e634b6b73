import { PLUGIN_VERSION } from '../config/plugin.ts';
import type { Settings } from '../config/settings.ts';
import { createPlexClient, type PlexClient } from '../plex/PlexClient.ts';
import { openPlexHttp, type PlexHttp } from '../plex/PlexHttp.ts';
import { plexConnection } from '../scene/plexConnection.ts';
import type { WorkBasis } from './prepareWork.ts';

/** Opens the connection to the Plex of the settings; nothing is asked yet. The caller closes `client`. */
export async function openPlex(
  { clock, deviceId, requestLimits }: Pick<WorkBasis, 'clock' | 'deviceId' | 'requestLimits'>,
  settings: Settings,
): Promise<{ client: PlexClient; http: PlexHttp }> {
  const http = openPlexHttp({
    ...plexConnection(settings),
    clientIdentifier: await deviceId(),
    version: PLUGIN_VERSION,
    clock,
  });
  return { client: createPlexClient(http, requestLimits.of(settings.plex_url)), http };
}
