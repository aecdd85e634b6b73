/**
 * What the page inside Stash asks the plugin for, each through Stash's `runPluginOperation` with the arguments `mode` and those named
 * here, and what it gets. All times are milliseconds since the epoch. Types only: the page and the tasks share them.
 */

/** `mode: dashboard`. Reads the plugin's own files only: no server is asked. */
export interface DashboardReport {
  summary: string;
  version: string;
  atMs: number;
  circuit: {
    state: 'closed' | 'open' | 'half_open';
    openedAtMs: number | null;
    /** When Plex is tried next; null unless the circuit is open. */
    trialAtMs: number | null;
  };
  /** What the background process waits for, as a sentence (a token, an address, a server); null while nothing is in the way. */
  obstacle: string | null;
  isDrainerAlive: boolean;
  /** A mean of Plex's latest answers to edits; null while there were none. */
  plexLatencyMs: number | null;
  queue: {
    due: number;
    waiting: number;
    running: number;
    deadLetters: number;
    /** Scenes that share an item which another scene owns. */
    shared: number;
    /** Scenes that a gate holds back. */
    heldBack: number;
    /** Those that come next, at most ten. */
    next: { sceneId: number; dueAtMs: number; attempts: number; lastError: string | null }[];
  };
  /** Scenes a minute over the last minutes in which any was synced; null while nothing was. */
  ratePerMinute: number | null;
  /** How long the queue takes at this rate; null without one. */
  secsToEmpty: number | null;
  /** The newest first, at most 20. */
  events: DashboardEvent[];
  reconciliation: {
    lastRunAtMs: number | null;
    scope: string | null;
    scenesChecked: number;
    gapsFound: number;
    queued: number;
    lastError: string | null;
  };
  /** The newest first, at most 30. */
  outages: { startedAtMs: number; endedAtMs: number | null; scenesWaited: number | null }[];
  /** The last 24 full or begun hours, the oldest first. */
  throughput: { hourAtMs: number; synced: number; failed: number }[];
}

/** What became of a scene. */
export interface DashboardEvent {
  atMs: number;
  sceneId: number;
  outcome: 'written' | 'unchanged' | 'retry' | 'failed' | 'shared' | 'held_back' | 'skipped';
  /** For the user: the item's title, or why. Empty when there is nothing to say. */
  text: string;
}

/** `mode: failures`, optionally `error_type`, `offset`, `limit` (1–200, of each group). Looks only. */
export interface FailuresReport {
  summary: string;
  total: number;
  /** The largest first. */
  groups: FailureGroup[];
  shared: {
    total: number;
    scenes: { sceneId: number; ownerId: number | null; ratingKey: string; title: string }[];
  };
}

/** Scenes that were given up for one reason. */
export interface FailureGroup {
  errorType: string;
  /** The reason in a few words for a heading: `Not in Plex`. */
  title: string;
  /** What helps. */
  remedy: string;
  count: number;
  firstFailedAtMs: number;
  lastFailedAtMs: number;
  /** The newest first. */
  scenes: {
    sceneId: number | null;
    deadLetterId: number;
    message: string;
    attempts: number;
    failedAtMs: number;
  }[];
}

/** `mode: scene_status`, `scene_id`. Looks only. */
export interface SceneStatusReport {
  summary: string;
  sceneId: number;
  status:
    | 'equal'
    | 'waiting'
    | 'running'
    | 'failed'
    | 'shared'
    | 'held_back'
    | 'not_in_plex'
    /** Its item is again what it was before the plugin changed it. */
    | 'restored'
    | 'never_synced';
  /** Which gate, for `held_back`. */
  gate?: string;
  /** When its job is due, for `waiting`. */
  dueAtMs?: number;
  /** Of the failure, for `failed` and `not_in_plex`, and for `waiting` after a failed attempt. */
  errorType?: string;
  message?: string;
  remedy?: string;
  lastSyncedAtMs?: number;
  /** The scene that owns the item, for `shared`. */
  ownerId?: number;
  /** Plex items that it is synced to; `serverId` is Plex's machineIdentifier, as links into Plex Web need it. */
  items: { serverId: string; ratingKey: string }[];
}

/** `mode: sync_scene`, `scene_id`: queues it at the head and wakes a drainer. `mode: choose_item` with `rating_key` does so as well. */
export interface QueuedReport {
  summary: string;
  queued: number;
}

/** One setting as a form shows it. */
export interface SettingView {
  key: string;
  kind: 'switch' | 'number' | 'text' | 'choice';
  displayName: string;
  description: string;
  group: 'connection' | 'synced' | 'fields' | 'scenes' | 'matching' | 'when' | 'notify' | 'expert';
  /** What is in force with what was given; never a secret. */
  value: unknown;
  default: unknown;
  isStored: boolean;
  minimum?: number;
  maximum?: number;
  choices?: string[];
  /** Why the stored value is not used, or what was mended in it. */
  warning?: string;
}

/** `mode: check_settings`, `settings`: the map as Stash stores it. Looks only, asks nobody. */
export interface SettingsReport {
  summary: string;
  /** What keeps the plugin from working at all; null for nothing. */
  problem: string | null;
  settings: SettingView[];
}

