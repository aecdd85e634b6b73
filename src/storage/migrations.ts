/**
 * The schema, as steps: entry n brings a database from `user_version` n to n + 1. Entries are never changed
 * once released, only added.
 *
 * Times named `…_at_ms` are milliseconds since the epoch. Those of `dead_letters` are SQLite text in UTC with whole
 * seconds, as in the original's file.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Live jobs only: a finished job's row goes away in the transaction that records how it ended.
  CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scene_id INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running')),
    due_at_ms INTEGER NOT NULL,
    enqueued_at_ms INTEGER NOT NULL,
    -- Hand-outs since the last event, counted at hand-out: a job that kills its process does not run for ever (W14).
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Rises with every event; a worker that took an older revision leaves the job to run once more.
    revision INTEGER NOT NULL DEFAULT 1,
    -- Failures of the class last_error_type in a row.
    failures INTEGER NOT NULL DEFAULT 0,
    claim_id TEXT,
    lease_owner TEXT,
    leased_at_ms INTEGER,
    last_error_type TEXT,
    last_error_message TEXT
  ) STRICT;
  -- At most one live job per scene.
  CREATE UNIQUE INDEX jobs_by_scene ON jobs (scene_id);
  CREATE INDEX jobs_by_due_time ON jobs (state, due_at_ms, id);

  CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER,
    scene_id INTEGER,
    job_data BLOB,
    error_type TEXT,
    error_message TEXT,
    stack_trace TEXT,
    retry_count INTEGER,
    failed_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
  );
  CREATE INDEX idx_failed_at ON dead_letters (failed_at);
  CREATE INDEX idx_scene_id ON dead_letters (scene_id);

  -- What is known to be in Plex for a scene. Absent means: never synced.
  CREATE TABLE scene_syncs (
    scene_id INTEGER PRIMARY KEY,
    -- Stash's updated_at of the data that was written, as Stash gave it.
    scene_updated_at TEXT,
    synced_at_ms INTEGER NOT NULL,
    server_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    rating_key TEXT NOT NULL,
    -- JSON: what this plugin wrote last time (names it added, hashes of the images it uploaded).
    written TEXT NOT NULL
  ) STRICT;

  -- One row about the one drainer.
  CREATE TABLE drainer (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- When somebody promised to start one, so that a herd of hooks starts one.
    start_claimed_at_ms INTEGER NOT NULL,
    -- What it waits for, as a sentence for the user.
    obstacle TEXT
  ) STRICT;
  INSERT INTO drainer (id, start_claimed_at_ms) VALUES (1, 0);
  `,
  `
  -- One current entry per scene (W47), with how often the scene was given up since it last succeeded.
  ALTER TABLE dead_letters ADD COLUMN failure_count INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE dead_letters ADD COLUMN first_failed_at TEXT;
  -- When the scene was queued again by a recovery (W32); null while nobody has dealt with the entry.
  ALTER TABLE dead_letters ADD COLUMN recovered_at TEXT;
  UPDATE dead_letters SET first_failed_at = failed_at;
  UPDATE dead_letters AS kept SET
    failure_count = (SELECT count(*) FROM dead_letters AS one WHERE one.scene_id = kept.scene_id),
    first_failed_at = (SELECT min(failed_at) FROM dead_letters AS one WHERE one.scene_id = kept.scene_id)
  WHERE scene_id IS NOT NULL;
  DELETE FROM dead_letters WHERE scene_id IS NOT NULL
    AND id NOT IN (SELECT max(id) FROM dead_letters WHERE scene_id IS NOT NULL GROUP BY scene_id);
  DROP INDEX idx_scene_id;
  -- Nulls are never equal: an entry taken over from elsewhere may lack its scene.
  CREATE UNIQUE INDEX idx_scene_id ON dead_letters (scene_id);
  -- Counts and outage windows, without reading texts and stack traces.
  CREATE INDEX dead_letters_current ON dead_letters (error_type, failed_at, recovered_at)
    WHERE recovered_at IS NULL;

  -- The user cleared the queue while this job was running: it ends with its attempt (W17).
  ALTER TABLE jobs ADD COLUMN cleared INTEGER NOT NULL DEFAULT 0;

  -- What a background process has to tell the user at the next occasion (W48).
  CREATE TABLE background_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    first_at_ms INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    count INTEGER NOT NULL DEFAULT 1,
    UNIQUE (level, text)
  ) STRICT;
  `,
  `
  -- The path index: which files Plex has, by section. Hints for finding an item, never proof (W-05, W-19). A section's
  -- number means something on its server only (W-23).
  CREATE TABLE plex_sections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    server_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    -- Number of the full listing that was begun last.
    listing INTEGER NOT NULL DEFAULT 0,
    -- When a full listing last came to its end, and Plex's time of its last scan then; null: never, unknown.
    listed_at_ms INTEGER,
    scanned_at_secs INTEGER,
    UNIQUE (server_id, section_key)
  ) STRICT;
  CREATE TABLE plex_files (
    id INTEGER PRIMARY KEY,
    section_id INTEGER NOT NULL,
    rating_key TEXT NOT NULL,
    -- As Plex gave it; empty for an item without files.
    path TEXT NOT NULL,
    -- Last component in NFC, letter case folded; for look-ups.
    name TEXT NOT NULL,
    size_bytes INTEGER,
    -- The full listing in which it was seen last; what an ended one has not seen is gone.
    listing INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX plex_files_by_name ON plex_files (section_id, name);
  CREATE INDEX plex_files_by_item ON plex_files (section_id, rating_key);
  `,
  `
  -- Scenes that a reconciliation found to be in Plex as they are in Stash. As long as the three fingerprints stay, nothing has to be
  -- read again (W-60).
  CREATE TABLE verified_scenes (
    scene_id INTEGER PRIMARY KEY,
    server_id TEXT NOT NULL,
    rating_key TEXT NOT NULL,
    -- Of the item as a listing shows it, and of what the settings want it to be.
    item_hash TEXT NOT NULL,
    wanted_hash TEXT NOT NULL,
    -- Stash's updated_at, as Stash gave it: a new cover shows nowhere else.
    scene_updated_at TEXT,
    verified_at_ms INTEGER NOT NULL
  ) STRICT;

  -- Scenes that reconciliations queued and that were never found right since: none is queued for ever (W-53).
  CREATE TABLE reconcile_attempts (
    scene_id INTEGER PRIMARY KEY,
    -- What exactly there was to do, and how often in a row.
    gap_key TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Scenes that a task or a reconciliation queued wait behind those that the user edits one by one.
  ALTER TABLE jobs ADD COLUMN in_bulk INTEGER NOT NULL DEFAULT 0 CHECK (in_bulk IN (0, 1));
  DROP INDEX jobs_by_due_time;
  CREATE INDEX jobs_by_due_time ON jobs (state, in_bulk, due_at_ms, id);
  `,
  `
  -- How many drainers have begun: one that gave its lock back for a while sees whether a younger one has come.
  ALTER TABLE drainer ADD COLUMN starts INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Longest requests that get through to a server, where longer ones are refused by something on the way to it.
  CREATE TABLE request_limits (
    -- As in plex_url, without user and password.
    address TEXT NOT NULL,
    part TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    found_at_ms INTEGER NOT NULL,
    PRIMARY KEY (address, part)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- How far Stash's scenes were looked through for changes that no hook told; no row before the first look.
  CREATE TABLE change_cursor (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Stash's time, and the offset from UTC in which Stash wrote it.
    at_ms INTEGER NOT NULL,
    utc_offset_minutes INTEGER NOT NULL,
    -- What changed before is of the time before the plugin.
    since_ms INTEGER NOT NULL
  ) STRICT;
  -- Changes around the cursor that were noticed already, so that the next look, which overlaps, leaves them alone.
  CREATE TABLE noticed_changes (
    scene_id INTEGER PRIMARY KEY,
    -- Stash's updated_at, as Stash gave it; empty: every one up to the time, because the user cleared the queue then.
    updated_at TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL
  ) STRICT;

  -- How far the hooks of one mutation of many scenes have come, in the order of its ids.
  CREATE TABLE bulk_hooks (
    -- SHA-256 of the input, which is the same for each of them.
    input_hash TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    seen_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A scene may have several items: its files in several, or its folder in several libraries (A3). One row for each.
  CREATE TABLE scene_item_syncs (
    scene_id INTEGER NOT NULL,
    -- Stash's updated_at of the data that was written, as Stash gave it; the same in all rows of a scene when all its items have it.
    scene_updated_at TEXT,
    synced_at_ms INTEGER NOT NULL,
    server_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    rating_key TEXT NOT NULL,
    -- JSON: what this plugin wrote last time (names it added, hashes of the images it uploaded).
    written TEXT NOT NULL,
    UNIQUE (scene_id, server_id, rating_key)
  ) STRICT;
  INSERT INTO scene_item_syncs
    SELECT scene_id, scene_updated_at, synced_at_ms, server_id, section_key, rating_key, written
    FROM scene_syncs ORDER BY scene_id;
  DROP TABLE scene_syncs;
  ALTER TABLE scene_item_syncs RENAME TO scene_syncs;
  CREATE INDEX scene_syncs_by_item ON scene_syncs (rating_key, server_id);

  CREATE TABLE verified_items (
    scene_id INTEGER NOT NULL,
    server_id TEXT NOT NULL,
    rating_key TEXT NOT NULL,
    -- Of the item as a listing shows it, and of what the settings want it to be.
    item_hash TEXT NOT NULL,
    wanted_hash TEXT NOT NULL,
    -- Stash's updated_at, as Stash gave it: a new cover shows nowhere else.
    scene_updated_at TEXT,
    verified_at_ms INTEGER NOT NULL,
    PRIMARY KEY (scene_id, server_id, rating_key)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO verified_items
    SELECT scene_id, server_id, rating_key, item_hash, wanted_hash, scene_updated_at, verified_at_ms
    FROM verified_scenes;
  DROP TABLE verified_scenes;
  ALTER TABLE verified_items RENAME TO verified_scenes;

  -- Items in which more than one scene may have files, and the one scene that writes to each (A2). An ordinary item has no row.
  CREATE TABLE item_owners (
    server_id TEXT NOT NULL,
    rating_key TEXT NOT NULL,
    section_key TEXT NOT NULL,
    -- For the user.
    title TEXT NOT NULL,
    -- Null: no scene may, or (decided at 0) it has to be decided anew.
    owner_id INTEGER,
    -- Fingerprint of the item's files: other ones call for another decision.
    files_key TEXT NOT NULL,
    decided_at_ms INTEGER NOT NULL,
    -- As in scene_syncs: what scenes left that have the item no more, for the next owner.
    written TEXT,
    PRIMARY KEY (server_id, rating_key)
  ) STRICT, WITHOUT ROWID;
  -- The scenes among which was decided, the owner included.
  CREATE TABLE item_scenes (
    scene_id INTEGER NOT NULL,
    server_id TEXT NOT NULL,
    rating_key TEXT NOT NULL,
    PRIMARY KEY (scene_id, server_id, rating_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX item_scenes_by_item ON item_scenes (rating_key, server_id);
  `,
  `
  -- Data folders of the Python plugin that were taken over, and how far that has come.
  CREATE TABLE takeovers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    -- JSON: SHA-256 of each file that was read, by its name in that folder: what is there later may be something else.
    files TEXT NOT NULL,
    -- Where its files are kept.
    backup TEXT NOT NULL,
    begun_at_ms INTEGER NOT NULL,
    -- The last job, dead letter and sync time that are in.
    job_cursor INTEGER NOT NULL DEFAULT 0,
    dead_letter_cursor INTEGER NOT NULL DEFAULT 0,
    sync_cursor INTEGER NOT NULL DEFAULT 0,
    -- JSON: what came of it so far.
    figures TEXT NOT NULL,
    -- When everything was in, and when the files were out of the way.
    imported_at_ms INTEGER,
    finished_at_ms INTEGER,
    -- Whether the user was told which settings mean something else here.
    settings_told INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  -- The one thing in the way of a take-over, and when it was last said.
  CREATE TABLE takeover_notice (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    text TEXT NOT NULL,
    told_at_ms INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Defaults that the plugin stored in Stash by itself, as JSON, and how often it did so in each version: Stash's page shows no defaults
  -- of its own, and a page that was open meanwhile takes them away again.
  CREATE TABLE default_settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
  CREATE TABLE default_setting_writes (
    version TEXT PRIMARY KEY,
    writes INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Plex items that the user has chosen for scenes, where several may hold a file.
  CREATE TABLE chosen_items (
    scene_id INTEGER NOT NULL,
    server_id TEXT NOT NULL,
    rating_key TEXT NOT NULL,
    chosen_at_ms INTEGER NOT NULL,
    PRIMARY KEY (scene_id, server_id, rating_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chosen_items_by_item ON chosen_items (rating_key, server_id);
  `,
  `
  -- What notifications have told, so that no two processes tell the same twice. No row at all: they are off.
  CREATE TABLE notices (
    -- 'on'; 'outage:' and 'recovery:' with the outage's start, 'dead_letters:' with the class, 'attention:' and 'trouble:' with a hash.
    topic TEXT PRIMARY KEY,
    -- When it was first seen.
    seen_at_ms INTEGER NOT NULL,
    -- Null while it was not told.
    told_at_ms INTEGER,
    -- Of dead letters: JSON, up to where they are counted. Of attention: 'gone', or 'again' when it has come back.
    mark TEXT
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Scenes that a gate (a setting "which scenes are synced") held back when they were last looked at.
  CREATE TABLE held_back (
    scene_id INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    held_at_ms INTEGER NOT NULL
  ) STRICT;
  -- How many each gate holds back.
  CREATE INDEX held_back_by_gate ON held_back (gate);
  -- The gates under which they were: other ones call for another look. No row: all open.
  CREATE TABLE gates_in_force (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- What became of scenes, the newest of them: the page inside Stash shows them.
  CREATE TABLE recent_events (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    scene_id INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  -- How many scenes ended how, and how long Plex took for its edits, by minute and by hour.
  CREATE TABLE throughput (
    span_ms INTEGER NOT NULL,
    begins_at_ms INTEGER NOT NULL,
    synced INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    edits INTEGER NOT NULL,
    -- All edits together.
    edits_took_ms REAL NOT NULL,
    PRIMARY KEY (span_ms, begins_at_ms)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What items held before the plugin first changed them, so that they can be restored.
  CREATE TABLE undo_items (
    rating_key TEXT NOT NULL,
    server_id TEXT NOT NULL,
    section_key TEXT NOT NULL,
    -- JSON: the scenes that were written to it.
    scene_ids TEXT NOT NULL,
    first_changed_at_ms INTEGER NOT NULL,
    last_changed_at_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    -- Compressed, see \`packSnapshot\`.
    snapshot BLOB NOT NULL,
    PRIMARY KEY (rating_key, server_id)
  ) STRICT, WITHOUT ROWID;
  `,
];
