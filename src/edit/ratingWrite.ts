/** What happens to an item's rating: a number from 0 to 10 is set, `clear` takes it away. */
export type RatingWrite = number | 'clear' | undefined;

/** What decides about a rating, each from 0 to 10. */
export interface RatingRule {
  /** Plex's own; undefined for none. */
  current: number | undefined;
  /** Null: the scene has none. Undefined: ratings are left alone. */
  wanted: number | null | undefined;
  /** Those that the plugin wrote and that may still be there. */
  ours: readonly number[];
  preservesPlexEdits: boolean;
}

/** Numbers come back with the noise of single precision. */
const NOISE = 0.05;
/** A server that keeps whole numbers is off by this much; its users cannot be, their steps are halves of a star. */
const ROUNDING = 0.5;

/**
 * How the rating gets equal to the scene's (W-35). No stars and none at all look the same in Plex and count as none.
 *
 * A scene without a rating takes away only a rating that the plugin wrote, and not one that a user has put in its place: unlike the
 * other fields, ratings in Plex are usually typed there, by people, and most scenes have none.
 */
export function ratingWrite({ current = 0, wanted, ours, preservesPlexEdits }: RatingRule): RatingWrite {
  if (wanted === undefined || (preservesPlexEdits && current > 0)) return undefined;
  const isRounded = (rating: number) => current > 0 && Math.abs(current - rating) <= ROUNDING;
  if (wanted === null) return ours.some(isRounded) ? 'clear' : undefined;
  if (Math.abs(current - wanted) < NOISE) return undefined;
  // The number of before a write that is not certain is no server's rounding: the write did not take effect.
  const isFormer = ours.some((rating) => rating !== wanted && Math.abs(current - rating) < NOISE);
  return ours.includes(wanted) && isRounded(wanted) && !isFormer ? undefined : wanted;
}
