import type { Family } from '../../stash/findFamily.ts';
import type { PathTest } from './pathGlob.ts';

/** What the gates that are switched on go by, with names and patterns looked up; a gate that is not there is open. */
export interface GateRules {
  organized?: true;
  stash_id?: StashIdRule;
  include_tags?: ReadonlySet<number>;
  exclude_tags?: ReadonlySet<number>;
  include_studios?: Family['ids'];
  exclude_studios?: Family['ids'];
  include_paths?: readonly PathTest[];
  exclude_paths?: readonly PathTest[];
  /** From this rating on, 1 to 100. */
  min_rating?: number;
}

/** From which stash-box a link counts: any, or one of these, as {@link boxKey} has them. */
export type StashIdRule = 'any' | ReadonlySet<string>;

/** What tells one stash-box from another: its address without scheme, `/graphql` and letter case. */
export function boxKey(endpoint: string): string {
  return endpoint
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .replace(/\/graphql$/, '');
}
