import { parseEditForm } from './editForm.ts';
import { refreshes } from './itemDetails.ts';
import type { PlexRequest } from './PlexRequest.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import { isPaged } from './paging.ts';
import { percentDecode } from './rawQuery.ts';

/** How long a request takes before it is handled (6.2). */
export function latencyOf(request: PlexRequest, switches: PlexSwitches): number {
  let ms = switches.latencyMs;
  if (switches.tagWriteLatencyMs > 0 && request.method === 'PUT') {
    ms += switches.tagWriteLatencyMs * tagWrites(request);
  }
  if (switches.localRefreshLatencyMs > 0 && request.method === 'GET' && refreshes(request)) {
    ms += switches.localRefreshLatencyMs * detailsRead(request);
  }
  if (switches.unpagedListLatencyMs > 0 && request.method === 'GET' && isLibraryWalk(request, switches)) {
    ms += switches.unpagedListLatencyMs;
  }
  return ms;
}

function tagWrites(request: PlexRequest): number {
  let writes = 0;
  for (const edit of parseEditForm(request.query).tags.values())
    writes += edit.additions.length + edit.removals.length;
  return writes;
}

/** How many items' details a request asks for. */
function detailsRead(request: PlexRequest): number {
  const [, ids] = /^\/library\/metadata\/([^/]+)\/?$/.exec(request.path) ?? [];
  return ids === undefined ? 0 : percentDecode(ids).split(',').length;
}

/** A listing of a section that comes in one piece; a look-up by file is answered from an index. */
function isLibraryWalk(request: PlexRequest, switches: PlexSwitches): boolean {
  if (!/^\/library\/sections\/\d+\/all\/?$/.test(request.path)) return false;
  return !isPaged(request, switches) && request.parameter('file') === undefined;
}
