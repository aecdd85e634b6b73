import { isUser } from './isUser.ts';
import type { Handler } from './PlexContext.ts';
import { EMPTY_REPLY, errorReply } from './Reply.ts';

/** `PUT` or `GET /:/rate`: 0 to 10, or -1 to take the rating away, for the token's account (row 20, 9.10). */
export const rateItem: Handler = (request, context) => {
  const { state, timeline } = context;
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
  if (isUser(request, context)) {
    record.userRates = value === -1 ? undefined : { rating: value, ratedAt };
  } else if (value === -1) {
    delete record.ratings.userRating;
    record.lastRatedAt = undefined;
  } else {
    record.ratings.userRating = value;
    record.lastRatedAt = ratedAt;
  }
  state.fieldChanged(record, 'userRating');
  return EMPTY_REPLY;
};
