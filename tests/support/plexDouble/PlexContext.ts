import type { LibraryState } from './LibraryState.ts';
import type { PlexRequest } from './PlexRequest.ts';
import type { PlexSwitches } from './PlexSwitches.ts';
import type { Reply } from './Reply.ts';
import type { Scanner } from './Scanner.ts';
import type { Timeline } from './Timeline.ts';

/** What the routes share. */
export interface PlexContext {
  readonly state: LibraryState;
  readonly scanner: Scanner;
  readonly timeline: Timeline;
  readonly switches: PlexSwitches;
  readonly token: string;
  readonly userToken: string;
  /** Things a client must never do, in words. */
  readonly violations: string[];
}

/** Answers a request; `groups` are the captures of the route's path. */
export type Handler = (request: PlexRequest, context: PlexContext, groups: readonly string[]) => Reply;
