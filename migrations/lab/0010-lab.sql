-- The lab's small database: which runs exist, how they stand, what people call them. Everything that a person could miss.

CREATE TABLE runs (
  id TEXT PRIMARY KEY,                       -- also the name of its folder
  -- What it was asked to do.
  spec TEXT NOT NULL,                        -- JSON as in spec.json
  experiment TEXT NOT NULL,
  variant TEXT NOT NULL,
  seed INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  target_episodes INTEGER NOT NULL,
  precision TEXT NOT NULL,
  spec_hash TEXT NOT NULL,                   -- of the spec without its seed: equal for the repetitions of one experiment
  -- What people say of it.
  name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  run_group TEXT NOT NULL DEFAULT '',
  protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1)),
  -- How it stands.
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'interrupted')),
  reason_code TEXT,                          -- of failed and interrupted, and of what paused it when no person did
  reason TEXT,
  intent TEXT CHECK (intent IN ('pause', 'stop')), -- what its trainer was asked to do; set while it has not yet done so
  queue_place REAL,                          -- order among the queued; set for these alone
  slot TEXT NOT NULL CHECK (slot IN ('gpu', 'cpu')),
  attempts INTEGER NOT NULL DEFAULT 0,       -- trainers started
  resumes_without_progress INTEGER NOT NULL DEFAULT 0,
  -- Times, milliseconds since 1970.
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,                     -- first trainer
  heard_at_ms INTEGER,                       -- last record of its journal
  ended_at_ms INTEGER,
  trashed_at_ms INTEGER,
  -- What its journal says.
  backend TEXT,
  device TEXT,
  dataset TEXT,                              -- JSON: name, format, sha256, note
  dataset_sha256 TEXT,
  environment TEXT,                          -- JSON
  code_version TEXT,
  pid INTEGER,
  iteration INTEGER NOT NULL DEFAULT 0,
  episodes INTEGER NOT NULL DEFAULT 0,
  seconds REAL NOT NULL DEFAULT 0,
  episodes_per_second REAL,
  loss REAL,                                 -- mean of the latest 300 episodes
  relative_error REAL,
  rss_bytes INTEGER,
  peak_rss_bytes INTEGER,
  picture TEXT,
  spark TEXT NOT NULL DEFAULT '[]',          -- JSON: some 40 values of the loss over the whole run, for lists
  size_bytes INTEGER NOT NULL DEFAULT 0,
  -- How far its journal has been taken over into this database.
  journal_offset INTEGER NOT NULL DEFAULT 0,
  journal_sequence INTEGER NOT NULL DEFAULT 1,
  journal_mark INTEGER NOT NULL DEFAULT 0,   -- CRC-32 of the last bytes before journal_offset: tells whether this is still the same journal
  journal_problem TEXT
) STRICT;

CREATE INDEX runs_by_status ON runs (status, queue_place);
CREATE INDEX runs_by_creation ON runs (created_at_ms);
CREATE INDEX runs_by_dataset ON runs (dataset_sha256);

CREATE TABLE tags (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_by_tag ON tags (tag);

CREATE TABLE checkpoints (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  file TEXT NOT NULL,                        -- relative to the run folder
  kind TEXT NOT NULL CHECK (kind IN ('full', 'weights')),
  iteration INTEGER NOT NULL,
  episodes INTEGER NOT NULL,
  seconds REAL NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  written_at_ms INTEGER NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
  PRIMARY KEY (run_id, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  episodes INTEGER NOT NULL,
  held_out_episodes INTEGER NOT NULL,
  loss REAL NOT NULL,
  relative_error REAL NOT NULL,
  evaluated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (run_id, iteration, held_out_episodes)
) STRICT, WITHOUT ROWID;

-- What happened to a run: its trainer's events and log, and what host and people did.
CREATE TABLE happenings (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  happened_at_ms INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('trainer', 'host', 'person')),
  level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
  name TEXT NOT NULL,                        -- kebab-case: started, rewound, checkpoint-damaged, …
  message TEXT NOT NULL
) STRICT;

CREATE INDEX happenings_by_run ON happenings (run_id, id);

CREATE TABLE snapshots (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  file TEXT NOT NULL,
  name TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  shape TEXT NOT NULL,                       -- JSON
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  written_at_ms INTEGER NOT NULL,
  PRIMARY KEY (run_id, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE datasets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,                 -- JSON: format, counts, classes, licence, fingerprint, …
  format TEXT NOT NULL,
  path TEXT NOT NULL,
  place TEXT NOT NULL CHECK (place IN ('built-in', 'copy', 'in-place')),
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  thumbnails TEXT,                           -- absolute path of a sheet of samples
  added_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE saved_views (
  name TEXT PRIMARY KEY,
  view TEXT NOT NULL,                        -- JSON
  saved_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL                        -- JSON
) STRICT, WITHOUT ROWID;