/** `mode: test_connection`, optionally `settings` (a map that is not stored yet): asks Plex. */
export interface ConnectionReport {
  summary: string;
  isReached: boolean;
  isAccepted: boolean;
  isOwner: boolean;
  /** What is wrong, as one sentence with what helps; null for nothing. */
  problem: string | null;
  serverName: string | null;
  plexVersion: string | null;
  serverId: string | null;
  latencyMs: number | null;
  libraries: LibraryView[];
}

export interface LibraryView {
  key: string;
  title: string;
  type: string;
  agent: string;
  /** Null when Plex does not say. */
  items: number | null;
  /** Whether scenes can be synced to it, and whether they are with these settings. */
  isUsable: boolean;
  isSynced: boolean;
}

/** `mode: propose_path_map`, optionally `settings`: matches scenes with Plex. */
export interface PathMapReport {
  summary: string;
  scenesTried: number;
  matched: { path: number; name: number; ambiguous: number; none: number };
  /** The value for `path_map` that would match more; empty when none would. */
  proposal: string;
  pairs: { plex: string; stash: string; scenes: number }[];
  /** Before and after: the scene's path, what it is looked for as now and then, and the item's path. */
  examples: {
    sceneId: number;
    stashPath: string;
    now: string;
    then: string;
    plexPath: string;
    ratingKey: string;
  }[];
  misses: { sceneId: number; stashPath: string; reason: string }[];
}

/** `mode: check_setup`: the task "Check Setup". */
export interface SetupReport {
  summary: string;
  lines: {
    area: string;
    name: string;
    status: 'ok' | 'warning' | 'problem' | 'info';
    text: string;
    remedy?: string;
  }[];
  libraries: LibraryView[];
  pathMap: PathMapReport | null;
  /** To paste into a report of a fault: no token, no cookie, no path. */
  bugReport: string;
}

/** `mode: test_notification`: sends a test to every stored address of `notify_url`. */
export interface NotificationTestReport {
  summary: string;
  /** In the order of the addresses, without those that cannot be used. */
  targets: {
    /** `Discord`, `ntfy`, …, or `JSON` for one of no service that is known. */
    service: string;
    host: string;
    accepted: boolean;
    status: number | null;
    /** What is wrong, as a sentence; null when it was accepted. */
    problem: string | null;
  }[];
  /** What is wrong with the others, each as half a sentence. */
  unusable: string[];
}

/** `mode: preview_sync`, per scene and item: what Stash wants, what Plex has, what Plex has then. */
export interface PreviewField {
  field: string;
  stash: string;
  now: string;
  then: string;
}

/** `mode: explain_scene`, `scene_id`: asks both servers. */
export interface ExplainReport {
  summary: string;
  sceneId: number;
  /** The whole explanation, a sentence each, in reading order. */
  sentences: string[];
  gate: string | null;
  files: { stashPath: string; lookedFor: string; sizeBytes: number | null }[];
  candidates: {
    ratingKey: string;
    serverId: string;
    title: string;
    library: string;
    paths: string[];
    sizeBytes: number | null;
    /** How well its file agrees: `path`, `name and size`, … */
    agreement: string;
    isChosen: boolean;
    reason: string;
  }[];
  /**
   * By item: when it was last right; the fields and pictures that were written the last time anything was, and when that was (null and
   * none where that was not noted, or nothing ever had to be written).
   */
  lastSync: { atMs: number; ratingKey: string; fields: string[]; writtenAtMs: number | null }[];
  /** By item that the next sync would write to or find right; empty when there is none. */
  nextSync: { ratingKey: string; changes: PreviewField[] }[];
  queue: string;
  /** Items that were chosen by hand, the latest first. */
  chosen: { serverId: string; ratingKey: string; chosenAtMs: number }[];
  /** Why Plex could not be asked, or not about everything; null for nothing. What is known locally is told all the same. */
  plexProblem: string | null;
}

/**
 * `mode: restore_items`: which items by `scene_id`, `scene_ids` (with commas), `rating_key`, `since` (`24h`, `7d` or an ISO date) or
 * `all`; `apply` and `force` as "true". Asks Plex.
 */
export interface RestoreReport {
  summary: string;
  applied: boolean;
  /** Why nothing was done, as a sentence with what helps; null for nothing. */
  problem: string | null;
  /** Items that were looked at. */
  selected: number;
  /** Went back, or would. */
  restored: number;
  /** Are as they were. */
  right: number;
  /** Hold nothing but what somebody has put there since. */
  leftAlone: number;
  gone: number;
  failed: number;
  /** Restored scenes that wait to be synced, and will be written again. */
  waiting: number;
  /** Numbers of fields, by the names that Stash users know. */
  fields: Record<string, number>;
  left: Record<string, number>;
  refused: Record<string, number>;
  /** The first of them. */
  items: {
    ratingKey: string;
    item: string;
    sceneIds: number[];
    changes: { field: string; from: string; to: string }[];
    notes: string[];
  }[];
}
