import type { Handler } from './PlexContext.ts';
import { EMPTY_REPLY, errorReply } from './Reply.ts';

/** `PUT` or `GET /:/rate`: 0 to 10, or -1 to take the rating away (row 20). */
export const rateItem: Handler = (request, { state, timeline, token, switches }) => {
  const key = request.parameter('key');
  const rating = request.parameter('rating');
  const ratedAt = Number(request.parameter('ratedAt') ?? timeline.nowSecs());
  if (key === undefined || rating === undefined || request.parameter('identifier') === undefined) {
    return errorReply(400);
  }
  const value = /^-?\d+(?:\.\d+)?$/.test(rating) ? Number(rating) : Number.NaN;
  if (value !== -1 && !(value >= 0 && value <= 10)) return errorReply(400);
  if (!(ratedAt <= timeline.nowSecs())) return errorReply(400);
  const record = state.record(key);
  if (record === undefined) return errorReply(404);
  const given = request.option('X-Plex-Token');
  // A rating belongs to the token's user; what another user rates does not show in the admin's library (3.8).
  if (given !== token && switches.requireToken) return EMPTY_REPLY;
  if (value === -1) {
    delete record.ratings.userRating;
    record.lastRatedAt = undefined;
  } else {
    record.ratings.userRating = value;
    record.lastRatedAt = ratedAt;
  }
  state.fieldChanged(record, 'userRating');
  return EMPTY_REPLY;
};
