/** Who has to change before a drain can go on. */
export type Obstacle =
  /** Passes by itself: wait and look again. */
  | { kind: 'plexDown' | 'stashDown' | 'localTrouble'; message: string; retryAfterMs?: number | undefined }
  /** The user has to act: token, address, library name, settings. It is looked at again by itself. */
  | {
      kind: 'setup';
      message: string;
      /** Stash no longer accepts this process's session; a process that Stash starts now gets a new one. */
      needsNewSession?: true;
    };
