import { agentRefresh } from './agentRefresh.ts';
import { recordsOf } from './itemDetails.ts';
import type { Handler } from './PlexContext.ts';
import { EMPTY_REPLY, errorReply } from './Reply.ts';
import { percentDecode } from './rawQuery.ts';
import { isReply, sectionOf } from './sectionOf.ts';

/** `GET` or `POST /library/sections/{key}/refresh`: queued, nothing is answered (row 22). */
export const scanSection: Handler = (request, { state, scanner, violations }, [key = '']) => {
  const section = sectionOf(state, key);
  if (isReply(section)) return section;
  // Refreshes the metadata of everything: never to be sent (3.10).
  if (request.parameter('force') === '1') violations.push(`${request.method} ${request.path} with force=1`);
  scanner.scan(section, request.parameter('path'));
  return EMPTY_REPLY;
};

/** `DELETE /library/sections/{key}/refresh`: calls the section's scans off. */
export const cancelScan: Handler = (_request, { state, scanner }, [key = '']) => {
  const section = sectionOf(state, key);
  if (isReply(section)) return section;
  scanner.cancel(section);
  return EMPTY_REPLY;
};

/** `PUT /library/metadata/{ids}/refresh`: the agent goes over the items again (3.10, row 25). */
export const refreshItems: Handler = (_request, { state, switches }, [ids = '']) => {
  const records = recordsOf(state, percentDecode(ids));
  if (records.length === 0) return errorReply(404);
  for (const record of records) agentRefresh(state, record, switches);
  return EMPTY_REPLY;
};
