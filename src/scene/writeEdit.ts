import type { Edit } from '../edit/buildEdit.ts';
import { type EditRequest, type FieldPart, fits, pairsOf } from '../edit/EditRequest.ts';
import { withoutSortTitle } from '../edit/sortTitle.ts';
import type { PlexClient } from '../plex/PlexClient.ts';
import { PlexError, type PlexErrorKind } from '../plex/PlexError.ts';
import type { PlexItem } from '../plex/PlexItem.ts';
import type { QueryPairs } from '../plex/queryString.ts';

/** A field or picture that Plex does not accept. */
export interface Refusal {
  /** Plex's name of the field; `poster` or `background` for a picture. */
  field: string;
  /** What Plex answered. */
  status: number | undefined;
  /** Size of a picture. */
  sizeBytes?: number;
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

/** How an edit is sent. */
export interface WriteOptions {
  plex: PlexClient;
  /**
   * Fields that Plex refused before, alone. They come by themselves, and if one fails again while others do not, it is that field's
   * data: Plex answers 500 to data that it cannot use (plex-http-api.md 2.8).
   */
  suspects: readonly string[];
  /** Whether there is reason to believe that a refusal is about a field. Without, it may be about everything. */
  takesApart: boolean;
  /** Called when an edit is taken apart for that reason. */
  onApart?: () => void;
  /** The limit by which the edit was built. */
  longestEdit?: number | undefined;
  /** Parameters that go along with the fields where there is room, and are left out where fields are sent one by one. */
  riders?: QueryPairs;
}

/**
 * Sends an edit: one PUT in nearly every case. One that Plex refuses is sent again field by field where that is of use, so that a single
 * field that Plex does not take keeps no other one back (W-37).
 *
 * @returns what was refused, each field once.
 * @throws LimitFound when another limit holds by now.
 * @throws PlexError when Plex fails in another way, or takes nothing at all: then it is not about a field.
 */
export async function writeEdit(
  { requests, clearsRating }: Pick<Edit, 'requests' | 'clearsRating'>,
  { sectionKey, ratingKey }: PlexItem,
  { plex, suspects, takesApart, onApart = () => {}, longestEdit, riders = [] }: WriteOptions,
): Promise<Refusal[]> {
  const errors = new Map<string, PlexError>();
  let refused: PlexError | undefined;
  let hasAccepted = false;
  const sendAlone = async (field: string, send: () => Promise<void>) => {
    const isDoubted = takesApart || suspects.includes(field);
    const error = await refusalOf(send, isDoubted ? DATA_REFUSALS : REFUSALS);
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
  /** Of several fields together. Where something else was accepted just before, a refusal is about one of them. */
  const sendTogether = (request: EditRequest) => {
    const kinds = takesApart ? DATA_REFUSALS : hasAccepted ? REFUSALS : NONE;
    return refusalOf(() => put(request), kinds);
  };

  const carrier = carrierOf(requests, suspects, riders);
  for (const request of requests) {
    const [first] = request;
    const together = request === carrier ? [...request, { field: '', pairs: riders }] : request;
    const error = together.length > 1 ? await sendTogether(together) : undefined;
    refused ??= error;
    if (together.length > 1 && !error) hasAccepted = true;
    else if (error) {
      onApart();
      for (const part of request) await sendAlone(part.field, () => put([part]));
    } else if (first) await sendAlone(first.field, () => put(request));
  }
  if (clearsRating) await sendAlone('userRating', () => plex.unrate(ratingKey));
  // Not where Plex takes nothing at all.
  const plain =
    hasAccepted || (takesApart && errors.size === 1) ? withoutRefusedSort(requests, errors) : undefined;
  if (plain) {
    errors.delete(plain.field);
    await sendAlone(plain.field, () => put([plain]));
  }
  if (hasAccepted || errors.size === 0) return refusalsOf(errors);
  // A server error first: what it befell may be in Plex all the same, while what was refused is not.
  const failure = [...errors.values()].find(({ kind }) => kind === 'serverError') ?? refused;
  const isKnown = [...errors.keys()].every((field) => suspects.includes(field));
  const isOneField = takesApart && errors.size === 1;
  if (failure || !(isKnown || isOneField)) throw failure ?? [...errors.values()][0];
  return refusalsOf(errors);
}

function refusalsOf(errors: ReadonlyMap<string, PlexError>): Refusal[] {
  return [...errors].map(([field, { status }]) => ({ field, status }));
}

/** The request that takes further parameters along: not one that has failed before, which may fail for what it says itself. */
function carrierOf(
  requests: readonly EditRequest[],
  suspects: readonly string[],
  riders: QueryPairs,
): EditRequest | undefined {
  if (riders.length === 0) return undefined;
  return requests.find(
    (request) =>
      request.every(({ field }) => !suspects.includes(field)) && fits([...pairsOf(request), ...riders]),
  );
}

/** A refused title without the sort title that went along: it may be the only thing that Plex does not take. */
function withoutRefusedSort(
  requests: readonly EditRequest[],
  errors: ReadonlyMap<string, PlexError>,
): FieldPart | undefined {
  const refused = requests.flat().filter(({ field }) => errors.has(field));
  return refused.map(withoutSortTitle).find((part) => part !== undefined);
}

/** What Plex does not accept, now or later. */
const REFUSALS: ReadonlySet<PlexErrorKind> = new Set(['rejected']);
/** What one field's data may bring about: Plex fails at it, or something on the way to Plex objects to it. */
const DATA_REFUSALS: ReadonlySet<PlexErrorKind> = new Set(['rejected', 'serverError', 'unauthorized']);
const NONE: ReadonlySet<PlexErrorKind> = new Set();

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
