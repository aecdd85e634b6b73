import type { Edit } from '../edit/buildEdit.ts';
import { type EditRequest, pairsOf } from '../edit/EditRequest.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';

/** A field or picture that Plex does not accept. */
export interface Refusal {
  /** Plex's name of the field; `poster` or `background` for a picture. */
  field: string;
  /** What Plex answered. */
  status: number | undefined;
}

/** A request was too long for the way to Plex, and how long one may be is known now: the edit has to be built anew. */
export class LimitFound extends Error {
  override readonly name = 'LimitFound';
  override readonly cause: PlexError;

  constructor(cause: PlexError) {
    super(cause.message);
    this.cause = cause;
  }
}

/**
 * Sends an edit: one PUT in nearly every case. One that Plex refuses is sent again field by field, so that a single field that
 * Plex does not take keeps no other one back (W-37).
 *
 * @param suspects fields with which Plex failed before. They come by themselves, and if one fails again while others do not, it
 *   is that field's data: Plex answers 500 to data that it cannot use (plex-http-api.md 2.8).
 * @param longestEdit the limit by which the edit was built.
 * @returns what was refused, each field once.
 * @throws LimitFound when another limit holds by now.
 * @throws PlexError when Plex fails in another way, or takes nothing at all: then it is not about a field.
 */
export async function writeEdit(
  { requests, clearsRating }: Edit,
  { sectionKey, ratingKey }: PlexItem,
  suspects: readonly string[],
  plex: PlexClient,
  longestEdit: number | undefined,
): Promise<Refusal[]> {
  const errors = new Map<string, PlexError>();
  let refused: PlexError | undefined;
  let hasAccepted = false;
  const sendAlone = async (field: string, send: () => Promise<void>) => {
    const error = await refusalOf(send, suspects.includes(field) ? DATA_REFUSALS : REFUSALS);
    if (error) errors.set(field, error);
    else hasAccepted = true;
  };
  const put = async (request: EditRequest) => {
    try {
      await plex.edit(sectionKey, ratingKey, pairsOf(request));
    } catch (error) {
      const isNews = error instanceof PlexError && error.isTooLong && plex.longestEdit() !== longestEdit;
      throw isNews ? new LimitFound(error) : error;
    }
  };

  for (const request of requests) {
    const [first] = request;
    const error = request.length > 1 ? await refusalOf(() => put(request)) : undefined;
    refused ??= error;
    if (request.length > 1 && !error) hasAccepted = true;
    else if (error) for (const part of request) await sendAlone(part.field, () => put([part]));
    else if (first) await sendAlone(first.field, () => put(request));
  }
  if (clearsRating) await sendAlone('userRating', () => plex.unrate(ratingKey));
  // A server error first: what it befell may be in Plex all the same, while what was refused is not.
  const failure = [...errors.values()].find(({ kind }) => kind === 'serverError') ?? refused;
  if (failure && !hasAccepted) throw failure;
  return [...errors].map(([field, { status }]) => ({ field, status }));
}

/** What Plex does not accept, now or later. */
const REFUSALS: ReadonlySet<PlexErrorKind> = new Set(['rejected']);
const DATA_REFUSALS: ReadonlySet<PlexErrorKind> = new Set(['rejected', 'serverError']);

/** Runs a write and gives Plex's error, if it was one of `kinds`. */
export async function refusalOf(send: () => Promise<void>, kinds = REFUSALS): Promise<PlexError | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (error instanceof PlexError && kinds.has(error.kind)) return error;
    throw error;
  }
}
