import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { Edit } from '../sync/buildEdit.ts';
import { type EditRequest, pairsOf } from '../sync/EditRequest.ts';

/** A field or picture that Plex does not accept. */
export interface Refusal {
  /** Plex's name of the field; `poster` or `background` for a picture. */
  field: string;
  /** What Plex answered. */
  status: number | undefined;
}

/**
 * Sends an edit: one PUT in nearly every case. One that Plex refuses is sent again field by field, so that a single field that
 * Plex does not take keeps no other one back (W-37).
 *
 * @returns what was refused, each field once.
 * @throws PlexError when Plex fails in another way, or refuses every single field of the first PUT: then it is not about a field.
 */
export async function writeEdit(
  { requests, clearsRating }: Edit,
  { sectionKey, ratingKey }: PlexItem,
  plex: PlexClient,
): Promise<Refusal[]> {
  const refusals = new Map<string, Refusal>();
  let hasAccepted = false;
  const isAccepted = async (field: string, send: () => Promise<void>): Promise<boolean> => {
    const error = await refusalOf(send);
    if (error) refusals.set(field, { field, status: error.status });
    else hasAccepted = true;
    return !error;
  };
  const put = (request: EditRequest) => plex.edit(sectionKey, ratingKey, pairsOf(request));

  for (const request of requests) {
    const [first, second] = request;
    if (!first) continue;
    if (!second) {
      await isAccepted(first.field, () => put(request));
      continue;
    }
    const error = await refusalOf(() => put(request));
    if (!error) {
      hasAccepted = true;
      continue;
    }
    for (const part of request) await isAccepted(part.field, () => put([part]));
    if (!hasAccepted) throw error;
  }
  if (clearsRating) await isAccepted('userRating', () => plex.unrate(ratingKey));
  return [...refusals.values()];
}

/** Runs a write and gives Plex's refusal, if it was one. */
export async function refusalOf(send: () => Promise<void>): Promise<PlexError | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (error instanceof PlexError && error.kind === 'rejected') return error;
    throw error;
  }
}
